using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Which blocks compaction moves, and which stay.</summary>
    [TestClass]
    public class CompactionTests
    {
        private const int PageSize = MovableTestBoard.PageSize;

        /// <summary>Each block has two pages; b and d are freed.</summary>
        private static readonly int[] s_handles = new int[8];

        [TestMethod]
        public void A_request_that_does_not_fit_moves_the_cheapest_blocks_away()
        {
            Comb(MovablePages.NoLimit);
            uint address = Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0);
            Assert.IsTrue(address != 0);
            Assert.AreEqual(1, Movable.CompactStalls);
            Assert.AreEqual(1, Movable.CompactSuccesses);
            Assert.AreEqual(2L, Movable.PagesMigrated);
            Assert.AreEqual(2, Movable.MaxStop);
            Whole();
            Allocator.FreePages(address);
        }

        /// <summary>A plan holds 256 blocks. In a window with more blocks they slide together instead of moving out.</summary>
        [TestMethod]
        [DataRow(512)]
        [DataRow(514)]
        [DataRow(520)]
        public void A_window_of_more_blocks_than_a_plan_holds_is_closed_up(int wanted)
        {
            const int Blocks = 600;
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, 2 * Blocks), Blocks, MovablePages.NoLimit);
            var handles = new int[Blocks];
            var holes = new uint[Blocks];
            for (int i = 0; i < Blocks; i++)
            {
                handles[i] = MovableTestBoard.Take(1, i & 15);
                holes[i] = Allocator.AllocPages(GfpFlags.Dma, 0, 0);
            }
            for (int i = 0; i < Blocks; i++)
            {
                Allocator.FreePages(holes[i]);
            }
            uint address = Allocator.AllocPagesExact(wanted * PageSize, GfpFlags.Dma, 0);
            Assert.IsTrue(address != 0);
            Allocator.FreePages(address);
            for (int i = 0; i < Blocks; i++)
            {
                Assert.IsTrue(MovableTestBoard.IsWhole(handles[i], i & 15), i.ToString());
                Movable.Free(handles[i]);
            }
            Assert.AreEqual(2 * Blocks, Allocator.ZoneAt(0).LargestFreePages);
        }

        /// <summary>In a replay of the trace, the block must be found at its new address when it is freed.</summary>
        [TestMethod]
        public void A_trace_says_where_a_block_went()
        {
            Comb(MovablePages.NoLimit);
            var ring = new TraceRing(16, null);
            Allocator.Trace(ring);
            uint address = Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0);
            var record = new TraceRecord();
            Assert.AreEqual(3L, ring.Recorded);
            Assert.IsTrue(ring.CopyFrom(1, record));
            Assert.IsTrue(record.Kind == TraceKind.Free);
            Assert.AreEqual(2 * PageSize, record.Size);
            uint source = record.Address;
            Assert.IsTrue(source - address < 4 * PageSize, "it made room for the request");
            Assert.IsTrue(ring.CopyFrom(2, record));
            Assert.IsTrue(record.Kind == TraceKind.Run);
            Assert.AreEqual(2 * PageSize, record.Size);
            Assert.IsTrue(record.Address - address >= 4 * PageSize);
            Assert.IsTrue(ring.CopyFrom(3, record));
            Assert.AreEqual(address, record.Address);
            Allocator.Trace(null);
        }

        [TestMethod]
        public void Room_is_made_where_the_address_is_aligned()
        {
            // Behind 0xc0000100 the multiples of 1 KB are pages 3, 7 and 11; each is taken by a movable block.
            var memory = new ManagedMemory(0xC0000000, 16 * 256);
            var zone = new Zone("DMA", ZoneKind.Dma, 0xC0000100, PageMap.Create(PageMapKind.Runs, 15));
            var allocator = new PageAllocator(new[] { zone }, 256, memory, null);
            var movable = new MovablePages(allocator, 8, MovablePages.NoLimit);
            for (int page = 0; page < 15; page++)
            {
                allocator.AllocPages(GfpFlags.Dma, 0, 0);
            }
            for (int page = 4; page <= 12; page += 4)
            {
                allocator.FreePages(0xC0000100 + (uint)page * 256);
                Assert.AreNotEqual(0, movable.AllocPagesExact(256, GfpFlags.Dma, 0));
            }
            for (int page = 0; page < 15; page++)
            {
                if (page % 4 != 0 || page == 0)
                {
                    allocator.FreePages(0xC0000100 + (uint)page * 256);
                }
            }
            uint address = allocator.AllocPagesExact(1024, GfpFlags.Dma, 0, 1024);
            Assert.AreNotEqual(0u, address);
            Assert.AreEqual(0u, address % 1024, HexText.Of(address));
        }

        /// <summary>A buddy's blocks count from the start of their zone, so a larger block than the request contains an aligned
        /// place.</summary>
        [TestMethod]
        public void A_buddy_makes_room_where_the_address_is_aligned()
        {
            // Behind 0xc0000100 the multiples of 1 KB are pages 3, 7, 11 and 15, all taken. Pages 0 to 3 can be moved, and 8, 9, 10 and 12
            // are free.
            var memory = new ManagedMemory(0xC0000000, 17 * 256);
            var zone = new Zone("DMA", ZoneKind.Dma, 0xC0000100, PageMap.Create(PageMapKind.FreeBlocks, 16, 0));
            var allocator = new PageAllocator(new[] { zone }, 256, memory, null);
            var movable = new MovablePages(allocator, 8, MovablePages.NoLimit);
            for (int page = 0; page < 16; page++)
            {
                Assert.AreNotEqual(0u, page < 4 ? (uint)movable.AllocPages(GfpFlags.Dma, 0, 0) : allocator.AllocPages(GfpFlags.Dma, 0, 0));
            }
            int[] free = { 8, 9, 10, 12 };
            for (int i = 0; i < free.Length; i++)
            {
                allocator.FreePages(0xC0000100 + (uint)free[i] * 256);
            }
            Assert.AreEqual(0xC0000400u, allocator.AllocPagesExact(256, GfpFlags.Dma, 0, 1024));
            Assert.AreEqual(4L, movable.PagesMigrated);
        }

        /// <summary>Two windows cost the same. The first cannot be emptied, because no hole has two pages, so the second one is.</summary>
        [TestMethod]
        public void A_window_that_costs_as_much_as_one_that_cannot_be_emptied_is_tried()
        {
            // .aa#.bc#.#.##### is the zone, and three pages are wanted. Nine pinned blocks are the walls.
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, 16), 16, MovablePages.NoLimit);
            var gaps = new uint[4];
            gaps[0] = Allocator.AllocPages(GfpFlags.Dma, 0, 0);
            int a = MovableTestBoard.Take(2, 1);
            Wall(1);
            gaps[1] = Allocator.AllocPages(GfpFlags.Dma, 0, 0);
            int b = MovableTestBoard.Take(1, 2), c = MovableTestBoard.Take(1, 3);
            Wall(1);
            gaps[2] = Allocator.AllocPages(GfpFlags.Dma, 0, 0);
            Wall(1);
            gaps[3] = Allocator.AllocPages(GfpFlags.Dma, 0, 0);
            Wall(5);
            for (int i = 0; i < gaps.Length; i++)
            {
                Allocator.FreePages(gaps[i]);
            }
            Assert.AreEqual(MovableTestBoard.Start + 4 * PageSize, Allocator.AllocPagesExact(3 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(2L, Movable.PagesMigrated);
            Assert.IsTrue(MovableTestBoard.IsWhole(a, 1) && MovableTestBoard.IsWhole(b, 2) && MovableTestBoard.IsWhole(c, 3));
        }

        private static void Wall(int pages)
        {
            for (int i = 0; i < pages; i++)
            {
                Movable.Pin(Movable.AllocPagesExact(PageSize, GfpFlags.Dma, 0));
            }
        }

        /// <summary>Each letter is a block that may move, capital letters blocks of an order; a wall is "#", a free page a dot.</summary>
        [TestMethod]
        // A block steps aside, and the other slides, or the same block steps aside twice.
        [DataRow(".abbbb..", 3, 2, 5)]
        [DataRow("........aaa.", 9, 2, 6)]
        [DataRow("....aaaaaaa.....", 9, 2, 14)]
        // To the pages right before it or behind it, where neither end of the free pages helps.
        [DataRow("aaa...bb.", 4, 2, 5)]
        // By fewer pages than it has.
        [DataRow("AA...bbb", 3, 4, 5)]
        [DataRow("..aabbbbb.", 3, 2, 9)]
        [DataRow(".aabb..cc.", 4, 8, 6)]
        [DataRow("aaaa.....bbbbccdddd.", 6, 8, 10)]
        [DataRow("aa.bb#cd#...##.", 4, 1, 7)]
        // Two blocks: a moves to the end, B to the start, and c slides behind it. Ten pages would do.
        [DataRow("a...BBBBccccc...", 6, 1, 11)]
        [DataRow(".aaaBBCdde.", 2, 4, 4)]
        // Many blocks: the hole comes first that the largest block of a window needs.
        [DataRow("abb..cccdddee...FFFFggg....hhhiiijjj", 9, 4, 10)]
        [DataRow("...###aaaa..BBBBccccdEfGhiiiii####", 4, 1, 4)]
        [DataRow(".aaBcdddEEF..ggh..........iiijklll.mm.NN.o.pppq", 16, 8, 9)]
        [DataRow("..aa##bb##ccddd###.######.efffg...###hhh..ii", 9, 1, 14)]
        [DataRow("AAbbb........cccc####ddeeeffffggg....hhhh.ii", 13, 1, 9)]
        [DataRow("..aaaaabbbbbccccdd...####.###Efgggg.#..hii...jjjj", 11, 4, 19)]
        public void Blocks_move_until_a_request_is_served(string layout, int wanted, int alignment, int copied)
        {
            ServeByMoves(0, layout, wanted, alignment, copied);
        }

        /// <summary>The request's alignment counts from address 0. That of a block which moves counts from the zone's start, which is three
        /// pages off.</summary>
        [TestMethod]
        public void The_hole_for_a_block_is_aligned_as_the_block_is()
        {
            ServeByMoves(3, "aaa###b.CC...###ddeeeefff.gggghhhhh####iiiJJKKKKLmmmnn", 2, 8, 8);
        }

        private static void ServeByMoves(int first, string layout, int wanted, int alignment, int copied)
        {
            int[] blocks = LayOut(first, layout);
            uint address = Allocator.AllocPagesExact(wanted * PageSize, GfpFlags.Dma, 0, alignment * PageSize);
            Assert.AreNotEqual(0u, address);
            Assert.AreEqual(0u, address % (uint)(alignment * PageSize));
            Assert.AreEqual((long)copied, Movable.PagesMigrated);
            for (int page = 0; page < layout.Length; page++)
            {
                Assert.IsTrue(blocks[page] == 0 || MovableTestBoard.IsWhole(blocks[page], page & 15), page.ToString());
            }
        }

        /// <summary>Makes a zone with these blocks.</summary>
        /// <returns>By the first page: a block's handle. Its mark is that page, too.</returns>
        private static int[] LayOut(int first, string layout)
        {
            int pages = layout.Length;
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, pages), pages, MovablePages.NoLimit, first);
            var blocks = new int[pages];
            var gaps = new uint[pages];
            for (int page = 0, length; page < pages; page += length)
            {
                char kind = layout[page];
                length = 1;
                while (page + length < pages && layout[page + length] == kind)
                {
                    length++;
                }
                if (kind == '.' || kind == '#')
                {
                    uint taken = Allocator.AllocPagesExact(length * PageSize, GfpFlags.Dma, 0);
                    gaps[page] = kind == '.' ? taken : 0;
                    continue;
                }
                blocks[page] = kind < 'a' ? Movable.AllocPages(GfpFlags.Dma, length >> 1, 0) : Movable.AllocPagesExact(length * PageSize, GfpFlags.Dma, 0);
                MovableTestBoard.Mark(blocks[page], page & 15);
            }
            for (int page = 0; page < pages; page++)
            {
                if (gaps[page] != 0)
                {
                    Allocator.FreePages(gaps[page]);
                }
            }
            return blocks;
        }

        /// <summary>Blocks are allocated, freed and pinned in any order. Each is whole wherever it lies, no page is lost, and the search
        /// finds as much as before with as many copies. Whoever improves it writes the new numbers here.</summary>
        [TestMethod]
        [DataRow((int)PageMapKind.Runs, 48, 24, MovablePages.NoLimit, 1, 160, 83, 1064, 19)]
        [DataRow((int)PageMapKind.Runs, 48, 24, 6, 2, 142, 129, 845, 6)]
        [DataRow((int)PageMapKind.Runs, 24, 8, MovablePages.NoLimit, 3, 71, 46, 607, 12)]
        [DataRow((int)PageMapKind.Runs, 96, 40, MovablePages.NoLimit, 4, 144, 65, 1070, 27)]
        [DataRow((int)PageMapKind.Runs, 12, 4, MovablePages.NoLimit, 6, 54, 45, 356, 12)]
        [DataRow((int)PageMapKind.Runs, 16, 5, 6, 7, 68, 43, 433, 6)]
        [DataRow((int)PageMapKind.Runs, 10, 5, MovablePages.NoLimit, 8, 54, 40, 263, 8)]
        [DataRow((int)PageMapKind.Runs, 20, 7, MovablePages.NoLimit, 9, 81, 74, 571, 14)]
        [DataRow((int)PageMapKind.FreeBlocks, 64, 24, MovablePages.NoLimit, 5, 118, 277, 627, 8)]
        public void A_random_run_moves_what_it_moved_before(int kind, int pages, int handles, int budget, int seed, int served, int refused, int moved, int longest)
        {
            MovableTestBoard.Boot(PageMap.Create((PageMapKind)kind, pages, 0), handles, budget);
            var live = new int[handles];
            var pinned = new bool[handles];
            var blocks = new uint[handles / 3];
            uint random = (uint)seed;
            int free = pages;
            for (int step = 0; step < 3000; step++)
            {
                int i = Next(ref random, handles + blocks.Length), length = 1 + Next(ref random, 6), alignment = PageSize << Next(ref random, 3);
                bool order = Next(ref random, 4) == 0;
                if (i >= handles)
                {
                    i -= handles;
                    int before = Allocator.ZoneAt(0).FreePages;
                    if (blocks[i] != 0)
                    {
                        Allocator.FreePages(blocks[i]);
                        blocks[i] = 0;
                    }
                    else
                    {
                        blocks[i] = order ? Allocator.AllocPages(GfpFlags.Dma, length >> 1, 0)
                            : Allocator.AllocPagesExact(length * PageSize, GfpFlags.Dma, 0, alignment);
                    }
                    free += Allocator.ZoneAt(0).FreePages - before;
                }
                else if (live[i] == 0)
                {
                    live[i] = order ? Movable.AllocPages(GfpFlags.Dma, length >> 1, 0) : Movable.AllocPagesExact(length * PageSize, GfpFlags.Dma, 0);
                    free -= live[i] == 0 ? 0 : order ? 1 << (length >> 1) : length;
                    if (live[i] != 0)
                    {
                        MovableTestBoard.Mark(live[i], i & 15);
                    }
                }
                else if (Next(ref random, 4) == 0 && !pinned[i])
                {
                    Movable.Pin(live[i]);
                    pinned[i] = true;
                }
                else
                {
                    Assert.IsTrue(MovableTestBoard.IsWhole(live[i], i & 15), step.ToString());
                    if (pinned[i])
                    {
                        Movable.Unpin(live[i]);
                    }
                    free += Movable.SizeOf(live[i]) / PageSize;
                    Movable.Free(live[i]);
                    live[i] = 0;
                    pinned[i] = false;
                    Movable.Compact(i & 3);
                }
                Assert.AreEqual(free, Allocator.ZoneAt(0).FreePages, step.ToString());
                Assert.IsFalse(MovableTestBoard.Lock.IsHeld, step.ToString());
            }
            for (int i = 0; i < handles; i++)
            {
                Assert.IsTrue(live[i] == 0 || MovableTestBoard.IsWhole(live[i], i & 15), i.ToString());
            }
            Assert.AreEqual(served.ToString() + " " + refused.ToString() + " " + moved.ToString() + " " + longest.ToString(), Movable.CompactSuccesses.ToString()
                + " " + Movable.CompactFailures.ToString() + " " + Movable.PagesMigrated.ToString() + " " + Movable.MaxStop.ToString());
        }

        private static int Next(ref uint random, int below)
        {
            random = random * 1664525 + 1013904223;
            return (int)((random >> 16) % (uint)below);
        }

        /// <summary>A hole grows half-way to the request, or else by a page; if both are the same, one search is enough.</summary>
        [TestMethod]
        public void No_hole_is_looked_for_twice()
        {
            // ten times ..# with a wall that is pinned
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, 30), 20, MovablePages.NoLimit);
            var holes = new int[10];
            for (int i = 0; i < holes.Length; i++)
            {
                holes[i] = MovableTestBoard.Take(2, 1);
                Movable.Pin(MovableTestBoard.Take(1, 2));
            }
            for (int i = 0; i < holes.Length; i++)
            {
                Movable.Free(holes[i]);
            }
            int four = EnteredFor(4), five = EnteredFor(5);
            Assert.AreEqual(four + 2 * 2, five, "twice a hole of three pages as well, in two sections of the lock each");
        }

        private static int EnteredFor(int pages)
        {
            int before = MovableTestBoard.Lock.Entered;
            Assert.AreEqual(0u, Allocator.AllocPagesExact(pages * PageSize, GfpFlags.Dma, 0));
            return MovableTestBoard.Lock.Entered - before;
        }

        [TestMethod]
        public void A_buddy_moves_too()
        {
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.FreeBlocks, 16, 4), 16, MovablePages.NoLimit);
            for (int i = 0; i < 8; i++)
            {
                s_handles[i] = MovableTestBoard.Take(2, i);
            }
            Movable.Free(s_handles[1]);
            Movable.Free(s_handles[6]);
            Assert.IsTrue(Movable.AllocPages(GfpFlags.Dma, 2, 0) != 0);
            Assert.AreEqual(2L, Movable.PagesMigrated);
            Assert.AreEqual(0, Allocator.ZoneAt(0).FreePages);
            for (int i = 0; i < 8; i++)
            {
                Assert.IsTrue(i == 1 || i == 6 || MovableTestBoard.IsWhole(s_handles[i], i));
            }
        }

        [TestMethod]
        [DataRow((int)GfpFlags.Atomic)]
        [DataRow((int)GfpFlags.NoRetry)]
        public void Whoever_may_not_wait_compacts_nothing(int flags)
        {
            GfpFlags gfp = (GfpFlags)flags;
            Comb(MovablePages.NoLimit);
            Assert.AreEqual(0u, Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma | gfp, 0));
            Assert.AreEqual(0, Movable.CompactStalls);
            Assert.AreEqual(0L, Movable.PagesMigrated);
        }

        [TestMethod]
        public void A_budget_bounds_what_a_request_moves()
        {
            Comb(1);
            Assert.AreEqual(0u, Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(1, Movable.CompactFailures);
            Movable.Budget = 0;
            Assert.AreEqual(0u, Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(1, Movable.CompactStalls, "none is allowed to try");
            Movable.Budget = 2;
            Assert.IsTrue(Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0) != 0);
        }

        [TestMethod]
        public void Where_too_little_is_free_nothing_is_tried()
        {
            Comb(MovablePages.NoLimit);
            Assert.AreEqual(0u, Allocator.AllocPagesExact(9 * PageSize, GfpFlags.Dma, 0));
            Allocator.SetWatermarks(5, 0);
            Assert.AreEqual(0u, Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0), "8 free, 5 of them kept");
            Assert.AreEqual(0, Movable.CompactStalls);
        }

        [TestMethod]
        public void Pinned_blocks_are_walls()
        {
            Comb(MovablePages.NoLimit);
            int[] places = Pin();
            Assert.AreEqual(0u, Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(1, Movable.CompactFailures);
            Assert.AreEqual(0L, Movable.PagesMigrated);
            for (int i = 0; i < 8; i += 2)
            {
                Assert.AreEqual(places[i], MovableTestBoard.PageOf(s_handles[i]));
                Movable.Unpin(s_handles[i]);
            }
            Assert.IsTrue(Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0) != 0);
            Whole();
        }

        [TestMethod]
        public void What_a_device_has_is_a_wall_although_nobody_pins_it()
        {
            Comb(MovablePages.NoLimit);
            var map = new MemoryMap("test", PageSize);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, MovableTestBoard.Start, 16 * PageSize, DmaEngines.General, 0));
            var dma = new DmaAllocator(Allocator, map, MovableTestBoard.Memory, null, 8, 8);
            var streaming = new DmaStreaming(dma);
            var camera = new DmaDevice("camera", DmaEngines.General) { MaxSegment = 65536 };
            dma.Attach(camera);
            var bus = new uint[8];
            for (int i = 0; i < 8; i += 2)
            {
                uint address = Movable.Pin(s_handles[i]);
                bus[i] = streaming.MapSingle(camera, address + PageSize, 16, DmaDirection.ToDevice);
                Movable.Unpin(s_handles[i]);
            }
            Assert.AreEqual(0u, Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(0L, Movable.PagesMigrated);
            Thrown.As(typeof(InvalidOperationException), () => Movable.Free(s_handles[0]), new[] { "free while mapped", "camera" });
            Assert.AreEqual(4, Movable.LiveCount);
            for (int i = 0; i < 8; i += 2)
            {
                streaming.UnmapSingle(camera, bus[i], 16, DmaDirection.ToDevice);
            }
            Assert.IsTrue(Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0) != 0);
            Whole();
        }

        [TestMethod]
        public void Unmovable_blocks_are_walls()
        {
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, 16), 16, MovablePages.NoLimit);
            var walls = new uint[4];
            for (int i = 0; i < 4; i++)
            {
                s_handles[i] = MovableTestBoard.Take(3, i);
                walls[i] = Allocator.AllocPages(GfpFlags.Dma, 0, 0);
            }
            Movable.Free(s_handles[1]);
            Movable.Free(s_handles[2]);
            Assert.AreEqual(0u, Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(1, Movable.CompactFailures);
            Allocator.FreePages(walls[1]);
            Assert.IsTrue(Allocator.AllocPagesExact(7 * PageSize, GfpFlags.Dma, 0) != 0);
        }

        [TestMethod]
        public void Where_no_hole_takes_a_block_blocks_slide_into_the_pages_before_them()
        {
            // _ _ a _ b b _ c c : the hole of 2 takes a and then, joined with the next hole, b and c.
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, 9), 16, MovablePages.NoLimit);
            int first = MovableTestBoard.Take(2, 9), a = MovableTestBoard.Take(1, 1), second = MovableTestBoard.Take(1, 9);
            int b = MovableTestBoard.Take(2, 2), third = MovableTestBoard.Take(1, 9), c = MovableTestBoard.Take(2, 3);
            Movable.Free(first);
            Movable.Free(second);
            Movable.Free(third);
            Assert.IsTrue(Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0) != 0);
            Assert.AreEqual(0, Allocator.ZoneAt(0).FreePages);
            Assert.IsTrue(MovableTestBoard.IsWhole(a, 1) && MovableTestBoard.IsWhole(b, 2) && MovableTestBoard.IsWhole(c, 3));
        }

        [TestMethod]
        public void Where_nothing_else_helps_blocks_slide_by_fewer_pages_than_they_have()
        {
            TwoSmallHoles(3);
            uint address = Allocator.AllocPagesExact(2 * PageSize, GfpFlags.Dma, 0);
            Assert.AreEqual(MovableTestBoard.Start + 3 * PageSize, address);
            Assert.AreEqual(0, Allocator.ZoneAt(0).FreePages);
            Assert.AreEqual(3, Movable.MaxStop);
            Slid();
        }

        [TestMethod]
        public void The_cheapest_window_slides()
        {
            // _ a a a a a _ b b b _ : two of the holes are enough, and moving b is cheaper.
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, 11), 16, 3);
            int first = MovableTestBoard.Take(1, 9), a = MovableTestBoard.Take(5, 1), second = MovableTestBoard.Take(1, 9);
            int b = MovableTestBoard.Take(3, 2);
            Movable.Free(first);
            Movable.Free(second);
            Assert.IsTrue(Allocator.AllocPagesExact(2 * PageSize, GfpFlags.Dma, 0) != 0);
            Assert.AreEqual(3L, Movable.PagesMigrated);
            Assert.AreEqual(1, MovableTestBoard.PageOf(a));
            Assert.AreEqual(6, MovableTestBoard.PageOf(b));
            Assert.IsTrue(MovableTestBoard.IsWhole(a, 1) && MovableTestBoard.IsWhole(b, 2));
        }

        [TestMethod]
        public void A_block_that_is_pinned_ends_the_windows_that_slide()
        {
            // _ a a _ b b b b _ : without a in between, this would be the cheaper window.
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, 9), 16, MovablePages.NoLimit);
            int first = MovableTestBoard.Take(1, 9), a = MovableTestBoard.Take(2, 1), second = MovableTestBoard.Take(1, 9);
            int b = MovableTestBoard.Take(4, 2);
            Movable.Free(first);
            Movable.Free(second);
            Movable.Pin(a);
            Assert.IsTrue(Allocator.AllocPagesExact(2 * PageSize, GfpFlags.Dma, 0) != 0);
            Assert.AreEqual(4L, Movable.PagesMigrated);
            Assert.IsTrue(MovableTestBoard.IsWhole(a, 1) && MovableTestBoard.IsWhole(b, 2));
        }

        [TestMethod]
        public void What_does_not_slide_within_the_budget_does_not_begin()
        {
            TwoSmallHoles(2);
            Assert.AreEqual(0u, Allocator.AllocPagesExact(2 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(0L, Movable.PagesMigrated);
            Assert.AreEqual(1, MovableTestBoard.PageOf(s_handles[0]));
        }

        /// <summary>Whichever copy of the request fails: nothing is held back, and the next request compacts again.</summary>
        [TestMethod]
        [DataRow("aa.bb.cc.", 3)]
        [DataRow("a.bb.cc", 2)]
        [DataRow("abb..cccdddee...FFFFggg....hhhiiijjj", 9)]
        public void A_copy_that_fails_costs_no_page(string layout, int wanted)
        {
            bool served = false;
            for (int copies = 0; !served; copies++)
            {
                int[] blocks = LayOut(0, layout);
                int free = Allocator.ZoneAt(0).FreePages;
                MovableTestBoard.Failing.CopiesLeft = copies;
                try
                {
                    served = Allocator.AllocPagesExact(wanted * PageSize, GfpFlags.Dma, 0) != 0;
                }
                catch (NotSupportedException)
                {
                    MovableTestBoard.Failing.CopiesLeft = int.MaxValue;
                    Assert.AreNotEqual(0u, Allocator.AllocPagesExact(wanted * PageSize, GfpFlags.Dma, 0), copies.ToString());
                    Assert.AreEqual(free - wanted, Allocator.ZoneAt(0).FreePages, copies.ToString());
                    for (int page = 0; page < layout.Length; page++)
                    {
                        Assert.IsTrue(blocks[page] == 0 || MovableTestBoard.IsWhole(blocks[page], page & 15), page.ToString());
                    }
                }
                Assert.IsFalse(MovableTestBoard.Lock.IsHeld);
            }
        }

        [TestMethod]
        public void A_copy_that_fails_half_way_is_finished_by_the_next_who_wants_the_block()
        {
            TwoSmallHoles(3);
            MovableTestBoard.Failing.CopiesLeft = 1;
            Fails(() => Allocator.AllocPagesExact(2 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(1, Allocator.ZoneAt(0).FreePages, "the gap is nobody's yet");
            Fails(() => Movable.Pin(s_handles[0]));
            Fails(() => Movable.Recover());
            Assert.AreEqual(0, Movable.PinsOf(s_handles[0]));
            Thrown.As(typeof(InvalidOperationException), () => Allocator.FreePages(MovableTestBoard.Start),
                new[] { "free of movable memory by its address" });
            MovableTestBoard.Failing.CopiesLeft = int.MaxValue;
            Assert.IsTrue(MovableTestBoard.IsWhole(s_handles[0], 1));
            Assert.AreEqual(0, MovableTestBoard.PageOf(s_handles[0]));
            Assert.AreEqual(2, Allocator.ZoneAt(0).FreePages);
            Assert.IsTrue(Allocator.AllocPagesExact(2 * PageSize, GfpFlags.Dma, 0) != 0);
            Slid();
        }

        [TestMethod]
        public void A_block_that_is_half_way_is_freed_as_a_whole()
        {
            TwoSmallHoles(3);
            MovableTestBoard.Failing.CopiesLeft = 2;
            Fails(() => Allocator.AllocPagesExact(2 * PageSize, GfpFlags.Dma, 0));
            Movable.Free(s_handles[0]);
            Assert.AreEqual(5, Allocator.ZoneAt(0).FreePages);
            Assert.AreEqual(5, Allocator.ZoneAt(0).LargestFreePages);
            Movable.Recover();
            Assert.IsTrue(MovableTestBoard.IsWhole(s_handles[1], 2));
        }

        [TestMethod]
        public void An_idle_loop_brings_the_free_pages_together_in_small_steps()
        {
            Comb(0);
            int steps = 0;
            for (int copied = Movable.Compact(2); copied != 0; copied = Movable.Compact(2))
            {
                Assert.IsTrue(copied <= 2);
                steps++;
            }
            Assert.AreEqual(8, Allocator.ZoneAt(0).LargestFreePages);
            Assert.IsTrue(steps > 1);
            Assert.AreEqual(0, Movable.CompactStalls, "nobody waited");
            Assert.AreEqual(0, Movable.Compact(16));
            Whole();
        }

        [TestMethod]
        public void Owners_move_with_their_blocks()
        {
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, 16), 16, MovablePages.NoLimit);
            var table = new OwnerTable(32);
            Allocator.TrackOwners(table);
            PageOwner camera = Allocator.RegisterOwner("camera");
            for (int i = 0; i < 8; i++)
            {
                s_handles[i] = Movable.AllocPagesExact(2 * PageSize, GfpFlags.Dma, camera);
            }
            for (int i = 1; i < 8; i += 2)
            {
                Movable.Free(s_handles[i]);
            }
            Assert.IsTrue(Allocator.AllocPagesExact(8 * PageSize, GfpFlags.Dma, 0) != 0);
            Assert.AreEqual(5, table.Count);
            Assert.AreEqual(8, Allocator.OwnerPages(camera));
            for (int i = 0; i < 8; i += 2)
            {
                uint address = Movable.Pin(s_handles[i]);
                int slot = table.Find(address);
                Assert.AreEqual((int)camera, (int)table.OwnerAt(slot));
                Assert.AreEqual(i + 1, table.SequenceAt(slot), "who was first stays first");
                Assert.AreEqual((int)camera, (int)Allocator.OwnerAt(address + PageSize));
                Movable.Unpin(s_handles[i]);
                Movable.Free(s_handles[i]);
            }
            Assert.AreEqual(1, table.Count);
            Assert.AreEqual(0, Allocator.OwnerPages(camera));
        }

        [TestMethod]
        public void An_owner_slides_with_its_block_over_the_place_of_another()
        {
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, 5), 16, MovablePages.NoLimit);
            PageOwner camera = Allocator.RegisterOwner("camera");
            int first = MovableTestBoard.Take(1, 9);
            int handle = Movable.AllocPagesExact(3 * PageSize, GfpFlags.Dma, camera);
            Movable.Free(first);
            Assert.IsTrue(Allocator.AllocPagesExact(2 * PageSize, GfpFlags.Dma, 0) != 0);
            Assert.AreEqual((int)camera, (int)Allocator.OwnerAt(MovableTestBoard.Start + 2 * PageSize));
            Assert.AreEqual(3, Allocator.OwnerPages(camera));
            Movable.Free(handle);
            Assert.AreEqual(0, Allocator.OwnerPages(camera));
        }

        [TestMethod]
        public void Hardened_pages_stay_where_they_are()
        {
            Comb(MovablePages.NoLimit);
            Allocator.Harden(new PageHardening(new FindingLog(8), true, true, 4));
            Assert.AreEqual(0u, Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(0, Movable.Compact(16));
            Assert.AreEqual(0L, Movable.PagesMigrated);
            Whole();
        }

        [TestMethod]
        public void Reports_count_what_was_moved_and_what_may_move()
        {
            Comb(MovablePages.NoLimit);
            Allocator.AllocPagesExact(4 * PageSize, GfpFlags.Dma, 0);
            Allocator.AllocPagesExact(5 * PageSize, GfpFlags.Dma, 0);
            Movable.Pin(s_handles[0]);
            Assert.Contains("\nalloc_fail 1\ncompact_stall 1\ncompact_fail 0\ncompact_success 1\npages_migrated 2\n",
                ProcText.VmStat(Allocator));
            Assert.Contains("\nNumber of pages type      Unmovable      Movable       Pinned \n"
                + "Node 0, zone      DMA            4            6            2 \n", ProcText.PageTypeInfo(Allocator));
        }

        /// <summary>Eight blocks of two pages, every second one freed.</summary>
        private static void Comb(int budget)
        {
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, 16), 16, budget);
            for (int i = 0; i < 8; i++)
            {
                s_handles[i] = MovableTestBoard.Take(2, i);
            }
            for (int i = 1; i < 8; i += 2)
            {
                Movable.Free(s_handles[i]);
            }
        }

        /// <summary>A free page, a block of three, a free page, a block of four.</summary>
        private static void TwoSmallHoles(int budget)
        {
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, 9), 16, budget);
            int first = MovableTestBoard.Take(1, 9);
            s_handles[0] = MovableTestBoard.Take(3, 1);
            int second = MovableTestBoard.Take(1, 9);
            s_handles[1] = MovableTestBoard.Take(4, 2);
            Movable.Free(first);
            Movable.Free(second);
        }

        private static void Slid()
        {
            Assert.AreEqual(3L, Movable.PagesMigrated);
            Assert.AreEqual(0, MovableTestBoard.PageOf(s_handles[0]));
            Assert.AreEqual(5, MovableTestBoard.PageOf(s_handles[1]));
            Assert.IsTrue(MovableTestBoard.IsWhole(s_handles[0], 1) && MovableTestBoard.IsWhole(s_handles[1], 2));
        }

        private static void Fails(Action action)
        {
            Thrown.As(typeof(NotSupportedException), action, new[] { "the copy failed" });
        }

        private static int[] Pin()
        {
            var places = new int[8];
            for (int i = 0; i < 8; i += 2)
            {
                Movable.Pin(s_handles[i]);
                places[i] = MovableTestBoard.PageOf(s_handles[i]);
            }
            return places;
        }

        private static void Whole()
        {
            for (int i = 0; i < 8; i += 2)
            {
                Assert.IsTrue(MovableTestBoard.IsWhole(s_handles[i], i), "block " + i.ToString());
            }
        }

        private static PageAllocator Allocator { get { return MovableTestBoard.Allocator; } }

        private static MovablePages Movable { get { return MovableTestBoard.Movable; } }
    }
}
