using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class SlabOwnerTests
    {
        private const uint Start = 0x10000000;

        [TestMethod]
        public void Owner_size_and_order_of_each_object_are_recorded()
        {
            SlabAllocator slabs = Slabs(16);
            PageOwner camera = slabs.Pages.RegisterOwner("camera");
            var table = new OwnerTable(64);
            slabs.TrackOwners(table);
            Assert.AreSame(table, slabs.Owners);
            var cache = new KmemCache(slabs, "node", 100, 8, GfpFlags.Kernel, null);
            var kmalloc = new KmallocCaches(slabs);
            uint node = cache.Alloc(GfpFlags.Kernel, camera), buffer = kmalloc.Kmalloc(70, GfpFlags.Kernel, camera);
            uint zeroed = kmalloc.Kzalloc(40, GfpFlags.Kernel, camera), nameless = cache.Alloc(GfpFlags.Kernel);
            Recorded(table, node, camera, 100, 1);
            Recorded(table, buffer, camera, 70, 2);
            Recorded(table, zeroed, camera, 40, 3);
            Recorded(table, nameless, PageOwner.Unknown, 100, 4);
            cache.Free(node);
            kmalloc.Kfree(buffer);
            kmalloc.Kfree(zeroed);
            cache.Free(nameless);
            Assert.AreEqual(0, table.Count);
            Assert.AreEqual(0L, table.Dropped);
        }

        [TestMethod]
        public void Owner_stays_when_Krealloc_moves_and_when_it_does_not()
        {
            SlabAllocator slabs = Slabs(16);
            PageOwner camera = slabs.Pages.RegisterOwner("camera");
            var table = new OwnerTable(64);
            slabs.TrackOwners(table);
            var kmalloc = new KmallocCaches(slabs);
            uint address = kmalloc.Kmalloc(40, GfpFlags.Kernel, camera);
            Assert.AreEqual(address, kmalloc.Krealloc(address, 64, GfpFlags.Kernel));
            Recorded(table, address, camera, 64, 1);
            uint moved = kmalloc.Krealloc(address, 65, GfpFlags.Kernel);
            Recorded(table, moved, camera, 65, 2);
            Assert.AreEqual(-1, table.Find(address));
            Assert.AreEqual(96, kmalloc.Ksize(moved));
            Assert.AreEqual(1, table.Count);
        }

        [TestMethod]
        public void Tracking_begins_and_ends_when_told()
        {
            SlabAllocator slabs = Slabs(16);
            var cache = new KmemCache(slabs, "node", 64, 64, GfpFlags.Kernel, null);
            uint before = cache.Alloc(GfpFlags.Kernel);
            var table = new OwnerTable(8);
            slabs.TrackOwners(table);
            uint during = cache.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(1, table.Count);
            cache.Free(before);
            Assert.AreEqual(1, table.Count, "what was never recorded takes nothing out");
            slabs.TrackOwners(null);
            Assert.IsTrue(slabs.Owners == null);
            uint after = cache.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(1, table.Count);
            cache.Free(during);
            cache.Free(after);
            Assert.AreEqual(0, cache.LiveCount);
            Assert.AreEqual(1, cache.Shrink());
        }

        [TestMethod]
        public void A_used_table_and_an_owner_that_is_none_are_refused()
        {
            SlabAllocator slabs = Slabs(16);
            var table = new OwnerTable(8);
            slabs.TrackOwners(table);
            var cache = new KmemCache(slabs, "node", 64, 64, GfpFlags.Kernel, null);
            var kmalloc = new KmallocCaches(slabs);
            uint address = cache.Alloc(GfpFlags.Kernel);
            slabs.TrackOwners(table);
            slabs.TrackOwners(null);
            Exception e = Thrown.By(() => slabs.TrackOwners(table));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("holds 1 allocations already: expected an empty one", e.Message);
            Assert.IsTrue(slabs.Owners == null);
            int none = slabs.Pages.OwnerCount;
            NoOwner(none, () => cache.Alloc(GfpFlags.Kernel, (PageOwner)none));
            NoOwner(none, () => kmalloc.Kmalloc(64, GfpFlags.Kernel, (PageOwner)none));
            NoOwner(-1, () => kmalloc.Kzalloc(64, GfpFlags.Kernel, (PageOwner)(-1)));
            Assert.AreEqual(1, cache.LiveCount);
            cache.Free(address);
            Assert.IsTrue(Thrown.By(() => kmalloc.Kmalloc(0, GfpFlags.Kernel, 0)) is ArgumentOutOfRangeException);
        }

        [TestMethod]
        public void Destroy_says_whose_the_objects_are()
        {
            SlabAllocator slabs = Slabs(16);
            PageOwner camera = slabs.Pages.RegisterOwner("camera"), display = slabs.Pages.RegisterOwner("display");
            var cache = new KmemCache(slabs, "node", 64, 64, GfpFlags.Kernel, null);
            var other = new KmemCache(slabs, "other", 64, 64, GfpFlags.Kernel, null);
            uint early = cache.Alloc(GfpFlags.Kernel);
            InUse(cache, "1 objects of 64 bytes are in use", "not tracked", "TrackOwners");
            slabs.TrackOwners(new OwnerTable(8));
            cache.Alloc(GfpFlags.Kernel, camera);
            cache.Alloc(GfpFlags.Kernel, display);
            uint last = cache.Alloc(GfpFlags.Kernel, camera);
            other.Alloc(GfpFlags.Kernel, display);
            InUse(cache, "cache 'node'", "4 objects of 64 bytes are in use: camera 2, display 1, not recorded 1 ", "was full 0 times");
            cache.Free(early);
            InUse(cache, "3 objects of 64 bytes are in use: camera 2, display 1. Expected none");
            cache.Free(last);
            InUse(cache, "2 objects of 64 bytes are in use: camera 1, display 1. Expected none");
        }

        [TestMethod]
        public void What_the_table_dropped_is_said()
        {
            SlabAllocator slabs = Slabs(16);
            slabs.TrackOwners(new OwnerTable(8));
            var cache = new KmemCache(slabs, "node", 64, 64, GfpFlags.Kernel, null);
            PageOwner camera = slabs.Pages.RegisterOwner("camera");
            for (int i = 0; i < 10; i++)
            {
                cache.Alloc(GfpFlags.Kernel, camera);
            }
            InUse(cache, "10 objects", "camera 7, not recorded 3 ", "was full 3 times");
        }

        [TestMethod]
        public void Wrong_frees_name_the_owner_where_it_is_known()
        {
            SlabAllocator slabs = Slabs(16);
            slabs.TrackOwners(new OwnerTable(64));
            var cache = new KmemCache(slabs, "node", 64, 64, GfpFlags.Kernel, null);
            uint address = cache.Alloc(GfpFlags.Kernel, slabs.Pages.RegisterOwner("camera"));
            Exception e = Thrown.By(() => cache.Free(address + 8));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("8 bytes inside the object at 0x10000000 (owner 'camera')", e.Message);
            cache.Free(address);
            e = Thrown.By(() => cache.Free(address));
            Assert.Contains("double free: 0x10000000", e.Message);
            Assert.IsFalse(e.Message.IndexOf("camera") >= 0, "who had it is forgotten, and not made up");
        }

        private static void Recorded(OwnerTable table, uint address, PageOwner owner, int size, int sequence)
        {
            int slot = table.Find(address);
            Assert.IsTrue(slot >= 0);
            Assert.AreEqual((int)owner, (int)table.OwnerAt(slot));
            Assert.AreEqual(size, table.SizeAt(slot));
            Assert.AreEqual(sequence, table.SequenceAt(slot));
        }

        private static void NoOwner(int owner, Action action)
        {
            Exception e = Thrown.By(action);
            Assert.IsTrue(e is ArgumentOutOfRangeException);
            Assert.Contains("owner number " + owner.ToString() + " is not registered", e.Message);
        }

        private static void InUse(KmemCache cache, params string[] words)
        {
            int live = cache.LiveCount;
            Exception e = Thrown.By(() => cache.Destroy());
            Assert.IsTrue(e is InvalidOperationException);
            for (int i = 0; i < words.Length; i++)
            {
                Assert.Contains(words[i], e.Message);
            }
            Assert.AreEqual(live, cache.LiveCount);
        }

        private static SlabAllocator Slabs(int pages)
        {
            return new SlabAllocator(KmemCacheTests.Pages(pages), new ManagedMemory(Start, pages * 4096), 64, null, null);
        }
    }
}
