using System;
using System.Threading;
using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Memory;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Frames
{
    /// <summary>Each frame is rented once, an empty pool says who has its frames, and everything comes back.</summary>
    [TestClass]
    public class FramePoolTests
    {
        private const int FrameSize = 80 * 60 * 2;
        private static readonly VideoFormat s_format = new VideoFormat(80, 60, PixelFormat.RGB565);
        private static CarveoutMemory s_memory;
        private static DmaDevice s_device;
        private static DmaStreaming s_streaming;

        private static FramePool Pool(int poolSize, int count)
        {
            s_memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Single, PageMapKind.Runs, poolSize), 100000);
            return s_memory.CreatePool(s_format, count, "movie");
        }

        [TestMethod]
        public void Frames_lie_in_what_the_map_reserves()
        {
            FramePool pool = Pool(3 * FrameSize, 3);
            Reservation reserved = s_memory.Map.FindReservation(BoardCatalog.PoolName);
            Assert.IsTrue(pool.IsReserved);
            Assert.AreEqual("owners: none\npool 'movie': 3 frames of 80x60 RGB565, reserved, 3 free; nobody\n", s_memory.Owners());
            uint last = 0;
            for (int i = 0; i < 3; i++)
            {
                FrameBuffer frame = pool.Rent("test");
                Assert.AreEqual(0u, frame.Address % FramePool.Alignment);
                Assert.IsTrue(frame.Address >= reserved.Start && frame.Address + FrameSize <= reserved.Start + reserved.Size);
                Assert.IsTrue(i == 0 || frame.Address >= last + FrameSize);
                last = frame.Address;
            }
        }

        /// <summary>The pool's pages are short, and a shrinker waits for somebody who returns a frame.</summary>
        [TestMethod]
        public void A_shrinker_may_wait_for_a_frame_that_is_given_back()
        {
            s_memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Single, PageMapKind.Runs, 0), 100000);
            FrameBuffer frame = s_memory.AllocFrame(new VideoFormat(320, 240, PixelFormat.GREY), "viewer");
            var shrinker = new FrameWaiter(frame);
            s_memory.Pages.RegisterShrinker(shrinker);
            FramePool pool = s_memory.CreatePool(s_format, 7, "movie");
            Assert.IsTrue(shrinker.WasGivenBack, "the thread that disposes of the frame waits for the one that makes a pool");
            Assert.AreEqual(7, pool.Count);
            Assert.IsTrue(frame.IsDisposed);
        }

        private sealed class FrameWaiter : Shrinker
        {
            private readonly FrameBuffer _frame;

            internal FrameWaiter(FrameBuffer frame)
            {
                _frame = frame;
            }

            internal bool WasGivenBack { get; private set; }

            public override string Name { get { return "frames"; } }

            public override int Shrink(int pages)
            {
                var owner = new Thread(_frame.Dispose);
                owner.Start();
                WasGivenBack = owner.Join(2000);
                return WasGivenBack ? pages : 0;
            }
        }

        [TestMethod]
        public void Frames_are_aligned_where_their_size_is_not()
        {
            s_memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Single, PageMapKind.Runs, 8192), 100000);
            FramePool pool = s_memory.CreatePool(new VideoFormat(33, 33, PixelFormat.GREY), 7, "odd");
            Assert.IsTrue(pool.IsReserved);
            FrameBuffer a = pool.Rent("test"), b = pool.Rent("test");
            Assert.AreEqual(0u, a.Address % FramePool.Alignment);
            Assert.AreEqual(1088u + 64, b.Address - a.Address);
        }

        [TestMethod]
        public void A_reservation_is_used_to_its_last_byte()
        {
            s_memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Single, PageMapKind.Runs, 8192), 100000);
            FramePool pool = s_memory.CreatePool(new VideoFormat(64, 64, PixelFormat.GREY), 2, "exact");
            Assert.IsTrue(pool.IsReserved);
            FrameBuffer a = pool.Rent("test"), b = pool.Rent("test");
            Assert.AreEqual(s_memory.Map.FindReservation(BoardCatalog.PoolName).Start, a.Address);
            Assert.AreEqual(a.Address + 4096, b.Address);
        }

        [TestMethod]
        public void Without_a_large_enough_reservation_frames_are_pages()
        {
            FramePool pool = Pool(2 * FrameSize, 3);
            Assert.IsFalse(pool.IsReserved);
            Assert.AreEqual("owners: movie 36 KB\npool 'movie': 3 frames of 80x60 RGB565, of pages, 3 free; nobody\n", s_memory.Owners());
            pool.Destroy();
            Assert.AreEqual("owners: none\n", s_memory.Owners());
        }

        [TestMethod]
        public void Pools_share_a_reservation_and_it_comes_back_with_the_last()
        {
            FramePool first = Pool(3 * FrameSize, 1), second = s_memory.CreatePool(s_format, 2, "second");
            Assert.IsTrue(first.IsReserved && second.IsReserved);
            uint one = Address(first), two = Address(second);
            Assert.AreEqual(one + FrameSize, two);
            first.Destroy();
            Assert.IsFalse(s_memory.CreatePool(s_format, 1, "third").IsReserved);
            second.Destroy();
            FramePool fourth = s_memory.CreatePool(s_format, 3, "fourth");
            Assert.IsTrue(fourth.IsReserved);
            Assert.AreEqual(one, Address(fourth));
        }

        [TestMethod]
        public void An_empty_pool_says_who_has_the_frames()
        {
            FramePool pool = Pool(3 * FrameSize, 3);
            FrameBuffer a = pool.Rent("display");
            pool.Rent("encoder");
            pool.Rent("display");
            Assert.AreEqual(0, pool.FreeCount);
            Assert.IsFalse(pool.TryRent("late", out FrameBuffer none));
            Assert.IsNull(none);
            Thrown.As(typeof(InvalidOperationException), () => pool.Rent("late"), new[]
            {
                "no frame for 'late'", "all 3", "'movie'", "80x60 RGB565", "display 2, encoder 1",
            });
            a.Dispose();
            Assert.AreEqual("encoder 1, display 1", pool.Owners());
            Assert.AreEqual("late", pool.Rent("late").Owner);
        }

        [TestMethod]
        public void A_frame_that_was_given_back_is_refused_while_another_has_its_memory()
        {
            FramePool pool = Pool(FrameSize, 1);
            FrameBuffer stale = pool.Rent("first");
            uint address = stale.Address;
            stale.Dispose();
            for (int i = 0; i < 8; i++)
            {
                FrameBuffer frame = pool.Rent("second");
                Assert.AreEqual(address, frame.Address);
                // A second Dispose by the first holder must not take the frame from the second holder.
                stale.Dispose();
                Assert.AreEqual(0, pool.FreeCount);
                Thrown.As(typeof(ObjectDisposedException), () => stale.Fill(0, 0, 0), new[] { "80x60 RGB565", "'first'", HexText.Of(address) });
                frame.Dispose();
            }
        }

        [TestMethod]
        public void Every_frame_is_handed_out_once_however_long_it_is_kept()
        {
            FramePool pool = Pool(4 * FrameSize, 4);
            FrameBuffer kept = pool.Rent("kept");
            for (int i = 0; i < 50; i++)
            {
                FrameBuffer a = pool.Rent("a"), b = pool.Rent("b"), c = pool.Rent("c");
                Assert.IsTrue(kept != a && kept != b && kept != c && a != b && a != c && b != c);
                Assert.IsTrue(a.Address != b.Address && a.Address != c.Address && b.Address != c.Address);
                Assert.IsTrue(kept.Address != a.Address && kept.Address != b.Address && kept.Address != c.Address);
                Assert.IsFalse(pool.TryRent("d", out FrameBuffer _));
                (i % 3 == 0 ? a : i % 3 == 1 ? b : c).Dispose();
                (i % 3 == 0 ? c : i % 3 == 1 ? a : b).Dispose();
                (i % 3 == 0 ? b : i % 3 == 1 ? c : a).Dispose();
            }
            Assert.IsFalse(kept.IsDisposed);
            Assert.AreEqual("kept 1", pool.Owners());
        }

        [TestMethod]
        public void A_pool_with_frames_out_is_not_given_back()
        {
            FramePool pool = Pool(2 * FrameSize, 2);
            FrameBuffer frame = pool.Rent("display");
            Thrown.As(typeof(InvalidOperationException), () => pool.Destroy(), new[] { "'movie'", "1 of 2 frames", "display 1" });
            pool.Rent("other").Dispose();
            frame.Dispose();
            pool.Destroy();
            Thrown.As(typeof(InvalidOperationException), () => pool.Destroy(), new[] { "'movie'", "it is already" });
            Thrown.As(typeof(ObjectDisposedException), () => pool.TryRent("late", out FrameBuffer _), new[] { "'movie'", "'late'" });
            Assert.AreEqual("owners: none\n", s_memory.Owners());
        }

        [TestMethod]
        public void A_pool_that_does_not_fit_takes_nothing_and_says_why()
        {
            FramePool pool = Pool(FrameSize, 1);
            string before = s_memory.BuddyInfo();
            Thrown.As(typeof(OutOfMemoryException), () => s_memory.CreatePool(s_format, 8, "large"), new[]
            {
                "pool 'large' of 8 frames of 80x60 RGB565 (75 KB", "reserved for pools and free: 2.6 KB", "at its frame 8", "12 KB exact",
                "owners: large",
            });
            Assert.AreEqual(before, s_memory.BuddyInfo());
            Assert.AreEqual("owners: none\n" + pool.ToString() + "\n", s_memory.Owners());
        }

        [TestMethod]
        public void A_pool_whose_making_ends_in_an_exception_takes_nothing()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Single, PageMapKind.Runs, 0), 100000);
            memory.Pages.RegisterShrinker(new BrokenShrinker());
            string before = memory.BuddyInfo();
            Thrown.As(typeof(NotSupportedException), () => memory.CreatePool(s_format, 20, "large"), new[] { "broken" });
            Assert.AreEqual(before, memory.BuddyInfo());
            Assert.AreEqual("owners: none\n", memory.Owners());
        }

        [TestMethod]
        [DataRow(true)]
        [DataRow(false)]
        public void A_frame_that_a_device_has_stays_out(bool isReserved)
        {
            FramePool pool = Pool(isReserved ? 2 * FrameSize : 0, 2);
            Assert.AreEqual(isReserved, pool.IsReserved);
            FrameBuffer frame = pool.Rent("display");
            uint handle = Map(frame.Address);
            Thrown.As(typeof(InvalidOperationException), () => frame.Dispose(), new[] { HexText.Of(frame.Address), "'display'", "lcd" });
            Assert.IsFalse(frame.IsDisposed);
            Assert.AreEqual(1, pool.FreeCount);
            s_streaming.UnmapSingle(s_device, handle, FrameSize, DmaDirection.ToDevice);
            frame.Dispose();
            pool.Destroy();
            Assert.AreEqual("owners: none\n", s_memory.Owners());
        }

        [TestMethod]
        [DataRow(true)]
        [DataRow(false)]
        public void A_pool_of_which_a_device_has_a_frame_stays_as_it_is(bool isReserved)
        {
            FramePool pool = Pool(isReserved ? 2 * FrameSize : 0, 2);
            FrameBuffer first = pool.Rent("first"), second = pool.Rent("second");
            uint address = second.Address;
            second.Dispose();
            first.Dispose();
            string before = s_memory.Owners() + s_memory.BuddyInfo();
            uint handle = Map(address);
            Thrown.As(typeof(InvalidOperationException), () => pool.Destroy(), new[] { "'movie'", HexText.Of(address), "lcd" });
            Assert.AreEqual(before, s_memory.Owners() + s_memory.BuddyInfo());
            s_streaming.UnmapSingle(s_device, handle, FrameSize, DmaDirection.ToDevice);
            pool.Destroy();
            Assert.AreEqual("owners: none\n", s_memory.Owners());
        }

        [TestMethod]
        public void A_reservation_that_somebody_has_is_not_handed_out_again()
        {
            s_memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Single, PageMapKind.Runs, 4 * FrameSize), 100000);
            Reservation reserved = s_memory.Map.FindReservation(BoardCatalog.PoolName);
            reserved.Claim("display");
            Assert.IsFalse(s_memory.CreatePool(s_format, 1, "movie").IsReserved);
            FramePool first = Pool(4 * FrameSize, 1);
            Assert.IsTrue(first.IsReserved);
            Thrown.As(typeof(InvalidOperationException), () => s_memory.Map.FindReservation(BoardCatalog.PoolName).Claim("display"),
                new[] { "reservation 'frame-pool'", "a pool of frames has it already" });
        }

        [TestMethod]
        public void What_a_reference_that_was_kept_can_do_is_said_and_strict_pools_refuse_it()
        {
            FramePool pool = Pool(FrameSize, 1);
            FrameBuffer stale = RentAgain(pool, 9);
            Assert.IsFalse(stale.IsDisposed, "its object stands for the frame of whoever rented it last: what the remarks warn of");
            pool = Pool(FrameSize, 1);
            pool.Strict = true;
            stale = RentAgain(pool, 9);
            Assert.IsTrue(stale.IsDisposed);
            Thrown.As(typeof(ObjectDisposedException), () => stale.Fill(0, 0, 0), new[] { "'kept'", "was given back" });
            stale.Dispose();
            Assert.AreEqual("last 1", pool.Owners(), "the second Dispose took nobody's frame away");
            Assert.AreEqual(0, pool.FreeCount);
        }

        [TestMethod]
        public void A_strict_pool_says_who_has_frames_and_comes_back_as_any_other()
        {
            FramePool pool = Pool(2 * FrameSize, 2);
            FrameBuffer before = pool.Rent("before");
            pool.Strict = true;
            FrameBuffer display = pool.Rent("display");
            Assert.AreEqual(0, pool.FreeCount);
            string owners = pool.Owners();
            Assert.Contains("before 1", owners);
            Assert.Contains("display 1", owners);
            before.Dispose();
            display.Dispose();
            pool.Strict = false;
            FrameBuffer a = pool.Rent("a"), b = pool.Rent("b");
            Assert.IsTrue(a.Address != b.Address);
            Assert.IsFalse(pool.TryRent("c", out FrameBuffer _));
            a.Dispose();
            b.Dispose();
            pool.Destroy();
        }

        /// <returns>A frame that was returned; its memory has been rented so many times since, and is rented now.</returns>
        private static FrameBuffer RentAgain(FramePool pool, int times)
        {
            FrameBuffer stale = pool.Rent("kept");
            stale.Dispose();
            for (int i = 1; i <= times; i++)
            {
                FrameBuffer frame = pool.Rent(i == times ? "last" : "next");
                if (i < times)
                {
                    frame.Dispose();
                }
            }
            return stale;
        }

        [TestMethod]
        public void A_pool_counts_what_is_out_the_most_that_was_and_what_it_refused()
        {
            FramePool pool = Pool(3 * FrameSize, 3);
            FrameBuffer a = pool.Rent("a"), b = pool.Rent("b");
            a.Dispose();
            Assert.AreEqual(1, pool.LiveCount);
            Assert.AreEqual(2, pool.MaxLiveCount);
            Assert.AreEqual(0L, pool.FailureCount);
            a = pool.Rent("a");
            FrameBuffer c = pool.Rent("c");
            Assert.IsFalse(pool.TryRent("d", out FrameBuffer _));
            Assert.IsTrue(Thrown.By(() => pool.Rent("e")) is InvalidOperationException);
            Assert.AreEqual(3, pool.MaxLiveCount);
            Assert.AreEqual(2L, pool.FailureCount);
            a.Dispose();
            b.Dispose();
            c.Dispose();
            Assert.AreEqual(0, pool.LiveCount);
        }

        [TestMethod]
        public void Frames_share_no_cache_line_however_long_it_is()
        {
            var native = new FakeNativeMemory(0x3F800000, 0x20000, 256);
            MemoryMap board = BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Single, PageMapKind.Runs, 8192);
            FramePool pool = CarveoutMemory.Reserve(board, native).CreatePool(new VideoFormat(64, 1, PixelFormat.GREY), 2, "lines");
            Assert.IsTrue(pool.IsReserved);
            FrameBuffer a = pool.Rent("test"), b = pool.Rent("test");
            Assert.AreEqual(0u, a.Address % 256);
            Assert.AreEqual(256u, b.Address - a.Address);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(257)]
        public void Refuses_a_number_of_frames_that_is_none(int count)
        {
            Thrown.As(typeof(ArgumentOutOfRangeException), () => Pool(0, count), new[] { count.ToString(), "'movie'", "1 to 256" });
        }

        /// <summary>The refusal says the limit in a text, because a number in one costs the frames' library 14 bytes of IL.</summary>
        [TestMethod]
        public void Takes_as_many_frames_as_the_refusal_names()
        {
            // Reserved memory: frames of 16 bytes begin 64 bytes apart there, and would have a page each elsewhere.
            s_memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Single, PageMapKind.Runs, 256 * 64), 100000);
            Assert.AreEqual(256, s_memory.CreatePool(new VideoFormat(16, 1, PixelFormat.GREY), 256, "lines").Count);
        }

        private static uint Map(uint address)
        {
            var view = new MemoryMap("view", s_memory.Map.PageSize);
            for (int i = 0; i < s_memory.Map.RegionCount; i++)
            {
                MemoryRegion region = s_memory.Map.RegionAt(i);
                view.Add(new MemoryRegion(region.Name, region.Kind, region.Start, region.Size, DmaEngines.General, 0));
            }
            var dma = new DmaAllocator(s_memory.Pages, view, s_memory.Memory, null, 4, 8);
            s_device = new DmaDevice("lcd", DmaEngines.General) { Alignment = 4, Snoops = true };
            dma.Attach(s_device);
            s_streaming = new DmaStreaming(dma);
            uint handle = s_streaming.MapSingle(s_device, address, FrameSize, DmaDirection.ToDevice);
            Assert.IsTrue(handle != 0);
            return handle;
        }

        private static uint Address(FramePool pool)
        {
            using (FrameBuffer frame = pool.Rent("test"))
            {
                return frame.Address;
            }
        }

        private sealed class BrokenShrinker : Shrinker
        {
            public override string Name { get { return "broken"; } }

            public override int Shrink(int pages) { throw new NotSupportedException("broken"); }
        }
    }
}
