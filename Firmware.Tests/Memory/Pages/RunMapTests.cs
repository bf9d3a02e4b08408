using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class RunMapTests
    {
        [TestMethod]
        public void Takes_exactly_what_is_asked_for()
        {
            var map = PageMap.Create(PageMapKind.Runs, 191);
            Assert.AreEqual(0, map.AllocRun(38, 1));
            Assert.AreEqual(38, map.AllocRun(38, 1));
            Assert.AreEqual(76, map.AllocRun(115, 1), "the rest, to the last page");
            Assert.AreEqual(-1, map.AllocRun(1, 1));
            Assert.AreEqual(38, map.Free(38));
            Assert.AreEqual(38, map.AllocRun(38, 1));
        }

        /// <summary>Six free runs are compared. If seven are freed in ascending order, the lowest is the last in its list.</summary>
        [TestMethod]
        [DataRow(6, 0)]
        [DataRow(7, 3)]
        public void The_lowest_of_six_runs_takes_what_stays_for_ever(int runs, int expected)
        {
            var map = PageMap.Create(PageMapKind.Runs, 3 * runs + 1);
            for (int i = 0; i < runs; i++)
            {
                Assert.AreEqual(3 * i, map.AllocRun(2, 1));
                map.AllocRun(1, 1);
            }
            map.AllocRun(1, 1);
            for (int i = 0; i < runs; i++)
            {
                map.Free(3 * i);
            }
            Assert.AreEqual(expected, map.AllocRunGrouped(2, 1, false));
        }

        [TestMethod]
        public void The_lowest_of_six_lengths_takes_what_stays_for_ever()
        {
            // Free runs of 15, 14, 13, 12, 11 and 10 pages from the lowest up: all are about as long as ten.
            var map = PageMap.Create(PageMapKind.Runs, 81);
            for (int pages = 15; pages >= 10; pages--)
            {
                map.AllocRun(pages, 1);
                map.AllocRun(1, 1);
            }
            for (int page = 0, pages = 15; pages >= 10; page += pages + 1, pages--)
            {
                Assert.AreEqual(pages, map.Free(page));
            }
            Assert.AreEqual(0, map.AllocRunGrouped(10, 1, false));
        }

        /// <summary>A short request that no short run serves takes from the first bin of long runs that is not empty. Runs of 64 to 79 pages
        /// share the first of them.</summary>
        [TestMethod]
        [DataRow(100, 0)]
        [DataRow(100, 100)]
        [DataRow(70, 0)]
        [DataRow(70, 70)]
        public void The_only_long_run_of_a_bin_that_merges_leaves_it_empty(int pages, int first)
        {
            var map = PageMap.Create(PageMapKind.Runs, 2 * pages);
            map.AllocRun(pages, 1);
            map.AllocRun(pages, 1);
            map.Free(first);
            map.Free(pages - first);
            Assert.AreEqual(0, map.AllocRun(10, 1));
            map.Free(0);
            Assert.IsTrue(map.TakeAt(0, pages));
            Assert.AreEqual(-1, map.AllocRun(pages + 1, 1));
            Assert.AreEqual(pages, map.AllocRun(10, 1));
        }

        [TestMethod]
        [DataRow(100)]
        [DataRow(70)]
        public void The_only_long_run_of_a_bin_that_is_taken_leaves_it_empty(int pages)
        {
            var map = PageMap.Create(PageMapKind.Runs, 300);
            map.AllocRun(pages, 1);
            map.AllocRun(1, 1);
            map.Free(0);
            Assert.IsTrue(map.TakeAt(0, pages));
            Assert.AreEqual(pages + 1, map.AllocRun(10, 1));
        }

        /// <summary>The shortest comes last in its list, behind so many longer ones.</summary>
        [TestMethod]
        [DataRow(5, true)]
        [DataRow(6, false)]
        public void Six_long_runs_of_a_bin_are_compared(int longer, bool isFound)
        {
            var map = PageMap.Create(PageMapKind.Runs, 1000);
            var pages = new int[longer];
            map.AllocRun(65, 1);
            for (int i = 0; i < longer; i++)
            {
                map.AllocRun(1, 1);
                pages[i] = map.AllocRun(70, 1);
            }
            map.AllocRun(1, 1);
            map.Free(0);
            for (int i = 0; i < longer; i++)
            {
                map.Free(pages[i]);
            }
            Assert.AreEqual(isFound, map.AllocRun(64, 1) == 0);
        }

        [TestMethod]
        public void Long_runs_that_merge_leave_their_bin()
        {
            var map = PageMap.Create(PageMapKind.Runs, 400);
            for (int i = 0; i < 4; i++)
            {
                Assert.AreEqual(100 * i, map.AllocRun(100, 1));
            }
            map.Free(0);
            map.Free(200);
            map.Free(100);
            Assert.AreEqual(-1, map.AllocRun(301, 1));
            Assert.AreEqual(0, map.AllocRun(300, 1));
            Assert.AreEqual(-1, map.AllocRun(100, 1));
            map.Free(300);
            Assert.AreEqual(300, map.AllocRun(70, 1));
            Assert.AreEqual(30, map.LargestFree());
            Assert.AreEqual(70, map.Free(300));
            Assert.AreEqual(100, map.LargestFree());
        }

        [TestMethod]
        [DataRow(16, 2 * (18 + 18 + 64 + 17))]
        [DataRow(62, 2 * (64 + 64 + 64 + 63))]
        [DataRow(191, 2 * (193 + 193 + 256 + 72) + 12)]
        [DataRow(32000, 2 * (32002 + 32002 + 32064 + 128) + 2001)]
        public void Its_metadata_are_tags_links_anchors_and_the_bins_of_lengths(int pages, int size)
        {
            Assert.AreEqual(size, PageMap.Create(PageMapKind.Runs, pages).MetadataSize);
        }

        [TestMethod]
        public void A_walk_tells_free_runs_from_taken_blocks()
        {
            var map = PageMap.Create(PageMapKind.Runs, 10);
            int a = map.AllocRun(3, 1), b = map.AllocRun(2, 1);
            map.Free(a);
            Assert.AreEqual(3, map.ExtentAt(0));
            Assert.AreEqual(-2, map.ExtentAt(b));
            Assert.AreEqual(5, map.ExtentAt(5));
            Assert.IsTrue(map.FitsExactly);
        }

        [TestMethod]
        public void A_run_is_taken_where_the_caller_says()
        {
            var map = PageMap.Create(PageMapKind.Runs, 10);
            map.AllocRun(3, 1);
            Assert.IsFalse(map.TakeAt(0, 1), "taken");
            Assert.IsFalse(map.TakeAt(3, 8), "too long");
            Assert.AreEqual(7, map.LargestFree());
            Assert.IsTrue(map.TakeAt(3, 2));
            Assert.AreEqual(2, map.BlockLength(3));
            Assert.AreEqual(5, map.ExtentAt(5));
            Assert.IsTrue(map.TakeAt(5, 5), "a whole run");
            Assert.AreEqual(0, map.LargestFree());
            map.Free(3);
            map.Free(5);
            Assert.AreEqual(7, map.LargestFree());
        }

        [TestMethod]
        public void Two_blocks_become_one_that_is_trimmed_and_freed_as_one()
        {
            var map = PageMap.Create(PageMapKind.Runs, 10);
            map.AllocRun(2, 1);
            map.AllocRun(5, 1);
            map.Join(0);
            Assert.AreEqual(7, map.BlockLength(0));
            Assert.AreEqual(0, map.BlockLength(2));
            Assert.AreEqual(0, map.BlockAt(6));
            Assert.AreEqual(0, map.Free(2), "no block begins there any more");
            map.Trim(0, 5);
            Assert.AreEqual(5, map.LargestFree());
            Assert.AreEqual(5, map.Free(0));
            Assert.AreEqual(10, map.LargestFree());
        }

        [TestMethod]
        public void Best_fit_leaves_the_long_run_alone()
        {
            var map = PageMap.Create(PageMapKind.Runs, 200);
            int a = map.AllocRun(10, 1), b = map.AllocRun(5, 1), c = map.AllocRun(7, 1);
            map.AllocRun(1, 1);
            map.Free(a);
            map.Free(c);
            Assert.AreEqual(c, map.AllocRun(6, 1), "7 is the shortest that holds 6");
            Assert.AreEqual(a, map.AllocRun(6, 1), "then 10, not the rest of 177");
            Assert.AreEqual(5, map.Free(b));
        }

        /// <summary>Of free runs of 94 and 90 pages, which share a bin, whichever comes first in its list.</summary>
        [TestMethod]
        [DataRow(0, 1)]
        [DataRow(0, 2)]
        [DataRow(95, 1)]
        [DataRow(95, 2)]
        public void Long_runs_are_best_fit_inside_their_bin(int freedFirst, int alignment)
        {
            var map = PageMap.Create(PageMapKind.Runs, 1000);
            map.AllocRun(94, 1);
            map.AllocRun(1, 1);
            Assert.AreEqual(95, map.AllocRun(90, 1));
            map.AllocRun(1, 1);
            map.Free(freedFirst);
            map.Free(95 - freedFirst);
            Assert.AreEqual(95 + alignment - 1, map.AllocRun(80, alignment));
        }

        /// <summary>Six runs of the own bin are looked at, then the next bin; but none is refused while there is one.</summary>
        [TestMethod]
        public void A_long_run_behind_many_shorter_ones_is_found_before_a_refusal()
        {
            var map = PageMap.Create(PageMapKind.Runs, 2048);
            var pages = new int[12];
            for (int i = 0; i < pages.Length; i++)
            {
                pages[i] = map.AllocRun(i == 0 ? 70 : 66, 1);
                map.AllocRun(1, 1);
            }
            int rest = map.AllocRun(map.LargestFree() - 100, 1);
            map.Free(pages[0]);
            for (int i = 1; i < pages.Length; i++)
            {
                map.Free(pages[i]);
            }
            int longer = map.AllocRun(68, 1);
            Assert.IsTrue(longer > rest, "from the next bin: the run of 70 lies behind eleven of 66");
            map.AllocRun(32, 1);
            Assert.AreEqual(pages[0], map.AllocRun(68, 1), "the last place there is");
            Assert.AreEqual(-1, map.AllocRun(68, 1));
        }

        [TestMethod]
        public void Long_runs_come_from_the_high_end_once_the_map_is_told()
        {
            PageMap map = PageMap.Create(PageMapKind.Runs, 200), other = PageMap.Create(PageMapKind.Runs, 200);
            var zones = new[] { new Zone("NORMAL", ZoneKind.Normal, 4096 * 256, map), new Zone("DMA", ZoneKind.Dma, 4096 * 1024, other) };
            var pages = new PageAllocator(zones, 4096, null, null);
            Assert.AreEqual(0, map.AllocRun(38, 1));
            pages.ExpectFrames(38 * 4096 + 1000);
            pages.ExpectFrames(100 * 4096);
            Assert.AreEqual(162, map.AllocRun(38, 1));
            Assert.AreEqual(38, map.AllocRun(37, 1));
            Assert.AreEqual(162, other.AllocRun(38, 1), "every zone");
            Assert.AreEqual(75, map.AllocRun(87, 1), "all of a run");
            pages.ExpectFrames(3 * 4096);
            Assert.AreEqual(0, other.AllocRun(4, 1), "3 pages are no frame");
            pages.ExpectFrames(4 * 4096);
            Assert.AreEqual(4, other.AllocRun(3, 1));
            Assert.AreEqual(158, other.AllocRun(4, 1));
            Assert.AreEqual(8, other.AllocRun(8, 8), "an alignment is looked for from the low end");
        }

        [TestMethod]
        public void Of_runs_of_one_length_the_lowest_is_taken_once_the_map_is_told()
        {
            PageMap map = PageMap.Create(PageMapKind.Runs, 200);
            var allocator = new PageAllocator(new[] { new Zone("NORMAL", ZoneKind.Normal, 4096 * 256, map) }, 4096, null, null);
            for (int page = 0; page < 200; page += 5)
            {
                map.AllocRun(3, 1);
                map.AllocRun(2, 1);
            }
            FreeInOrder(map, 20, 0, 30, 10);
            Assert.AreEqual(10, map.AllocRun(3, 1), "the one that was freed last");
            map.Free(10);
            allocator.ExpectFrames(38 * 4096);
            Assert.AreEqual(0, map.AllocRun(3, 1));
            Assert.AreEqual(10, map.AllocRun(2, 1), "no run of two is free");
            Assert.AreEqual(12, map.AllocRun(1, 1), "the rest fits better than a lower run");
            map.Free(0);
            FreeInOrder(map, 50, 60, 70);
            Assert.AreEqual(0, map.AllocRun(3, 1), "the fourth that is looked at");
            map.Free(0);
            FreeInOrder(map, 80, 90, 100, 110);
            Assert.AreEqual(80, map.AllocRun(3, 1), "beyond four it looks at none");
        }

        private static void FreeInOrder(PageMap map, params int[] pages)
        {
            foreach (int page in pages)
            {
                map.Free(page);
            }
        }

        [TestMethod]
        public void A_page_tells_its_block_wherever_it_lies()
        {
            var map = PageMap.Create(PageMapKind.Runs, 300);
            map.AllocRun(3, 1);
            map.AllocRun(2, 1);
            map.AllocRun(290, 1);
            map.Free(3);
            int[] pages = { 0, 2, 3, 4, 5, 6, 150, 294, 295, 299 }, blocks = { 0, 0, -1, -1, 5, 5, 5, 5, -1, -1 };
            for (int i = 0; i < pages.Length; i++)
            {
                Assert.AreEqual(blocks[i], map.BlockAt(pages[i]), pages[i].ToString());
            }
        }

        [TestMethod]
        public void Merges_both_ways()
        {
            var map = PageMap.Create(PageMapKind.Runs, 30);
            int a = map.AllocRun(10, 1), b = map.AllocRun(10, 1), c = map.AllocRun(10, 1);
            map.Free(a);
            map.Free(c);
            map.Free(b);
            Assert.AreEqual(30, map.LargestFree());
            Assert.AreEqual(0, map.AllocRun(30, 1));
        }

        [TestMethod]
        public void Alignment_is_honoured_and_nothing_is_lost()
        {
            var map = PageMap.Create(PageMapKind.Runs, 64);
            Assert.AreEqual(0, map.AllocRun(3, 1));
            Assert.AreEqual(16, map.AllocRun(5, 16));
            Assert.AreEqual(32, map.AllocRun(16, 16));
            map.Free(0);
            map.Free(16);
            map.Free(32);
            Assert.AreEqual(64, map.LargestFree());
        }

        [TestMethod]
        public void Blocks_by_order_are_aligned_to_their_size()
        {
            var map = PageMap.Create(PageMapKind.Runs, 100);
            map.AllocRun(1, 1);
            Assert.AreEqual(16, map.Alloc(4, false));
            Assert.AreEqual(32, map.Alloc(5, false));
        }

        [TestMethod]
        public void Refuses_frees_that_are_no_block_and_changes_nothing()
        {
            var map = PageMap.Create(PageMapKind.Runs, 50);
            int page = map.AllocRun(10, 1);
            string before = FreeBlockMapTests.Counts(map);
            Assert.AreEqual(0, map.Free(page + 3), "interior");
            Assert.AreEqual(0, map.Free(49), "the last page of a free run");
            Assert.AreEqual(0, map.Free(10), "the first page of a free run");
            Assert.AreEqual(before, FreeBlockMapTests.Counts(map));
            Assert.AreEqual(10, map.Free(page));
            Assert.AreEqual(0, map.Free(page), "double");
        }

        [TestMethod]
        public void Trim_gives_the_tail_back()
        {
            var map = PageMap.Create(PageMapKind.Runs, 50);
            int page = map.AllocRun(20, 1);
            map.Trim(page, 7);
            Assert.AreEqual(7, map.BlockLength(page));
            Assert.AreEqual(43, map.LargestFree());
            Assert.AreEqual(page, map.BlockAt(6));
            Assert.AreEqual(-1, map.BlockAt(7));
        }

        /// <summary>Free runs of 8, 5, 4, 6 and 7 pages, in this order; all other pages are taken.</summary>
        private static PageMap WithHoles()
        {
            var map = PageMap.Create(PageMapKind.Runs, 200);
            int[] lengths = { 8, 5, 4, 6, 7 };
            var pages = new int[lengths.Length];
            for (int i = 0; i < lengths.Length; i++)
            {
                pages[i] = map.AllocRun(lengths[i], 1);
                map.AllocRun(1, 1);
            }
            for (int i = 0; i < lengths.Length; i++)
            {
                map.Free(pages[i]);
            }
            return map;
        }

        [TestMethod]
        public void What_stays_beside_movable_memory_goes_low_where_it_fits_about_as_well()
        {
            PageMap map = WithHoles();
            Assert.AreEqual(9, map.AllocRunGrouped(4, 1, false), "5 pages at 9 rather than 4 at 15; 8 at 0 are too many");
            Assert.AreEqual(15, map.AllocRunGrouped(2, 1, false), "the page at 13 holds no two");
            Assert.AreEqual(0, map.AllocRunGrouped(6, 1, false), "8 are not more than half as many again as 6");
            Assert.AreEqual(35, map.AllocRunGrouped(64, 1, false), "no hole holds it: the rest");
            Assert.AreEqual(-1, map.AllocRunGrouped(190, 1, false));
        }

        [TestMethod]
        public void What_moves_or_is_aligned_goes_where_it_fits_best()
        {
            PageMap map = WithHoles();
            Assert.AreEqual(15, map.AllocRunGrouped(4, 1, true));
            Assert.AreEqual(20, map.AllocRunGrouped(4, 4, false), "6 pages at 20; the 5 at 9 hold no aligned 4");
            Assert.AreEqual(0, map.AllocRun(8, 1), "whoever shares a zone with nothing movable has best fit");
        }

        [TestMethod]
        public void Free_runs_count_as_the_blocks_that_they_consist_of()
        {
            var map = PageMap.Create(PageMapKind.Runs, 64);
            map.AllocRun(38, 1);
            Assert.AreEqual("0 1 0 1 1 0 0 0 0 0 0", FreeBlockMapTests.Counts(map), "38..63 is 2 + 8 + 16 pages");
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(32001)]
        public void Refuses_sizes_that_are_none(int pages)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => PageMap.Create(PageMapKind.Runs, pages));
        }
    }
}
