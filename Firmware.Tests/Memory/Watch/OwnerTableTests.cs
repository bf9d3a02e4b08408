using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class OwnerTableTests
    {
        private const int PageSize = 4096;

        /// <summary>With tracking the allocator uses its slow path, with the same orders and the same record of a refusal.</summary>
        [TestMethod]
        public void While_owners_are_tracked_orders_and_refusals_are_what_they_were()
        {
            var zone = new Zone("DMA", ZoneKind.Dma, 0x20000000, PageMap.Create(PageMapKind.FreeBlocks, 1024, 0));
            var allocator = new PageAllocator(new[] { zone }, 256, null, null);
            allocator.TrackOwners(new OwnerTable(8));
            uint largest = allocator.AllocPages(GfpFlags.Dma, 10, 0);
            Assert.AreNotEqual(0u, largest);
            Assert.IsTrue(Thrown.By(() => allocator.AllocPages(GfpFlags.Dma, 11, 0)) is ArgumentOutOfRangeException);
            Assert.AreEqual(0u, allocator.AllocPagesExact(256, GfpFlags.Dma, 0));
            Assert.AreEqual(256, allocator.LastFailure.Alignment, "a page");
            Assert.AreEqual(0u, allocator.AllocBlock(300, GfpFlags.Dma, 0));
            Assert.AreEqual(2, allocator.LastFailure.Pages);
            allocator.FreePages(largest);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(4)]
        [DataRow(12)]
        [DataRow(131072)]
        public void Refuses_capacities_that_are_none(int capacity)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new OwnerTable(capacity));
        }

        [TestMethod]
        public void An_empty_table_finds_nothing()
        {
            var table = new OwnerTable(8);
            Assert.AreEqual(-1, table.Find(0xC0000000));
            Assert.AreEqual(-1, table.Find(0));
            Assert.AreEqual(0, table.Count);
        }

        [TestMethod]
        public void Every_way_of_allocating_is_recorded()
        {
            PageAllocator allocator = Tracked(64, 32, out OwnerTable table);
            PageOwner camera = allocator.RegisterOwner("camera"), display = allocator.RegisterOwner("display");
            uint block = allocator.AllocPages(GfpFlags.Dma, 2, camera);
            uint rounded = allocator.AllocBlock(5 * PageSize, GfpFlags.Dma, display);
            uint exact = allocator.AllocPagesExact(2 * PageSize + 1, GfpFlags.Dma, camera);
            Recorded(table, block, 4 * PageSize, camera, 1);
            Recorded(table, rounded, 8 * PageSize, display, 2);
            Recorded(table, exact, 3 * PageSize, camera, 3);
            Assert.AreEqual(3, table.Count);
            Assert.AreEqual(0L, table.Dropped);
            Assert.IsTrue(allocator.GetOwnerTable() == table);
        }

        [TestMethod]
        public void A_failure_is_not_recorded()
        {
            PageAllocator allocator = Tracked(4, 32, out OwnerTable table);
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Dma | GfpFlags.NoFallback, 3, 0));
            Assert.AreEqual(0, table.Count);
            Assert.AreEqual(0, table.Sequence);
        }

        [TestMethod]
        public void A_free_takes_it_out_and_a_trim_resizes_it()
        {
            PageAllocator allocator = Tracked(64, 32, out OwnerTable table);
            uint address = allocator.AllocPages(GfpFlags.Dma, 3, 0), other = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            allocator.TrimPages(address, 5 * PageSize - 1);
            Recorded(table, address, 5 * PageSize, 0, 1);
            Assert.AreEqual(5, allocator.ZoneAt(0).Pages - allocator.ZoneAt(0).FreePages - 1);
            allocator.FreePages(address);
            Assert.AreEqual(-1, table.Find(address));
            allocator.FreePages(other, 0);
            Assert.AreEqual(0, table.Count);
            Assert.AreEqual(2, table.Sequence, "the numbers go on");
        }

        [TestMethod]
        public void Refused_calls_change_nothing_in_it()
        {
            PageAllocator allocator = Tracked(64, 32, out OwnerTable table);
            PageOwner camera = allocator.RegisterOwner("camera");
            uint address = allocator.AllocPages(GfpFlags.Dma, 2, camera);
            Assert.Contains("wrong size", Thrown.By(() => allocator.FreePages(address, 3)).Message);
            Assert.Contains("interior free", Thrown.By(() => allocator.FreePages(address + PageSize)).Message);
            Assert.Contains("camera", Thrown.By(() => allocator.TrimPages(address, 5 * PageSize)).Message);
            Assert.Contains("order 11 for owner 'camera'", Thrown.By(() => allocator.AllocPages(GfpFlags.Dma, 11, camera)).Message);
            Assert.Contains("owner number 9", Thrown.By(() => allocator.AllocPages(GfpFlags.Dma, 0, (PageOwner)9)).Message);
            Recorded(table, address, 4 * PageSize, camera, 1);
            allocator.FreePages(address);
            Assert.Contains("double free: " + HexText.Of(address), Thrown.By(() => allocator.FreePages(address)).Message);
            Assert.AreEqual(64, allocator.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void What_finds_no_room_is_counted_and_its_free_harms_nobody()
        {
            PageAllocator allocator = Tracked(64, 8, out OwnerTable table);
            var pages = new uint[10];
            for (int i = 0; i < 10; i++)
            {
                pages[i] = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            }
            Assert.AreEqual(7, table.Count, "seven eighths of eight");
            Assert.AreEqual(3L, table.Dropped);
            Assert.AreEqual(-1, table.Find(pages[8]));
            allocator.FreePages(pages[8]);
            allocator.FreePages(pages[0]);
            Assert.AreEqual(6, table.Count);
            uint again = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            Recorded(table, again, PageSize, 0, 11);
            Assert.AreEqual(3L, table.Dropped);
        }

        [TestMethod]
        public void What_was_allocated_before_is_unknown_to_it()
        {
            PageAllocator allocator = PageTestZones.OneZone(64);
            uint before = allocator.AllocPages(GfpFlags.Dma, 3, 0);
            var table = new OwnerTable(8);
            allocator.TrackOwners(table);
            allocator.TrimPages(before, PageSize);
            allocator.FreePages(before);
            Assert.AreEqual(0, table.Count);
            Assert.AreEqual(64, allocator.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Switched_off_it_keeps_what_it_held_and_is_refused_again()
        {
            PageAllocator allocator = Tracked(64, 8, out OwnerTable table);
            Assert.Contains("in use already", Thrown.By(() => allocator.TrackOwners(table)).Message);
            Assert.Contains("in use already", Thrown.By(() => Tracked(64, 8, out _).TrackOwners(table)).Message, "by another allocator");
            uint address = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            allocator.TrackOwners(null);
            Assert.IsNull(allocator.GetOwnerTable());
            allocator.FreePages(address);
            allocator.AllocPages(GfpFlags.Dma, 0, 0);
            Assert.AreEqual(1, table.Count);
            Assert.AreEqual(1, table.Sequence);
            Exception e = Thrown.By(() => allocator.TrackOwners(table));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("holds 1 allocations", e.Message);
            Assert.IsNull(allocator.GetOwnerTable());
        }

        [TestMethod]
        public void Zeroed_pages_without_memory_leave_no_trace_in_it()
        {
            PageAllocator allocator = Tracked(64, 8, out OwnerTable table);
            Exception e = Thrown.By(() => allocator.AllocPages(GfpFlags.Dma | GfpFlags.Zero, 0, 0));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.AreEqual(0, table.Count);
            Assert.AreEqual(64, allocator.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Owners_registered_later_are_owners_too()
        {
            PageAllocator allocator = Tracked(64, 8, out OwnerTable table);
            PageOwner late = allocator.RegisterOwner("late");
            Recorded(table, allocator.AllocPages(GfpFlags.Dma, 0, late), PageSize, late, 1);
            allocator.TrackOwners(null);
            Assert.AreEqual((int)late + 1, (int)allocator.RegisterOwner("later"));
            Assert.IsTrue(allocator.AllocPages(GfpFlags.Dma, 0, late + 1) != 0);
        }

        internal static PageAllocator Tracked(int pages, int capacity, out OwnerTable table)
        {
            PageAllocator allocator = PageTestZones.OneZone(pages);
            table = new OwnerTable(capacity);
            allocator.TrackOwners(table);
            return allocator;
        }

        private static void Recorded(OwnerTable table, uint address, int size, PageOwner owner, int sequence)
        {
            int slot = table.Find(address);
            Assert.IsTrue(slot >= 0, HexText.Of(address));
            Assert.AreEqual(address, table.AddressAt(slot));
            Assert.AreEqual(size, table.SizeAt(slot));
            Assert.AreEqual((int)owner, (int)table.OwnerAt(slot));
            Assert.AreEqual(sequence, table.SequenceAt(slot));
        }
    }
}
