using System;
using Carveout.Board;
using Carveout.Firmware.Tests.Video.Devices;
using Carveout.Memory;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video
{
    /// <summary>What streams need, and by how much a board falls short.</summary>
    [TestClass]
    public class ContractTests
    {
        private static readonly VideoFormat s_odd = new VideoFormat(50, 50, PixelFormat.RGB565);

        private static VideoBench s_bench;
        private static Contract s_contract;

        [TestMethod]
        public void What_fits_is_said_yes_to_and_nothing_is_taken()
        {
            New();
            VideoStream stream = Declare("camera", s_bench.CameraDma, 4);
            Assert.IsTrue(s_contract.Check());
            Assert.AreEqual("", s_contract.Refusal);
            Assert.AreEqual(VideoBench.Pages, s_bench.FreePages);
            Assert.AreEqual(8192L, stream.BufferBytes);
            Assert.AreEqual(32768L, stream.Bytes);
            Assert.AreEqual(32768L, s_contract.Bytes);
            Assert.AreEqual("DMA", stream.Place);
            Assert.AreEqual(0L, stream.MissingBytes);
            Assert.AreSame(stream, s_contract.StreamAt(0));
            Assert.AreEqual("camera: 50x50 RGB565, 100 bytes a line, 5000 bytes, 30 fps, 4 buffers of 8192 bytes, 32768 in DMA, 150000 bytes"
                + " a second\n", s_contract.ToText());
        }

        [TestMethod]
        public void What_is_missing_is_said_by_stream_and_zone()
        {
            New();
            Declare("camera", s_bench.CameraDma, 10);
            Declare("display", s_bench.DisplayDma, 10);
            Assert.IsFalse(s_contract.Check());
            Assert.AreEqual("display: 10 buffers of 5000 bytes need 81920 bytes in DMA, 65536 are free: 16384 bytes are missing",
                s_contract.Refusal);
            uint taken = s_bench.Allocator.AllocPagesExact(GfpFlags.Dma, 20 * 4096, 4096, 0);
            Assert.IsFalse(s_contract.Check());
            Assert.AreEqual("camera: 10 buffers of 5000 bytes need 81920 bytes in DMA, 65536 are free: 16384 bytes are missing\n"
                + "display: 10 buffers of 5000 bytes need 81920 bytes in DMA, 0 are free: 81920 bytes are missing", s_contract.Refusal);
            Assert.AreEqual(16384L, s_contract.StreamAt(0).MissingBytes);
            Assert.AreEqual(65536L, s_contract.StreamAt(0).FreeBytes);
            s_bench.Allocator.FreePages(taken);
            Assert.IsFalse(s_contract.Check());
        }

        [TestMethod]
        public void What_the_watermark_keeps_is_not_free()
        {
            New();
            Declare("camera", s_bench.CameraDma, 18);
            Assert.IsTrue(s_contract.Check());
            s_bench.Allocator.SetReserves(1, 0);
            Assert.IsFalse(s_contract.Check());
            Assert.Contains("143360 are free: 4096 bytes are missing", s_contract.Refusal);
        }

        [TestMethod]
        public void Buffers_are_rounded_as_they_will_be_allocated()
        {
            New();
            var triple = new VideoFormat(64, 96, PixelFormat.RGB565);
            DmaDevice keep = VideoBench.NewDevice("keep", DmaEngines.General), trim = VideoBench.NewDevice("trim", DmaEngines.General);
            DmaDevice pooled = VideoBench.NewDevice("pooled", DmaEngines.General);
            s_bench.Dma.Attach(keep, DmaTail.Keep, null);
            s_bench.Dma.Attach(trim, DmaTail.Trim, null);
            s_bench.Dma.Attach(pooled, DmaTail.Pool, new ReservedPool("frames", VideoBench.User, 16000, 3));
            Assert.AreEqual(16384L, s_contract.Declare("keep", keep, triple, 2, 30, DmaDirection.ToDevice).BufferBytes);
            Assert.AreEqual(12288L, s_contract.Declare("trim", trim, triple, 2, 30, DmaDirection.ToDevice).BufferBytes);
            VideoStream stream = s_contract.Declare("one", pooled, triple, 2, 30, DmaDirection.ToDevice);
            Assert.AreEqual(16000L, stream.BufferBytes);
            Assert.AreEqual("pool frames", stream.Place);
            Assert.IsTrue(s_contract.Check());
            s_contract.Declare("two", pooled, triple, 2, 30, DmaDirection.ToDevice);
            Assert.IsFalse(s_contract.Check());
            Assert.AreEqual("two: 2 buffers of 12288 bytes need 32000 bytes in pool frames, 16000 are free: 16000 bytes are missing",
                s_contract.Refusal);
        }

        [TestMethod]
        public void A_device_that_reaches_nothing_gets_nothing()
        {
            New();
            DmaDevice none = VideoBench.NewDevice("none", DmaEngines.Mdma);
            s_bench.Dma.Attach(none);
            Declare("camera", none, 2);
            Assert.IsFalse(s_contract.Check());
            Assert.AreEqual("camera: 2 buffers of 5000 bytes need 16384 bytes in no zone, 0 are free: 16384 bytes are missing",
                s_contract.Refusal);
        }

        [TestMethod]
        public void A_stream_that_is_none_is_refused()
        {
            New();
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Contract(null));
            Assert.ThrowsException(typeof(ArgumentNullException), () => Declare(null, s_bench.CameraDma, 4));
            Assert.ThrowsException(typeof(ArgumentNullException), () => Declare("camera", null, 4));
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_contract.Declare("camera", s_bench.CameraDma, null, 4, 30,
                DmaDirection.FromDevice));
            Assert.Contains("camera: 1 buffers: expected 2 to 30", Thrown.By(() => Declare("camera", s_bench.CameraDma, 1)).Message);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => Declare("camera", s_bench.CameraDma, 31));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_contract.Declare("camera", s_bench.CameraDma, s_odd, 4, 0,
                DmaDirection.FromDevice));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_contract.Declare("camera", s_bench.CameraDma, s_odd, 4, 30,
                (DmaDirection)3));
            Assert.ThrowsException(typeof(InvalidOperationException), () => Declare("camera",
                VideoBench.NewDevice("loose", DmaEngines.General), 4));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_contract.StreamAt(0));
            for (int i = 0; i < Contract.MostStreams; i++)
            {
                Declare("camera", s_bench.CameraDma, 2);
            }
            Assert.ThrowsException(typeof(InvalidOperationException), () => Declare("camera", s_bench.CameraDma, 2));
            Assert.AreEqual(Contract.MostStreams, s_contract.Count);
        }

        private static void New()
        {
            s_bench = new VideoBench(false);
            s_contract = new Contract(s_bench.Dma);
        }

        private static VideoStream Declare(string name, DmaDevice device, int buffers)
        {
            return s_contract.Declare(name, device, s_odd, buffers, 30, DmaDirection.FromDevice);
        }
    }
}
