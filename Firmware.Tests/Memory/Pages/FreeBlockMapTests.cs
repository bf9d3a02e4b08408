using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class FreeBlockMapTests
    {
        [TestMethod]
        public void A_walk_tells_free_blocks_from_taken_ones_and_takes_them_whole()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 16, 0);
            Assert.AreEqual(0, map.Alloc(1, false));
            Assert.AreEqual(4, map.AllocRun(3, 1), "a block of 4 whose last page goes back");
            Assert.AreEqual(-2, map.ExtentAt(0));
            Assert.AreEqual(2, map.ExtentAt(2));
            Assert.AreEqual(-3, map.ExtentAt(4));
            Assert.AreEqual(1, map.ExtentAt(7));
            Assert.AreEqual(8, map.ExtentAt(8));
            Assert.AreEqual(0, map.ExtentAt(9), "nothing begins there");
            Assert.IsFalse(map.FitsExactly);
            Assert.IsFalse(map.TakeAt(0, 2), "taken");
            Assert.IsFalse(map.TakeAt(8, 4), "a part of a block");
            Assert.IsTrue(map.TakeAt(8, 8));
            Assert.AreEqual(8, map.BlockLength(8));
            Assert.AreEqual(8, map.Free(8));
            map.Free(0);
            map.Free(4);
            Assert.AreEqual(16, map.LargestFree());
        }

        /// <summary>A bit for each block and for each word with a free one, a code for each page, and tables by order and code.</summary>
        [TestMethod]
        [DataRow(16, 8 * (1 + 11 + 1) + 16 + 4 * (12 + 11 + 44))]
        [DataRow(2048, 8 * (64 + 11 + 1) + 2048 + 4 * (12 + 11 + 44))]
        [DataRow(4096, 8 * (128 + 11 + 3) + 4096 + 4 * (12 + 11 + 44))]
        public void Its_metadata_are_bits_codes_and_tables(int pages, int size)
        {
            Assert.AreEqual(size, PageMap.Create(PageMapKind.FreeBlocks, pages, 0).MetadataSize);
        }

        [TestMethod]
        public void A_trimmed_block_is_counted_wherever_it_lies()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 32, 0);
            Assert.AreEqual(0, map.Alloc(2, false));
            Assert.AreEqual(8, map.Alloc(3, false));
            map.Trim(8, 5);
            Assert.AreEqual(5, map.BlockLength(8));
            Assert.AreEqual(5, map.Free(8));
            Assert.AreEqual(4, map.Free(0));
            Assert.AreEqual(32, map.LargestFree());
        }

        /// <summary>Of three pages whose first is a multiple of 16 in other numbers: a page and a pair of them.</summary>
        [TestMethod]
        public void A_block_of_several_pieces_may_end_the_zone()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 16, 0);
            Assert.AreEqual(13, map.AllocRunAt(3, 3, 16, 0, 16));
            Assert.AreEqual(3, map.BlockLength(13));
            Assert.AreEqual(13, map.BlockAt(15));
            Assert.AreEqual(3, map.Free(13));
            Assert.AreEqual(16, map.LargestFree());
        }

        [TestMethod]
        public void A_walk_finds_what_was_kept_aside_once_it_is_drained()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 8, 4);
            map.Free(map.Alloc(0, false));
            map.Drain();
            Assert.AreEqual(8, map.ExtentAt(0));
        }

        [TestMethod]
        public void New_zone_holds_the_largest_aligned_blocks()
        {
            Assert.AreEqual("0 0 0 0 0 0 0 0 0 0 2", Counts(PageMap.Create(PageMapKind.FreeBlocks, 2048, 0)));
            Assert.AreEqual("1 1 1 1 1 1 0 1 0 0 0", Counts(PageMap.Create(PageMapKind.FreeBlocks, 191, 0)), "a bank of 786,364 bytes: 128+32+16+8+4+2+1");
            Assert.AreEqual("1 0 0 0 0 0 0 0 0 0 0", Counts(PageMap.Create(PageMapKind.FreeBlocks, 1, 0)));
            Assert.AreEqual("0 0 0 0 0 0 0 0 0 0 32", Counts(PageMap.Create(PageMapKind.FreeBlocks, 32768, 0)), "the reference board");
        }

        [TestMethod]
        public void Takes_the_smallest_sufficient_block_at_the_lowest_address()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 64, 0);
            Assert.AreEqual(0, map.Alloc(0, false));
            Assert.AreEqual(1, map.Alloc(0, false), "the buddy of the page just taken, not a split of anything larger");
            Assert.AreEqual(4, map.Alloc(2, false));
            Assert.AreEqual(2, map.Alloc(1, false));
            Assert.AreEqual(8, map.Alloc(0, false));
            Assert.AreEqual("1 1 1 0 1 1 0 0 0 0 0", Counts(map));
        }

        /// <summary>Bits have a summary of words that are not 0, which has a summary of its own. Free pages far apart are found, the lowest
        /// first, and are gone then.</summary>
        [TestMethod]
        [DataRow(4096)]
        [DataRow(16384)]
        public void Three_levels_find_the_lowest_free_page(int pages)
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, pages, 0);
            for (int page = 0; page < pages; page += 1024)
            {
                Assert.AreEqual(page, map.Alloc(10, false));
            }
            Assert.AreEqual(-1, map.Alloc(0, false));
            for (int page = 0; page < pages; page += 1024)
            {
                map.Free(page);
            }
            for (int page = 0; page < pages; page++)
            {
                Assert.AreEqual(page, map.Alloc(0, false));
            }
            Assert.AreEqual(-1, map.Alloc(0, false));
            for (int page = 5; page < pages; page += 331)
            {
                map.Free(page);
            }
            for (int page = 5; page < pages; page += 331)
            {
                Assert.AreEqual(page, map.Alloc(0, false));
                Assert.AreEqual(-1, map.Alloc(1, false));
            }
            Assert.AreEqual(-1, map.Alloc(0, false));
            for (int page = 0; page < pages; page += 20)
            {
                map.Free(page);
                map.Free(page + 1);
            }
            Assert.AreEqual(-1, map.Alloc(2, false), "two pages are no four");
            for (int page = 0; page < pages; page += 20)
            {
                Assert.AreEqual(page, map.Alloc(1, false));
                map.Trim(page, 1);
                Assert.AreEqual(page + 1, map.Alloc(0, false));
            }
            for (int page = pages - 1; page >= 0; page--)
            {
                Assert.AreEqual(1, map.Free(page));
            }
            var counts = new int[PageMap.MaxPageOrder + 1];
            map.CountFree(counts);
            Assert.AreEqual(pages / 1024, counts[PageMap.MaxPageOrder]);
        }

        [TestMethod]
        public void Merges_whatever_the_order_of_the_frees()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 8, 0);
            for (int i = 0; i < 8; i++)
            {
                Assert.AreEqual(i, map.Alloc(0, false));
            }
            Assert.AreEqual(-1, map.Alloc(0, false));
            int[] order = { 3, 0, 7, 4, 1, 6, 2, 5 };
            for (int i = 0; i < 8; i++)
            {
                Assert.AreEqual(1, map.Free(order[i]));
            }
            Assert.AreEqual(0, map.Alloc(3, false), "one block again");
        }

        [TestMethod]
        public void Does_not_merge_beyond_the_largest_order()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 4096, 0);
            int first = map.Alloc(10, false), second = map.Alloc(10, false);
            map.Free(second);
            map.Free(first);
            Assert.AreEqual("0 0 0 0 0 0 0 0 0 0 4", Counts(map));
        }

        [TestMethod]
        public void Refuses_frees_that_are_no_block_and_changes_nothing()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 64, 0);
            map.Alloc(0, false);
            int block = map.Alloc(2, false);
            string before = Counts(map);
            Assert.AreEqual(0, map.Free(block + 1), "interior");
            Assert.AreEqual(0, map.Free(63), "never taken");
            Assert.AreEqual(before, Counts(map));
            Assert.AreEqual(4, map.Free(block));
            before = Counts(map);
            Assert.AreEqual(0, map.Free(block), "double");
            Assert.AreEqual(before, Counts(map));
        }

        [TestMethod]
        public void Sees_a_double_free_of_a_parked_block()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 64, 4);
            int page = map.Alloc(1, false);
            Assert.AreEqual(2, map.Free(page));
            Assert.AreEqual(0, map.Free(page));
            Assert.AreEqual(0, map.BlockLength(page), "a parked block is free");
            Assert.AreEqual(-1, map.BlockAt(page));
            Assert.AreEqual(page, map.Alloc(1, false));
        }

        [TestMethod]
        public void Parked_blocks_count_as_free_and_give_way_to_a_larger_request()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 16, 4);
            int page = map.Alloc(0, false);
            map.Free(page);
            Assert.AreEqual("2 1 1 1 0 0 0 0 0 0 0", Counts(map), "not merged yet");
            Assert.AreEqual(0, map.Alloc(4, false), "drained and merged, for the request that needs it");
        }

        [TestMethod]
        public void Trimmed_block_is_freed_as_one_by_its_address()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 64, 0);
            int page = map.AllocRun(38, 1);
            Assert.AreEqual(0, page);
            Assert.AreEqual(38, map.BlockLength(page));
            Assert.AreEqual("0 1 0 1 1 0 0 0 0 0 0", Counts(map), "64 - 38 = 2 + 8 + 16");
            Assert.AreEqual(page, map.BlockAt(37));
            Assert.AreEqual(-1, map.BlockAt(38));
            Assert.AreEqual(0, map.Free(32), "a piece of it is no block");
            Assert.AreEqual(38, map.Free(page));
            Assert.AreEqual(0, map.Alloc(6, false));
        }

        [TestMethod]
        public void Can_be_trimmed_again_down_to_a_page()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 64, 0);
            int page = map.AllocRun(38, 1);
            map.Trim(page, 5);
            Assert.AreEqual(5, map.BlockLength(page));
            map.Trim(page, 1);
            Assert.AreEqual(1, map.Free(page));
            Assert.AreEqual(0, map.Alloc(6, false));
        }

        [TestMethod]
        public void Run_with_an_alignment_lies_on_it()
        {
            var map = PageMap.Create(PageMapKind.FreeBlocks, 64, 0);
            map.Alloc(0, false);
            int page = map.AllocRun(3, 16);
            Assert.AreEqual(16, page);
            Assert.AreEqual(3, map.BlockLength(page));
        }

        [TestMethod]
        [DataRow(0, 0)]
        [DataRow(-1, 0)]
        [DataRow(131073, 0)]
        [DataRow(64, -1)]
        [DataRow(64, 12)]
        public void Refuses_sizes_that_are_none(int pages, int hotOrders)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => PageMap.Create(PageMapKind.FreeBlocks, pages, hotOrders));
        }

        internal static string Counts(PageMap map)
        {
            var counts = new int[PageMap.MaxPageOrder + 1];
            map.CountFree(counts);
            string text = counts[0].ToString();
            for (int order = 1; order < counts.Length; order++)
            {
                text += " " + counts[order].ToString();
            }
            return text;
        }
    }
}
