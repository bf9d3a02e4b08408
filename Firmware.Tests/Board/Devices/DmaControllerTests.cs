using System;
using Carveout.Board.Devices;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Devices
{
    /// <summary>What every controller refuses before it touches anything, and what it lets through.</summary>
    [TestClass]
    public class DmaControllerTests
    {
        private const uint Source = 0x20000000, Destination = 0xC0000000;

        private static readonly FakeCompletion s_completion = new FakeCompletion();

        private static FakeDmaController Controller()
        {
            return new FakeDmaController(2, 4092, 4);
        }

        private static Exception Copy(FakeDmaController controller, int channel, uint source, int length, uint destination, int room)
        {
            return Thrown.By(() => controller.StartCopy(channel, new uint[] { source }, new int[] { length }, 1, new uint[] { destination },
                new int[] { room }, 1, s_completion));
        }

        private static void CheckRefused(FakeDmaController controller, Exception thrown, Type type, string expected)
        {
            Assert.IsNotNull(thrown, "expected a refusal: " + expected);
            Assert.IsTrue(thrown.GetType() == type, thrown.Message);
            Assert.Contains(expected, thrown.Message);
            Assert.AreEqual(0, controller.Started);
        }

        [TestMethod]
        public void A_copy_that_is_in_order_is_started()
        {
            FakeDmaController controller = Controller();
            controller.StartCopy(1, new uint[] { Source, Source + 8, 4 }, new int[] { 8, 4092, 4 }, 2, new uint[] { Destination, 0xFFFFFFFC },
                new int[] { 4096 - 4092 + 4088, 8 }, 1, s_completion.Calls == 0 ? s_completion : null, 4100);
            Assert.AreEqual(1, controller.Started);
        }
    }
}
