using System;
using Carveout.Diagnostics;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Handles: their blocks, their life, and refusals.</summary>
    [TestClass]
    public class MovablePagesTests
    {
        private const int PageSize = MovableTestBoard.PageSize;

        [TestMethod]
        public void A_handle_stands_for_whole_pages_until_it_is_freed()
        {
            Boot(4);
            int handle = Movable.AllocPagesExact(2 * PageSize + 1, GfpFlags.Dma | GfpFlags.Zero, 0);
            Assert.IsTrue(handle > 0);
            Assert.AreEqual(3 * PageSize, Movable.SizeOf(handle));
            Assert.AreEqual(13, Allocator.ZoneAt(0).FreePages);
            Assert.AreEqual(1, Movable.LiveCount);
            Movable.Free(handle);
            Assert.AreEqual(16, Allocator.ZoneAt(0).FreePages);
            Assert.AreEqual(0, Movable.LiveCount);
        }

        [TestMethod]
        public void A_block_of_an_order_is_aligned_to_its_size()
        {
            Boot(4);
            Movable.AllocPagesExact(PageSize, GfpFlags.Dma, 0);
            int handle = Movable.AllocPages(GfpFlags.Dma, 2, 0);
            Assert.AreEqual(4 * PageSize, Movable.SizeOf(handle));
            Assert.AreEqual(0, MovableTestBoard.PageOf(handle) % 4);
        }

        [TestMethod]
        public void Pins_are_counted()
        {
            Boot(4);
            int handle = Movable.AllocPagesExact(PageSize, GfpFlags.Dma, 0);
            uint address = Movable.Pin(handle);
            Assert.AreEqual(address, Movable.Pin(handle));
            Assert.AreEqual(2, Movable.PinsOf(handle));
            Assert.AreEqual(1, Movable.PinnedCount);
            Movable.Unpin(handle);
            Assert.AreEqual(1, Movable.PinnedCount);
            Movable.Unpin(handle);
            Assert.AreEqual(0, Movable.PinsOf(handle));
            Assert.AreEqual(0, Movable.PinnedCount);
            Thrown.As(typeof(InvalidOperationException), () => Movable.Unpin(handle),
                new[] { "unpin without pin", "0x00010000", "0xc0000000 (256 bytes, owner 'unknown')" });
        }

        [TestMethod]
        public void A_stale_handle_is_refused_by_every_call_and_says_who_has_its_slot()
        {
            Boot(1);
            PageOwner camera = Allocator.RegisterOwner("camera");
            int old = Movable.AllocPagesExact(PageSize, GfpFlags.Dma, camera);
            Movable.Free(old);
            Thrown.As(typeof(InvalidOperationException), () => Movable.Pin(old),
                new[] { "stale handle", "Pin", "0x00010000", "slot 0", "2 and free" });
            int handle = Movable.AllocPagesExact(PageSize, GfpFlags.Dma, camera);
            Assert.IsTrue(handle != old);
            string[] words = new[] { "stale handle", "generation 2", "handle 0x00020000", "0xc0000000 (256 bytes, owner 'camera')" };
            Thrown.As(typeof(InvalidOperationException), () => Movable.Pin(old), words);
            Thrown.As(typeof(InvalidOperationException), () => Movable.Unpin(old), words);
            Thrown.As(typeof(InvalidOperationException), () => Movable.Free(old), words);
            Thrown.As(typeof(InvalidOperationException), () => Movable.SizeOf(old), words);
            Thrown.As(typeof(InvalidOperationException), () => Movable.PinsOf(old), words);
            Assert.AreEqual(PageSize, Movable.SizeOf(handle));
            Assert.AreEqual(0, Movable.PinsOf(handle));
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(0x7FFFFFFF)]
        [DataRow(0x00010004)]
        public void What_never_was_a_handle_is_refused(int handle)
        {
            Boot(4);
            Movable.AllocPagesExact(PageSize, GfpFlags.Dma, 0);
            Thrown.As(typeof(InvalidOperationException), () => Movable.Pin(handle), new[] { "wild handle", "Pin", "among 4" });
        }

        [TestMethod]
        public void A_slot_is_used_again_as_late_as_possible_and_generations_begin_anew()
        {
            Boot(2);
            int first = Movable.AllocPagesExact(PageSize, GfpFlags.Dma, 0);
            Movable.Free(first);
            Assert.AreEqual(1, Movable.AllocPagesExact(PageSize, GfpFlags.Dma, 0) & 0xFFFF, "the other slot");
            for (int i = 2; i <= 32767; i++)
            {
                Movable.Free(Movable.AllocPagesExact(PageSize, GfpFlags.Dma, 0));
            }
            Assert.AreEqual(first, Movable.AllocPagesExact(PageSize, GfpFlags.Dma, 0), "32,767 generations later");
        }

        [TestMethod]
        public void Without_a_handle_there_is_no_block()
        {
            Boot(1);
            Movable.AllocPagesExact(PageSize, GfpFlags.Dma, 0);
            Assert.AreEqual(0, Movable.AllocPagesExact(PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(0, Movable.AllocPages(GfpFlags.Dma, 0, 0));
            Assert.AreEqual(2, Movable.HandleFailureCount);
            Assert.AreEqual(15, Allocator.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Want_of_memory_is_no_exception_and_takes_no_handle()
        {
            Boot(2);
            Movable.AllocPagesExact(10 * PageSize, GfpFlags.Dma, 0);
            Assert.AreEqual(0, Movable.AllocPagesExact(7 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(1, Movable.LiveCount);
            Assert.AreEqual(0, Movable.HandleFailureCount);
            Assert.IsTrue(Movable.AllocPagesExact(6 * PageSize, GfpFlags.Dma, 0) != 0);
        }

        [TestMethod]
        public void Sizes_orders_and_owners_that_are_none_are_refused()
        {
            Boot(2);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => Movable.AllocPagesExact(0, GfpFlags.Dma, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => Movable.AllocPagesExact(17 * PageSize, GfpFlags.Dma, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => Movable.AllocPagesExact(1, GfpFlags.Dma, (PageOwner)7));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => Movable.AllocPages(GfpFlags.Dma, 11, 0));
            Assert.AreEqual(0, Movable.LiveCount);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => Movable.Budget = -1);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => Movable.Compact(-1));
        }

        [TestMethod]
        public void A_pinned_block_is_not_freed()
        {
            Boot(2);
            int handle = Movable.AllocPagesExact(2 * PageSize, GfpFlags.Dma, Allocator.RegisterOwner("camera"));
            Movable.Pin(handle);
            Movable.Pin(handle);
            Thrown.As(typeof(InvalidOperationException), () => Movable.Free(handle),
                new[] { "free while pinned", "0x00010000", "512 bytes, owner 'camera'", "pinned 2 times" });
            Assert.AreEqual(14, Allocator.ZoneAt(0).FreePages);
            Movable.Unpin(handle);
            Movable.Unpin(handle);
            Movable.Free(handle);
        }

        [TestMethod]
        public void Its_address_neither_frees_nor_trims_it()
        {
            for (int tracked = 0; tracked < 2; tracked++)
            {
                Boot(2);
                if (tracked == 1)
                {
                    Allocator.TrackOwners(new OwnerTable(16));
                }
                int handle = Movable.AllocPagesExact(2 * PageSize, GfpFlags.Dma, 0);
                uint address = Movable.Pin(handle);
                string before = ProcText.BuddyInfo(Allocator);
                string[] words = new[] { "free of movable memory by its address", "0x00010000", "0xc0000000", "MovablePages.Free" };
                Thrown.As(typeof(InvalidOperationException), () => Allocator.FreePages(address), words);
                Thrown.As(typeof(InvalidOperationException), () => Allocator.FreePages(address, 1), words);
                Thrown.As(typeof(InvalidOperationException), () => Allocator.TrimPages(address, 1), words);
                Assert.AreEqual(before, ProcText.BuddyInfo(Allocator));
                Movable.Unpin(handle);
                Movable.Free(handle);
                Thrown.As(typeof(InvalidOperationException), () => Allocator.FreePages(address), new[] { "free" });
            }
        }

        [TestMethod]
        public void Set_up_wrongly_it_is_refused()
        {
            Boot(2);
            Assert.ThrowsException(typeof(ArgumentNullException), () => new MovablePages(null, 1, 1));
            Thrown.As(typeof(InvalidOperationException), () => new MovablePages(Allocator, 1, 1), new[] { "has a MovablePages already" });
            var bare = new PageAllocator(new[] { new Zone("DMA", Carveout.Board.ZoneKind.Dma, 0xC0000000, PageMap.Create(PageMapKind.Runs, 4)) }, PageSize, null, null);
            Thrown.As(typeof(InvalidOperationException), () => new MovablePages(bare, 1, 1), new[] { "without memory" });
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new MovablePages(bare, 0, 1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new MovablePages(bare, 32768, 1));
            var zone = new Zone("DMA", Carveout.Board.ZoneKind.Dma, 0xC0000000, PageMap.Create(PageMapKind.Runs, 4));
            var backed = new PageAllocator(new[] { zone }, PageSize, MovableTestBoard.Memory, null);
            Assert.AreEqual(32767, new MovablePages(backed, MovablePages.MaxHandles, 1).Capacity);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new MovablePages(bare, 1, -1));
            Assert.IsNull(MovablePages.Of(bare));
            Assert.IsTrue(MovablePages.Of(Allocator) == Movable);
        }

        [TestMethod]
        public void Its_metadata_are_counted()
        {
            int before = new Zone("DMA", Carveout.Board.ZoneKind.Dma, 0xC0000000, PageMap.Create(PageMapKind.Runs, 16)).MetadataSize;
            Boot(5);
            Assert.AreEqual(before + 16 + 32, Allocator.ZoneAt(0).MetadataSize, "an owner and a handle's slot for each page");
            Assert.AreEqual(5, Movable.Capacity);
        }

        private static PageAllocator Allocator { get { return MovableTestBoard.Allocator; } }

        private static MovablePages Movable { get { return MovableTestBoard.Movable; } }

        private static void Boot(int handles)
        {
            MovableTestBoard.Boot(PageMap.Create(PageMapKind.Runs, MovableTestBoard.Pages), handles, MovablePages.NoLimit);
        }
    }
}
