using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class GroupedBlockMapTests
    {
        // 2048 pages: pageblocks of 64 pages.
        private const int PageBlock = 64;

        [TestMethod]
        public void A_pageblock_that_is_lent_is_one_taken_block_to_a_walk()
        {
            var map = PageMap.Create(PageMapKind.GroupedFreeBlocks, 1024, 0);
            int small = map.Alloc(0, false), block = 1 << map.PageblockOrder, first = small / block * block;
            Assert.AreEqual(-block, map.ExtentAt(first));
            Assert.IsFalse(map.TakeAt(first, block));
            int other = first == 0 ? block : 0, length = map.ExtentAt(other);
            Assert.IsTrue(length > 0);
            Assert.IsTrue(map.TakeAt(other, length));
            Assert.AreEqual(length, map.Free(other));
        }

        [TestMethod]
        [DataRow(1, 1)]
        [DataRow(3, 4)]
        [DataRow(4, 4)]
        [DataRow(65, 128)]
        public void A_run_comes_out_of_a_block(int pages, int block)
        {
            Assert.AreEqual(block, PageMap.Create(PageMapKind.GroupedFreeBlocks, 2048, 0).BlockFor(pages));
        }

        [TestMethod]
        public void Small_unmovable_blocks_stay_in_one_pageblock()
        {
            var map = PageMap.Create(PageMapKind.GroupedFreeBlocks, 2048, 0);
            int small = map.Alloc(0, false);
            int large = map.Alloc(4, false);
            int next = map.Alloc(1, false);
            Assert.AreEqual(small / PageBlock, next / PageBlock);
            Assert.IsTrue(large / PageBlock != small / PageBlock, "a large block does not share it");
            Assert.IsTrue(map.Alloc(0, true) / PageBlock != small / PageBlock, "nor does a movable one");
        }

        [TestMethod]
        public void Empty_pageblock_goes_back()
        {
            var map = PageMap.Create(PageMapKind.GroupedFreeBlocks, 2048, 0);
            string fresh = FreeBlockMapTests.Counts(map);
            int page = map.Alloc(0, false);
            Assert.IsTrue(FreeBlockMapTests.Counts(map) != fresh);
            Assert.AreEqual(1, map.Free(page));
            Assert.AreEqual(fresh, FreeBlockMapTests.Counts(map));
        }

        [TestMethod]
        public void Lent_pageblock_cannot_be_freed_as_a_block()
        {
            var map = PageMap.Create(PageMapKind.GroupedFreeBlocks, 2048, 0);
            int first = map.Alloc(0, false);
            map.Alloc(0, false);
            map.Free(first);
            string before = FreeBlockMapTests.Counts(map);
            Assert.AreEqual(0, map.Free(first), "the pageblock begins at this page, and it is nobody's to free");
            Assert.AreEqual(before, FreeBlockMapTests.Counts(map));
        }

        [TestMethod]
        public void Fails_only_when_neither_part_has_a_block()
        {
            var map = PageMap.Create(PageMapKind.GroupedFreeBlocks, 128, 0);
            int taken = 0;
            while (map.Alloc(0, false) >= 0)
            {
                taken++;
            }
            Assert.AreEqual(128, taken, "small blocks may have everything");
            Assert.AreEqual(-1, map.Alloc(0, true));
        }

        [TestMethod]
        public void Large_request_takes_what_is_left_of_a_lent_pageblock()
        {
            var map = PageMap.Create(PageMapKind.GroupedFreeBlocks, 64, 0);
            map.Alloc(0, false);
            while (map.Alloc(4, true) >= 0)
            {
            }
            Assert.AreEqual(0, FreeBlocksFrom(map, 4), "nothing of order 4 may be left over");
        }

        [TestMethod]
        public void Pageblock_that_draining_made_whole_is_given_to_a_large_request()
        {
            // Pageblocks of 16 pages: 0 and 16 are lent and filled, 32 and 48 are taken whole.
            var map = PageMap.Create(PageMapKind.GroupedFreeBlocks, 64, 4);
            int[] orders = { 2, 2, 2, 1, 1, 0, 0, 1, 2, 3 };
            int[] pages = { 0, 4, 8, 12, 14, 16, 17, 18, 20, 24 };
            for (int i = 0; i < orders.Length; i++)
            {
                Assert.AreEqual(pages[i], map.Alloc(orders[i], false));
            }
            Assert.AreEqual(32, map.Alloc(5, true));
            for (int i = 0; i < orders.Length - 1; i++)
            {
                map.Free(pages[i]);
            }
            Assert.AreEqual(16, map.Alloc(3, false), "found by draining the slots, which makes the pageblock at 0 whole as well");
            Assert.AreEqual(0, map.Alloc(4, true));
        }

        [TestMethod]
        public void Zone_too_small_for_pageblocks_is_a_plain_buddy()
        {
            var map = PageMap.Create(PageMapKind.GroupedFreeBlocks, 8, 0);
            Assert.AreEqual(0, map.Alloc(0, false));
            Assert.AreEqual(4, map.Alloc(2, false));
            Assert.AreEqual(1, map.Free(0));
            Assert.AreEqual(4, map.Free(4));
            Assert.AreEqual(0, map.Alloc(3, false));
        }

        private static int FreeBlocksFrom(PageMap map, int order)
        {
            var counts = new int[PageMap.MaxPageOrder + 1];
            map.CountFree(counts);
            int blocks = 0;
            for (; order < counts.Length; order++)
            {
                blocks += counts[order];
            }
            return blocks;
        }
    }
}
