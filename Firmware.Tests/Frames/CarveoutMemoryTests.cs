using System;
using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Memory;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Frames
{
    /// <summary>What is reserved at boot, from the managed heap or from native memory, and its description.</summary>
    [TestClass]
    public class CarveoutMemoryTests
    {
        private const int Size = 200000;
        private const uint Psram = 0x3F900000;

        private static MemoryMap Board(int poolSize)
        {
            return BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Single, PageMapKind.Runs, poolSize);
        }

        /// <summary>The figures of docs/use-in-your-app.md for an ESP32 without PSRAM.</summary>
        [TestMethod]
        public void Three_frames_of_a_small_display_fit_into_forty_kilobytes()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(40 * 1024, 48 * 1024);
            FramePool frames = memory.CreatePool(new VideoFormat(96, 64, PixelFormat.RGB565), 3, "oled");
            Assert.AreEqual(3, frames.FreeCount);
            Assert.AreEqual(1, memory.Pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Buddyinfo_shows_what_there_is_and_changes_nothing()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Single, PageMapKind.FreeBlocks, 0), 0x20000);
            uint first = memory.Pages.AllocPages(GfpFlags.Kernel, 0, PageOwner.Unknown);
            memory.Pages.FreePages(first);
            string shown = memory.BuddyInfo();
            Assert.AreEqual(ProcText.BuddyInfo(memory.Pages), shown);
            Assert.AreEqual(shown, memory.BuddyInfo());
            memory.Pages.DrainAllPages();
            Assert.AreNotEqual(shown, memory.BuddyInfo(), "what was kept aside is merged by those who ask for it");
        }

        [TestMethod]
        public void A_frame_without_a_number_for_its_owner_is_charged_to_unknown_and_counted()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name), 0x40000);
            while (memory.Pages.OwnerCount < PageAllocator.MaxOwners)
            {
                memory.Pages.RegisterOwner("owner " + memory.Pages.OwnerCount.ToString());
            }
            Assert.AreEqual(0L, memory.UnnamedFrames);
            FrameBuffer frame = memory.AllocFrame(new VideoFormat(80, 60, PixelFormat.GREY), "one more");
            Assert.AreEqual("one more", frame.Owner);
            Assert.AreEqual(2, memory.Pages.OwnerPages(PageOwner.Unknown));
            Assert.AreEqual(1L, memory.UnnamedFrames);
            Assert.Contains("unknown 8 KB", memory.Owners());
            FrameBuffer known = memory.AllocFrame(new VideoFormat(80, 60, PixelFormat.GREY), "owner 7");
            Assert.AreEqual(2, memory.Pages.OwnerPages((PageOwner)7));
            Assert.AreEqual(1L, memory.UnnamedFrames, "a name that has a number is charged by it");
            frame.Dispose();
            known.Dispose();
            Assert.AreEqual(0, memory.Pages.OwnerPages(PageOwner.Unknown));
        }

        [TestMethod]
        public void Banks_become_a_region_with_a_zone()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(Board(0), Size);
            MemoryMap map = memory.Map;
            Assert.AreEqual("managed banks: 1 of 196608 bytes (192 KB), nominal addresses from 0x10000000; at least 384 KB left to the application",
                memory.Source);
            Assert.AreEqual("esp32cam, managed banks", map.Name);
            Assert.AreEqual(1, map.RegionCount);
            MemoryRegion bank = map.RegionAt(0);
            Assert.IsTrue(bank.Kind == MemoryKind.Psram && bank.Dma == DmaEngines.None && bank.CacheLine == 0);
            Assert.AreEqual(1, map.ZoneCount);
            Assert.AreEqual(48u * 4096, map.ZoneAt(0).Size);
            Assert.IsTrue(map.ZoneAt(0).Map == PageMapKind.Runs && map.ZoneAt(0).Kind == ZoneKind.Normal);
            Assert.IsTrue(map.IsSealed);
            Assert.AreEqual(memory.Source + "\n10000000-1002ffff : bank0\n  10000000-1002ffff : zone NORMAL\n", memory.IoMem());
        }

        [TestMethod]
        public void IoMem_is_the_kernels_text_of_the_map()
        {
            // Pools behind the zones of two banks, and one that is all but a page of a native region.
            CarveoutMemory memory = CarveoutMemory.Reserve(Board(800000), 1200000);
            Assert.Contains("frame-pool", memory.IoMem());
            Assert.AreEqual(memory.Source + "\n" + ProcText.IoMem(memory.Map), memory.IoMem());
            memory = CarveoutMemory.Reserve(Board(0x20000 - 4096), new FakeNativeMemory(Psram, 0x20000, 0));
            Assert.Contains("  3f901000-3f91ffff : frame-pool", memory.IoMem());
            Assert.AreEqual(memory.Source + "\n" + ProcText.IoMem(memory.Map), memory.IoMem());
        }

        [TestMethod]
        public void What_was_wanted_taken_and_left_can_be_asked_for()
        {
            MemoryReservation banks = CarveoutMemory.Reserve(Board(0), Size, 50000).Reservation;
            Assert.AreEqual(196608u, banks.Wanted, "whole pages");
            Assert.AreEqual(196608u, banks.Taken);
            Assert.AreEqual(50000, banks.Left);
            Assert.AreEqual("", banks.WhyNotMore);
            Assert.Contains("; at least 48.8 KB left to the application", banks.ToString());
            MemoryReservation native = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32S3.Name), new FakeNativeMemory(0x3E000000, 0x10000, 0)).Reservation;
            Assert.IsTrue(native.Wanted == 0x10000 && native.Taken == 0x10000 && native.Left == -1 && native.WhyNotMore.Length == 0);
        }

        [TestMethod]
        public void Without_a_board_there_is_memory_of_a_size()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(100000);
            Assert.AreEqual("heap, managed banks", memory.Map.Name);
            Assert.AreEqual(24u * 4096, memory.Map.ZoneAt(0).Size);
            Assert.AreEqual(6250, memory.Reservation.Left, "a sixteenth");
            Assert.AreEqual(0, CarveoutMemory.Reserve(100000, 0).Reservation.Left);
            memory.AllocFrame(new VideoFormat(160, 120, PixelFormat.RGB565), "camera").Dispose();
        }

        [TestMethod]
        public void Refuses_to_leave_what_no_heap_has()
        {
            Thrown.As(typeof(ArgumentOutOfRangeException), () => CarveoutMemory.Reserve(Size, -2), new[] { "-2", "expected 0 to" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => CarveoutMemory.Reserve(Board(0), Size, int.MaxValue), new[] { "2147483647" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => CarveoutMemory.Reserve(int.MaxValue), new[] { "2147483647", "heap" });
        }

        [TestMethod]
        public void The_pool_of_the_board_lies_behind_the_zone()
        {
            MemoryMap map = CarveoutMemory.Reserve(Board(100000), Size).Map;
            Assert.AreEqual(1, map.ReservationCount);
            Reservation pool = map.FindReservation(BoardCatalog.PoolName);
            Assert.AreEqual(25u * 4096, pool.Size);
            Assert.AreEqual(0x10000000u + 23 * 4096, pool.Start);
            Assert.AreEqual(23u * 4096, map.ZoneAt(0).Size);
        }

        [TestMethod]
        public void A_pool_that_leaves_no_page_is_not_reserved()
        {
            Assert.AreEqual(1u * 4096, CarveoutMemory.Reserve(Board(47 * 4096), Size).Map.ZoneAt(0).Size);
            MemoryMap map = CarveoutMemory.Reserve(Board(48 * 4096), Size).Map;
            Assert.AreEqual(0, map.ReservationCount);
            Assert.AreEqual(48u * 4096, map.ZoneAt(0).Size);
        }

        [TestMethod]
        public void Native_memory_has_its_own_cache_line_and_the_engines_of_its_region()
        {
            MemoryMap board = BoardCatalog.Create(Esp32S3.Name);
            var native = new FakeNativeMemory(0x3D300000, 0x20000, 64);
            CarveoutMemory memory = CarveoutMemory.Reserve(board, native);
            Assert.AreEqual("native reservation: 131072 bytes (128 KB) at 0x3d300000, in PSRAM", memory.Source);
            Assert.AreSame(native, memory.Memory);
            MemoryRegion region = memory.Map.RegionAt(0);
            Assert.IsTrue(region.Kind == MemoryKind.Psram && region.Dma == DmaEngines.Gdma && region.CacheLine == 64);
            Assert.AreEqual(0x3D300000u, region.BusStart);
            Assert.IsTrue(memory.Map.ZoneAt(0).Kind == ZoneKind.Dma && memory.Map.ZoneAt(0).Engines == DmaEngines.Gdma);
            FrameBuffer frame = memory.AllocFrame(new VideoFormat(160, 120, PixelFormat.RGB565), "test");
            Assert.AreEqual(0x3D316000u, frame.Address, "frames come from the high end");
        }

        [TestMethod]
        public void Native_memory_begins_and_ends_on_pages()
        {
            var native = new FakeNativeMemory(Psram + 96, 5 * 4096, 32);
            CarveoutMemory memory = CarveoutMemory.Reserve(Board(0), native);
            Assert.AreEqual(Psram + 4096, memory.Map.RegionAt(0).Start);
            Assert.AreEqual(4u * 4096, memory.Map.RegionAt(0).Size);
            Assert.AreEqual("PSRAM", memory.Map.RegionAt(0).Name);
            Assert.IsTrue(memory.Map.ZoneAt(0).Kind == ZoneKind.Normal);
        }

        [TestMethod]
        public void Native_memory_outside_the_board_s_regions_is_reached_by_no_engine()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32S3.Name), new FakeNativeMemory(0x3E000000, 0x10000, 0));
            Assert.IsTrue(memory.Map.RegionAt(0).Dma == DmaEngines.None);
            Assert.AreEqual("native reservation: 65536 bytes (64 KB) at 0x3e000000, in no region of esp32s3", memory.Source);
        }

        [TestMethod]
        public void Native_memory_over_the_edge_of_a_region_is_reached_by_no_engine()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32S3.Name), new FakeNativeMemory(0x3D7F8000, 0x10000, 0));
            Assert.AreEqual("native", memory.Map.RegionAt(0).Name);
            Assert.IsTrue(memory.Map.RegionAt(0).Dma == DmaEngines.None);
        }

        [TestMethod]
        public void Native_memory_that_cannot_tell_where_it_lies_needs_an_address()
        {
            var native = new ManagedMemory(0x3F900000, 0x10000);
            MemoryMap map = CarveoutMemory.Reserve(Board(0), native, Psram, 0x8000).Map;
            Assert.AreEqual(0x8000u, map.ZoneAt(0).Size);
            Assert.AreEqual(32, map.RegionAt(0).CacheLine);
        }

        [TestMethod]
        [DataRow(0u, 65536u)]
        [DataRow(0x3F900000u, 4095u)]
        [DataRow(0x3F900001u, 8190u)]
        [DataRow(0xFFFFF001u, 65536u)]
        [DataRow(0xFFFFE000u, 65536u)]
        public void Native_memory_without_a_page_is_refused(uint start, uint size)
        {
            var native = new FakeNativeMemory(Psram, 0x10000, 0);
            Exception e = Thrown.By(() => CarveoutMemory.Reserve(Board(0), native, start, size));
            Assert.IsTrue(e is ArgumentException, "no ArgumentException");
            Assert.Contains(HexText.Of(start), e.Message);
        }

        [TestMethod]
        public void Without_native_memory_there_are_managed_banks()
        {
            // A board that plans little, since everything is taken.
            var board = new MemoryMap("small", 4096);
            board.Add(new MemoryRegion("RAM", MemoryKind.Sram, 0x20000000, 0x20000, DmaEngines.General, 0));
            board.Add(new Reservation("clr-heap", 0x20000000, 0x10000));
            board.Add(new ZonePlan("DMA", ZoneKind.Dma, 0x20010000, 0x10000, DmaEngines.General, PageMapKind.FreeBlocks));
            CarveoutMemory memory = CarveoutMemory.Reserve(board, null);
            Assert.StartsWith("managed banks: 1 of 65536 bytes", memory.Source);
            Assert.IsTrue(memory.Map.ZoneAt(0).Map == PageMapKind.FreeBlocks);
            // No DMA engine can use a managed array, whatever the board's engines reach.
            Assert.IsTrue(memory.Map.ZoneAt(0).Kind == ZoneKind.Normal);
        }

        [TestMethod]
        public void A_board_that_plans_nothing_beside_its_heap_wants_a_size()
        {
            var board = new MemoryMap("full", 4096);
            board.Add(new MemoryRegion("RAM", MemoryKind.Sram, 0x20000000, 0x20000, DmaEngines.General, 0));
            board.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0xD0000000, 0x800000, DmaEngines.General, 0));
            board.Add(new Reservation("clr-heap", 0x20000000, 0x20000));
            board.Add(new ZonePlan("DMA", ZoneKind.Dma, 0xD0000000, 0x800000, DmaEngines.General, PageMapKind.FreeBlocks));
            Thrown.As(typeof(ArgumentException), () => CarveoutMemory.Reserve(board), new[] { "full", "0 bytes", "region RAM", "65536" });
            Assert.AreEqual(4096u, CarveoutMemory.Reserve(board, 4096).Map.ZoneAt(0).Size);
        }

        [TestMethod]
        public void Refuses_a_size_below_a_page_and_a_board_with_faults()
        {
            Thrown.As(typeof(ArgumentOutOfRangeException), () => CarveoutMemory.Reserve(Board(0), 4095), new[] { "4095", "esp32cam", "4096" });
            MemoryMap board = Board(0);
            board.Add(new Reservation("another", Psram, 4096));
            Thrown.As(typeof(ArgumentException), () => CarveoutMemory.Reserve(board, Size), new[] { "esp32cam", "another" });
            Assert.IsTrue(Thrown.By(() => CarveoutMemory.Reserve(null)) is ArgumentNullException);
            Assert.IsTrue(Thrown.By(() => CarveoutMemory.Reserve(null, Size)) is ArgumentNullException);
        }

        [TestMethod]
        public void What_has_no_room_says_why_and_who_has_the_memory()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(Board(0), Size);
            var format = new VideoFormat(160, 120, PixelFormat.RGB565);
            while (memory.TryAllocFrame(format, "camera", out FrameBuffer _))
            {
            }
            Thrown.As(typeof(OutOfMemoryException), () => memory.AllocFrame(format, "late"), new[]
            {
                "no room for frame", "40 KB exact", "owner 'late'", "owners: camera 160 KB",
            });
        }

        [TestMethod]
        public void A_picture_that_fits_nowhere_is_refused_and_the_report_says_why()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(Board(0), Size);
            var asked = new NoShrinker();
            memory.Pages.RegisterShrinker(asked);
            var format = new VideoFormat(640, 480, PixelFormat.RGB565);
            Assert.IsFalse(memory.TryAllocFrame(format, "large", out FrameBuffer frame));
            Assert.IsNull(frame);
            string report = FailureReport.ToText(memory.Pages);
            Assert.Contains("600 KB exact", report);
            Assert.Contains("owner 'large'", report);
            Assert.Contains("NORMAL: too large: 192 KB free, largest 192 KB, wanted 600 KB; all of the zone is 192 KB", report);
            Thrown.As(typeof(OutOfMemoryException), () => memory.AllocFrame(format, "large"), new[] { "no room for frame", "too large" });
            Thrown.As(typeof(OutOfMemoryException), () => memory.CreatePool(format, 2, "movie"), new[] { "no room for pool 'movie'", "too large" });
            Assert.AreEqual(0, asked.Calls, "nobody can free so much");
        }

        private sealed class NoShrinker : Shrinker
        {
            internal int Calls { get; private set; }

            public override string Name { get { return "none"; } }

            public override int Shrink(int pages)
            {
                Calls++;
                return 0;
            }
        }

        [TestMethod]
        public void Buddyinfo_and_owners_tell_of_a_frame_until_it_is_disposed_of()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(Board(0), Size);
            string before = memory.BuddyInfo();
            Assert.AreEqual("owners: none\n", memory.Owners());
            FrameBuffer frame = memory.AllocFrame(new VideoFormat(160, 120, PixelFormat.RGB565), "camera");
            Assert.IsFalse(before == memory.BuddyInfo());
            Assert.AreEqual("owners: camera 40 KB\n", memory.Owners());
            frame.Dispose();
            Assert.AreEqual(before, memory.BuddyInfo());
            Assert.AreEqual("owners: none\n", memory.Owners());
        }
    }
}
