using System;
using Carveout.Board;
using Carveout.Board.Devices;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Devices
{
    /// <summary>What every controller refuses before it touches anything, and what it lets through.</summary>
    [TestClass]
    public class DmaControllerTests
    {
        private const uint Source = 0x20000000, Destination = 0xC0000000;

        private static FakeDmaController Controller()
        {
            return new FakeDmaController(2, 4092, 4);
        }

        private static Exception Copy(FakeDmaController controller, int channel, uint source, int length, uint destination, int room)
        {
            return Thrown.By(() => controller.StartCopy(channel, new uint[] { source }, new int[] { length }, 1, new uint[] { destination },
                new int[] { room }, 1, new FakeCompletion()));
        }

        private static void CheckRefused(FakeDmaController controller, Exception thrown, Type type, string expected)
        {
            Assert.IsNotNull(thrown, "expected a refusal: " + expected);
            Assert.IsTrue(thrown.GetType() == type, thrown.GetType().Name + ": " + thrown.Message);
            Assert.Contains(expected, thrown.Message);
            Assert.AreEqual(0, controller.Started);
        }

        [TestMethod]
        public void A_copy_in_order_is_started_with_its_bytes_added_up()
        {
            FakeDmaController controller = Controller();
            controller.StartCopy(1, new uint[] { Source, Source + 8, 0 }, new int[] { 8, 4092, 0 }, 2, new uint[] { Destination, 0xFFFFFFF8 },
                new int[] { 4092, 8 }, 2, new FakeCompletion());
            Assert.AreEqual(1, controller.Started);
            Assert.AreEqual(4100, controller.Total);
            Assert.IsTrue(controller.IsBusy(0));
            controller.Poll();
            Assert.IsFalse(controller.IsBusy(0));
        }

        [TestMethod]
        public void A_device_transfer_knows_its_request_line_and_direction()
        {
            FakeDmaController controller = Controller();
            controller.StartToDevice(0, 5, new uint[] { Source }, new int[] { 64 }, 1, new FakeCompletion());
            Assert.IsTrue(controller.ToDevice);
            Assert.AreEqual(5, controller.Request);
            controller.Poll();
            controller.StartFromDevice(0, 5, new uint[] { Source }, new int[] { 32 }, 1, new FakeCompletion());
            Assert.IsFalse(controller.ToDevice);
            Assert.AreEqual(32, controller.Total);
        }

        [TestMethod]
        public void An_abort_reaches_the_channel()
        {
            FakeDmaController controller = Controller();
            controller.Abort(1);
            Assert.AreEqual(1, controller.Ended);
            Assert.Contains("channel 2: expected 0 to 1", Thrown.By(() => controller.Abort(2)).Message);
            Assert.Contains("channel -1", Thrown.By(() => controller.IsBusy(-1)).Message);
        }

        [TestMethod]
        public void A_channel_that_is_none_or_busy_is_refused()
        {
            FakeDmaController controller = Controller();
            CheckRefused(controller, Copy(controller, 2, Source, 4, Destination, 4), typeof(ArgumentOutOfRangeException), "dma1: channel 2");
            CheckRefused(controller, Copy(controller, -1, Source, 4, Destination, 4), typeof(ArgumentOutOfRangeException), "dma1: channel -1");
            controller.IsTaken = true;
            CheckRefused(controller, Copy(controller, 0, Source, 4, Destination, 4), typeof(InvalidOperationException), "channel 0 is busy");
        }

        [TestMethod]
        public void A_descriptor_that_the_engine_cannot_take_is_refused_by_number_and_address()
        {
            FakeDmaController controller = Controller();
            Type argument = typeof(ArgumentException);
            CheckRefused(controller, Copy(controller, 0, Source + 2, 4, Destination, 4), argument,
                "descriptor 0, 4 bytes at " + HexText.Of(Source + 2));
            CheckRefused(controller, Copy(controller, 0, Source, 4, Destination + 1, 4), argument, HexText.Of(Destination + 1));
            CheckRefused(controller, Copy(controller, 0, Source, 6, Destination, 6), argument, "6 bytes");
            CheckRefused(controller, Copy(controller, 0, Source, 0, Destination, 0), argument, "0 bytes");
            CheckRefused(controller, Copy(controller, 0, Source, -4, Destination, -4), argument, "-4 bytes");
            CheckRefused(controller, Copy(controller, 0, Source, 4096, Destination, 4096), argument, "expected 1 to 4092 bytes");
            CheckRefused(controller, Copy(controller, 0, 0, 4, Destination, 4), argument, "not at 0");
            CheckRefused(controller, Copy(controller, 0, 0xFFFFFFFC, 8, Destination, 8), argument, "below 4 GiB");
            CheckRefused(controller, Copy(controller, 0, Source, 8, Destination, 4), argument, "8 bytes from " + HexText.Of(Source) + " to 4 bytes");
        }

        [TestMethod]
        public void Chains_that_are_none_are_refused()
        {
            FakeDmaController controller = Controller();
            var address = new uint[] { Source };
            var length = new int[] { 4 };
            var completion = new FakeCompletion();
            CheckRefused(controller, Thrown.By(() => controller.StartToDevice(0, 5, null, length, 1, completion)),
                typeof(ArgumentNullException), "addresses");
            CheckRefused(controller, Thrown.By(() => controller.StartToDevice(0, 5, address, null, 1, completion)),
                typeof(ArgumentNullException), "lengths");
            CheckRefused(controller, Thrown.By(() => controller.StartToDevice(0, 5, address, length, 1, null)),
                typeof(ArgumentNullException), "completion");
            Type range = typeof(ArgumentOutOfRangeException);
            CheckRefused(controller, Thrown.By(() => controller.StartToDevice(0, 5, address, length, 0, completion)),
                range, "0 descriptors");
            CheckRefused(controller, Thrown.By(() => controller.StartToDevice(0, 5, address, length, 2, completion)),
                range, "2 descriptors: expected 1 to 1");
            CheckRefused(controller, Thrown.By(() => controller.StartToDevice(0, 6, address, length, 1, completion)),
                range, "request line 6");
        }

        [TestMethod]
        public void A_chain_of_more_bytes_than_can_be_counted_is_refused()
        {
            var controller = new FakeDmaController(1, 0x40000000, 4);
            var addresses = new uint[] { Source, Source };
            var lengths = new int[] { 0x40000000, 0x40000000 };
            CheckRefused(controller, Thrown.By(() => controller.StartToDevice(0, 5, addresses, lengths, 2, new FakeCompletion())),
                typeof(ArgumentOutOfRangeException), "2147483648 bytes in all");
        }

        [TestMethod]
        public void A_controller_that_is_none_is_refused()
        {
            Assert.Contains("0 channels", Thrown.By(() => new FakeDmaController(0, 4092, 4)).Message);
            Assert.Contains("3: expected a power of two", Thrown.By(() => new FakeDmaController(1, 4092, 3)).Message);
            Assert.Contains("0: expected a power of two", Thrown.By(() => new FakeDmaController(1, 4092, 0)).Message);
            Assert.Contains("4095 bytes a descriptor", Thrown.By(() => new FakeDmaController(1, 4095, 4)).Message);
            Assert.Contains("0 bytes a descriptor", Thrown.By(() => new FakeDmaController(1, 0, 4)).Message);
        }
    }
}
