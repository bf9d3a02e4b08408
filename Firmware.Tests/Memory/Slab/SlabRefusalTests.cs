using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>A refused request leaves nothing behind; and what an allocation does when memory, descriptors or names run out.</summary>
    [TestClass]
    public class SlabRefusalTests
    {
        private const int PageSize = 4096;
        private const uint Start = 0x10000000;

        private static SlabAllocator s_slabs;
        private static KmallocCaches s_kmalloc;

        [TestMethod]
        public void A_cache_without_an_owner_number_is_not_half_there()
        {
            Boot(16, 8);
            UseUpOwners(0);
            Exception e = Thrown.By(() => new KmemCache(s_slabs, "node", 64, 64, GfpFlags.Kernel, null));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("owner 'node' cannot be registered", e.Message);
            Assert.AreEqual(0, s_slabs.CacheCount);
            var named = new KmemCache(s_slabs, "filler 0", 64, 64, GfpFlags.Kernel, null);
            Assert.AreEqual(Start, named.Alloc(GfpFlags.Kernel), "an owner of that name exists, so it takes no number");
        }

        [TestMethod]
        public void Kmalloc_creates_all_of_its_caches_or_none()
        {
            Boot(16, 8);
            var mine = new KmemCache(s_slabs, "kmalloc-64", 64, 64, GfpFlags.Kernel, null);
            Exception e = Thrown.By(() => new KmallocCaches(s_slabs));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("kmalloc-64", e.Message);
            Assert.AreEqual(1, s_slabs.CacheCount);
            mine.Destroy();
            Assert.AreEqual(28, new KmallocCaches(s_slabs).SizeCount);
            Boot(16, 8);
            UseUpOwners(28);
            e = Thrown.By(() => new KmallocCaches(s_slabs));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("29 owners", e.Message);
            Assert.AreEqual(0, s_slabs.CacheCount);
            Assert.AreEqual(PageAllocator.MaxOwners - 28, s_slabs.Pages.OwnerCount);
            Boot(16, 8);
            UseUpOwners(29);
            Assert.AreEqual(28, new KmallocCaches(s_slabs).SizeCount);
        }

        [TestMethod]
        public void A_cache_that_leaves_no_room_for_red_zones_has_none()
        {
            Boot(64, 8);
            var sizes = new int[] { 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131040 };
            s_kmalloc = new KmallocCaches(s_slabs, sizes, SlabDebug.Poison | SlabDebug.RedZone, 0);
            KmemCache last = s_slabs.CacheAt(12), before = s_slabs.CacheAt(11);
            Assert.IsTrue(last.Debug == SlabDebug.Poison);
            Assert.IsTrue(before.Debug == (SlabDebug.Poison | SlabDebug.RedZone));
            uint address = s_kmalloc.Kmalloc(131040, GfpFlags.Kernel);
            Assert.IsTrue(address != 0);
            s_kmalloc.Kfree(address);
        }

        [TestMethod]
        public void NoRetry_does_not_shrink_for_a_descriptor_either()
        {
            Boot(16, 1);
            KmemCache idle = new KmemCache(s_slabs, "idle", 64, 64, GfpFlags.Kernel, null);
            KmemCache busy = new KmemCache(s_slabs, "busy", 128, 64, GfpFlags.Kernel, null);
            idle.Free(idle.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(0u, busy.Alloc(GfpFlags.NoRetry));
            Assert.AreEqual(0u, busy.Alloc(GfpFlags.NoRetry | GfpFlags.Atomic));
            Assert.AreEqual(1, idle.SlabCount);
            Assert.AreEqual(Start, busy.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(0, idle.SlabCount);
        }

        [TestMethod]
        public void A_shrinker_may_allocate_from_the_cache_that_wants_pages()
        {
            Boot(2, 8);
            var cache = new KmemCache(s_slabs, "node", 1024, 1024, GfpFlags.Kernel, null);
            var shrinker = new Client(cache, s_slabs.Pages, s_slabs.Pages.AllocPages(GfpFlags.Kernel, 1, 0));
            s_slabs.Pages.RegisterShrinker(shrinker);
            uint first = cache.Alloc(GfpFlags.Kernel);
            Assert.IsTrue(first != 0 && shrinker.Taken != 0 && first != shrinker.Taken);
            Assert.AreEqual(2, cache.LiveCount);
            cache.Free(first);
            cache.Free(shrinker.Taken);
            Assert.AreEqual(0, cache.LiveCount);
            cache.Destroy();
            Assert.AreEqual(2, s_slabs.Pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void What_a_shrinker_frees_into_the_cache_is_found()
        {
            Boot(1, 8);
            var cache = new KmemCache(s_slabs, "node", 1024, 1024, GfpFlags.Kernel, null);
            var shrinker = new Client(cache, null, cache.Alloc(GfpFlags.Kernel));
            for (int i = 0; i < 3; i++)
            {
                cache.Alloc(GfpFlags.Kernel);
            }
            s_slabs.Pages.RegisterShrinker(shrinker);
            Assert.AreEqual(Start, cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(0u, cache.Alloc(GfpFlags.Kernel));
        }

        [TestMethod]
        [DataRow((int)GfpFlags.Atomic)]
        [DataRow((int)GfpFlags.NoRetry)]
        [DataRow((int)GfpFlags.Kernel)]
        public void Quarantine_makes_no_allocation_fail(int gfp)
        {
            Boot(1, 8);
            var cache = new KmemCache(s_slabs, "node", 2048, 64, GfpFlags.Kernel, null, SlabDebug.Poison, 4);
            uint a = cache.Alloc(GfpFlags.Kernel), b = cache.Alloc(GfpFlags.Kernel);
            cache.Free(a);
            Assert.AreEqual(1, cache.QuarantinedObjects);
            Assert.AreEqual(a, cache.Alloc((GfpFlags)gfp));
            Assert.AreEqual(0, cache.QuarantinedObjects);
            Assert.AreEqual(0u, cache.Alloc((GfpFlags)gfp));
            cache.Free(b);
            cache.Free(a);
            Assert.AreEqual(0, cache.Validate());
        }

        [TestMethod]
        public void A_table_serves_pages_or_objects()
        {
            Boot(16, 8);
            var table = new OwnerTable(8);
            s_slabs.TrackOwners(table);
            Exception e = Thrown.By(() => s_slabs.Pages.TrackOwners(table));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("in use", e.Message);
            Assert.IsTrue(s_slabs.Pages.GetOwnerTable() == null);
            s_slabs.TrackOwners(null);
            s_slabs.Pages.TrackOwners(table);
            e = Thrown.By(() => s_slabs.TrackOwners(table));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("is in use already", e.Message);
            Assert.IsTrue(s_slabs.Owners == null);
        }

        [TestMethod]
        public void Krealloc_for_Dma_moves_what_engines_do_not_reach()
        {
            var normal = new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 8, 0));
            var dma = new Zone("DMA", ZoneKind.Dma, Start + 8 * PageSize, PageMap.Create(PageMapKind.FreeBlocks, 8, 0));
            var memory = new ManagedMemory(Start, 16 * PageSize);
            s_slabs = new SlabAllocator(new PageAllocator(new Zone[] { normal, dma }, PageSize, memory, null), memory, 8, null, null);
            s_kmalloc = new KmallocCaches(s_slabs);
            uint address = s_kmalloc.Kmalloc(100, GfpFlags.Kernel);
            Assert.IsTrue(address - Start < 8 * PageSize);
            memory.Fill(address, 100, 0x5A);
            uint moved = s_kmalloc.Krealloc(address, 110, GfpFlags.Dma);
            Assert.IsTrue(moved - (Start + 8 * PageSize) < 8 * PageSize);
            var bytes = new byte[100];
            memory.Read(moved, bytes, 0, 100);
            Assert.IsTrue(bytes[0] == 0x5A);
            Assert.IsTrue(bytes[99] == 0x5A);
            Assert.AreEqual(moved, s_kmalloc.Krealloc(moved, 120, GfpFlags.Dma));
            Assert.AreEqual(moved, s_kmalloc.Krealloc(moved, 100, GfpFlags.Kernel), "what engines reach is good for all");
        }

        private static void UseUpOwners(int left)
        {
            for (int i = 0; s_slabs.Pages.OwnerCount < PageAllocator.MaxOwners - left; i++)
            {
                s_slabs.Pages.RegisterOwner("filler " + i.ToString());
            }
        }

        private static void Boot(int pages, int slabs)
        {
            var memory = new ManagedMemory(Start, pages * PageSize);
            s_slabs = new SlabAllocator(KmemCacheTests.Pages(pages), memory, slabs, null, new FindingLog(8));
        }

        /// <summary>Frees what it has, pages or an object; after pages it allocates an object at once.</summary>
        private sealed class Client : Shrinker
        {
            private readonly KmemCache _cache;
            private readonly PageAllocator _pages;
            private uint _given;

            internal Client(KmemCache cache, PageAllocator pages, uint given)
            {
                _cache = cache;
                _pages = pages;
                _given = given;
            }

            internal uint Taken { get; private set; }

            public override string Name { get { return "client"; } }

            public override int Shrink(int pages)
            {
                if (_given == 0)
                {
                    return 0;
                }
                uint given = _given;
                _given = 0;
                if (_pages == null)
                {
                    _cache.Free(given);
                    return 0;
                }
                _pages.FreePages(given);
                Taken = _cache.Alloc(GfpFlags.Kernel);
                return 2;
            }
        }
    }
}
