using System;
using Carveout.Board;
using Carveout.Firmware.Tests.Video.Devices;
using Carveout.Memory;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video
{
    /// <summary>What streams need, and how much a board lacks.</summary>
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
            uint taken = s_bench.Allocator.AllocPagesExact(20 * 4096, GfpFlags.Dma, 0, 4096);
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
            s_bench.Allocator.SetWatermarks(1, 0);
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
            Assert.AreEqual(16384L, s_contract.Declare("keep", keep, triple, 2, 30).BufferBytes);
            Assert.AreEqual(12288L, s_contract.Declare("trim", trim, triple, 2, 30).BufferBytes);
            VideoStream stream = s_contract.Declare("one", pooled, triple, 2, 30);
            Assert.AreEqual(16000L, stream.BufferBytes);
            Assert.AreEqual("pool frames", stream.Place);
            Assert.IsTrue(s_contract.Check());
            s_contract.Declare("two", pooled, triple, 2, 30);
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
        public void A_reservation_holds_the_streams_one_behind_the_other()
        {
            New();
            var contract = new Contract(s_bench.Dma, new Reservation("frames", VideoBench.User, 50 * 1024));
            VideoStream camera = contract.Declare("camera", s_bench.CameraDma, s_odd, 4, 30);
            VideoStream display = contract.Declare("display", s_bench.DisplayDma, new VideoFormat(64, 32, PixelFormat.GREY), 3, 10);
            Assert.IsTrue(contract.Check());
            Assert.AreEqual(5024L, camera.BufferBytes, "no page, but the device's alignment");
            Assert.AreEqual(2048L, display.BufferBytes);
            Assert.AreEqual(VideoBench.User, camera.Start);
            Assert.AreEqual(VideoBench.User + 4 * 5024, display.Start);
            Assert.AreEqual(4L * 5024 + 3 * 2048, contract.Bytes);
            Assert.AreEqual(150000L + 20480, contract.BytesPerSecond);
            Assert.AreEqual("reservation frames", camera.Place);
            Assert.AreEqual(0L, contract.BounceBytes);
            Assert.AreEqual(VideoBench.Pages, s_bench.FreePages, "no zone is asked");
            ReservedPool pool = contract.CreatePool(1);
            Assert.AreEqual(3, pool.Count);
            Assert.AreEqual(2048, pool.BufferSize);
            Assert.AreEqual(display.Start, pool.Start);
            Assert.AreEqual("display", pool.Name);
            Assert.Contains("display: has a pool already", Thrown.By(() => contract.CreatePool(1)).Message);
            Assert.AreEqual(4, contract.CreatePool(0).Count);
        }

        [TestMethod]
        public void A_reservation_serves_one_contract()
        {
            New();
            var reservation = new Reservation("frames", VideoBench.User, 50 * 1024);
            var first = new Contract(s_bench.Dma, reservation);
            first.Declare("camera", s_bench.CameraDma, s_odd, 4, 30);
            var second = new Contract(s_bench.Dma, reservation);
            second.Declare("camera", s_bench.CameraDma, s_odd, 4, 30);
            Assert.IsTrue(first.Check() && second.Check(), "what would fit may be asked of several");
            Assert.AreEqual(VideoBench.User, first.CreatePool(0).Start);
            Exception e = Thrown.By(() => second.CreatePool(0));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("reservation 'frames'", e.Message);
            Assert.Contains("a contract has it already", e.Message);
        }

        [TestMethod]
        public void A_reservation_that_is_too_small_is_refused_with_every_missing_byte()
        {
            New();
            var contract = new Contract(s_bench.Dma, new Reservation("frames", VideoBench.User, 5 * 5024 - 1));
            contract.Declare("camera", s_bench.CameraDma, s_odd, 3, 30);
            contract.Declare("display", s_bench.DisplayDma, s_odd, 2, 30);
            contract.Declare("second", s_bench.DisplayDma, s_odd, 2, 30);
            Assert.IsFalse(contract.Check());
            Assert.AreEqual("display: 2 buffers of 5000 bytes need 10048 bytes in reservation frames, 10047 are free: 1 bytes are missing\n"
                + "second: 2 buffers of 5000 bytes need 10048 bytes in reservation frames, 0 are free: 10048 bytes are missing", contract.Refusal);
            Assert.AreEqual(10049L, contract.MissingBytes);
            Assert.AreEqual(0u, contract.StreamAt(1).Start);
            contract.CreatePool(0);
            Assert.ThrowsException(typeof(InvalidOperationException), () => contract.CreatePool(1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => contract.CreatePool(3));
        }

        [TestMethod]
        [DataRow(0, 4096)]
        [DataRow(0, 1)]
        [DataRow(VideoBench.Pages * VideoBench.FrameSize - 1, 2)]
        public void A_reservation_that_a_zone_hands_out_is_refused(int offset, int size)
        {
            New();
            Thrown.As(typeof(ArgumentException), () => new Contract(s_bench.Dma, new Reservation("frames", VideoBench.Start + (uint)offset,
                (uint)size)), new[] { "'frames'", size.ToString() + " bytes", "no zone" });
        }

        [TestMethod]
        public void Pools_come_after_a_check_and_from_a_reservation_alone()
        {
            New();
            Declare("camera", s_bench.CameraDma, 2);
            Assert.IsTrue(s_contract.Check());
            Assert.Contains("camera: expected a contract over a reservation", Thrown.By(() => s_contract.CreatePool(0)).Message);
            var contract = new Contract(s_bench.Dma, new Reservation("frames", VideoBench.User, 0x10000));
            contract.Declare("camera", s_bench.CameraDma, s_odd, 2, 30);
            Assert.ThrowsException(typeof(InvalidOperationException), () => contract.CreatePool(0));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Contract(s_bench.Dma, null));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Contract(null, new Reservation("frames", VideoBench.User, 4096)));
            Assert.ThrowsException(typeof(ArgumentException), () => new Contract(s_bench.Dma, new Reservation("nothing", VideoBench.User, 0)));
            Assert.ThrowsException(typeof(ArgumentException), () => new Contract(s_bench.Dma, new Reservation("nowhere", 0x10000000, 4096)));
            Assert.ThrowsException(typeof(ArgumentException), () => new Contract(s_bench.Dma, new Reservation("end", VideoBench.User, 0x40001)));
        }

        [TestMethod]
        public void In_cached_memory_no_line_is_shared_and_a_boundary_is_not_crossed()
        {
            s_bench = new VideoBench(true);
            DmaDevice small = new DmaDevice("small", DmaEngines.General) { Alignment = 4, MaxSegment = 1000 };
            DmaDevice snooping = new DmaDevice("snooping", DmaEngines.General) { Alignment = 4, MaxSegment = 1000, Snoops = true };
            DmaDevice bound = new DmaDevice("bound", DmaEngines.General) { Alignment = 4, Boundary = 8192, MaxSegment = 100 };
            s_bench.Dma.Attach(small);
            s_bench.Dma.Attach(snooping);
            s_bench.Dma.Attach(bound);
            var contract = new Contract(s_bench.Dma, new Reservation("frames", VideoBench.User, 0x40000));
            VideoStream lines = contract.Declare("lines", small, s_odd, 2, 30);
            VideoStream words = contract.Declare("words", snooping, new VideoFormat(50, 3, PixelFormat.GREY), 3, 30);
            VideoStream blocks = contract.Declare("blocks", bound, s_odd, 2, 30);
            Assert.IsTrue(contract.Check());
            Assert.AreEqual(5024L, lines.BufferBytes);
            Assert.AreEqual(6, lines.Segments, "of 992 bytes, whole lines");
            Assert.AreEqual(152L, words.BufferBytes);
            Assert.AreEqual(8192L, blocks.BufferBytes);
            Assert.AreEqual(VideoBench.User + 16384, blocks.Start, "the next multiple of 8192 after 10504 bytes");
            Assert.AreEqual(53, blocks.Segments, "of 96 bytes");
            Assert.Contains("blocks: 100 buffers", Thrown.By(() => contract.Declare("blocks", bound, s_odd, 100, 30)).Message);
            Assert.Contains("expected at most the boundary of DMA device 'bound', 8192", Thrown.By(() => contract.Declare("large", bound,
                new VideoFormat(64, 65, PixelFormat.RGB565), 2, 30)).Message);
            Assert.AreEqual(3, contract.Count);
        }

        [TestMethod]
        public void Where_the_device_does_not_reach_pieces_go_through_bounce_buffers()
        {
            var map = new MemoryMap("bench", 4096);
            map.Add(new MemoryRegion("RAM", MemoryKind.Sram, 0x20000000, 0x10000, DmaEngines.General, 0));
            map.Add(new MemoryRegion("PSRAM", MemoryKind.Psram, 0x30000000, 0x40000, DmaEngines.None, 32));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, 0x20008000, 0x8000, DmaEngines.General, PageMapKind.Runs));
            var memory = new ManagedMemory(0x20000000, 0x10000);
            PageAllocator pages = PageAllocator.Boot(map, memory, null);
            var dma = new DmaAllocator(pages, map, memory, new BounceBuffers("bounce", 0x20000000, 4096, 5), 8, 8);
            var one = new DmaDevice("one", DmaEngines.General) { Alignment = 4, MaxSegment = 4092 };
            var deaf = new DmaDevice("deaf", DmaEngines.Mdma) { Alignment = 4, MaxSegment = 4092 };
            dma.Attach(one);
            dma.Attach(deaf);
            var contract = new Contract(dma, new Reservation("frames", 0x30000000, 0x40000));
            VideoStream first = contract.Declare("first", one, s_odd, 2, 30);
            VideoStream small = contract.Declare("small", one, new VideoFormat(16, 16, PixelFormat.GREY), 2, 30);
            Assert.AreEqual(4064, first.PieceSize, "whole lines of a descriptor");
            Assert.AreEqual(8192L, first.BounceBytes);
            Assert.AreEqual(256, small.PieceSize);
            Assert.AreEqual(8192L, small.BounceBytes, "a slot is a slot");
            Assert.IsTrue(contract.Check());
            Assert.Contains("5000 bytes, 30 fps, 2 buffers of 5024 bytes, 10048 in reservation frames, 150000 bytes a second, 2 segments a buffer,"
                + " through 8192 bytes of bounce buffers\n", contract.ToText());
            contract = new Contract(dma, new Reservation("frames", 0x30000000, 0x40000));
            contract.Declare("deaf", deaf, s_odd, 2, 30);
            contract.Declare("first", one, s_odd, 2, 30);
            contract.Declare("second", one, s_odd, 2, 30);
            contract.Declare("third", one, s_odd, 2, 30);
            Assert.IsFalse(contract.Check());
            Assert.AreEqual("deaf: DMA device 'deaf' does not reach reservation frames and needs 8192 bytes of bounce buffers, 0 are free: 8192"
                + " bytes are missing\nthird: DMA device 'one' does not reach reservation frames and needs 8192 bytes of bounce buffers, 4096 are"
                + " free: 4096 bytes are missing", contract.Refusal);
            Assert.AreEqual(12288L, contract.MissingBytes);
        }

        [TestMethod]
        public void A_stream_that_is_none_is_refused()
        {
            New();
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Contract(null));
            Assert.ThrowsException(typeof(ArgumentNullException), () => Declare(null, s_bench.CameraDma, 4));
            Assert.ThrowsException(typeof(ArgumentNullException), () => Declare("camera", null, 4));
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_contract.Declare("camera", s_bench.CameraDma, null, 4, 30));
            Assert.Contains("camera: 0 buffers: expected 1 to 30", Thrown.By(() => Declare("camera", s_bench.CameraDma, 0)).Message);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => Declare("camera", s_bench.CameraDma, 31));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_contract.Declare("camera", s_bench.CameraDma, s_odd, 4, 0));
            Assert.ThrowsException(typeof(InvalidOperationException), () => Declare("camera",
                VideoBench.NewDevice("loose", DmaEngines.General), 4));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_contract.StreamAt(0));
            for (int i = 0; i < Contract.MaxStreams; i++)
            {
                Declare("camera", s_bench.CameraDma, 2);
            }
            Assert.ThrowsException(typeof(InvalidOperationException), () => Declare("camera", s_bench.CameraDma, 2));
            Assert.AreEqual(Contract.MaxStreams, s_contract.Count);
        }

        private static void New()
        {
            s_bench = new VideoBench(false);
            s_contract = new Contract(s_bench.Dma);
        }

        private static VideoStream Declare(string name, DmaDevice device, int buffers)
        {
            return s_contract.Declare(name, device, s_odd, buffers, 30);
        }
    }
}
