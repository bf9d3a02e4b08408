using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Arguments that slab allocator, caches and Kmalloc refuse: null, and flags that they would ignore.</summary>
    [TestClass]
    public class SlabArgumentTests
    {
        [TestMethod]
        public void Null_is_refused_by_its_name()
        {
            PageAllocator pages = KmemCacheTests.Pages(16);
            var slabs = new SlabAllocator(pages, 8);
            Refused(() => new SlabAllocator(null, 8), "pages");
            Refused(() => new SlabAllocator(null, null, 8, null, null), "pages");
            Refused(() => new KmemCache(null, "node", 64, 8, GfpFlags.Kernel, null), "slabs");
            Refused(() => new KmemCache(slabs, null, 64, 8, GfpFlags.Kernel, null), "name");
            Refused(() => new KmallocCaches(null), "slabs");
            Refused(() => new KmallocCaches(slabs, null), "sizes");
            Refused(() => new KmallocCaches(null, new[] { 32, 64, 128, 256, 512, 1024 }), "slabs");
            Refused(() => KmallocCaches.MaxSizeIn(null), "slabs");
            Refused(() => SlabText.SlabInfo(null), "slabs");
            Assert.AreEqual(0, slabs.CacheCount);
        }

        [TestMethod]
        [DataRow((int)GfpFlags.Zero)]
        [DataRow((int)(GfpFlags.Atomic | GfpFlags.Zero))]
        [DataRow((int)GfpFlags.NoWarn)]
        [DataRow((int)GfpFlags.NoRetry)]
        [DataRow(4096)]
        [DataRow(int.MinValue)]
        public void A_cache_takes_no_flags_but_its_zones(int flags)
        {
            var slabs = new SlabAllocator(KmemCacheTests.Pages(16), 8);
            Exception e = Thrown.By(() => new KmemCache(slabs, "node", 64, 8, (GfpFlags)flags, null));
            Assert.IsTrue(e is ArgumentOutOfRangeException, e == null ? "nothing" : e.GetType().Name);
            Assert.Contains("'node'", e.Message);
            Assert.Contains("Kernel, Dma, NoFallback or Movable", e.Message);
            Assert.AreEqual(0, slabs.CacheCount);
        }

        [TestMethod]
        public void A_cache_takes_the_flags_that_say_which_zones()
        {
            var slabs = new SlabAllocator(KmemCacheTests.Pages(16), 8);
            var cache = new KmemCache(slabs, "node", 64, 8, GfpFlags.NoFallback | GfpFlags.Movable, null);
            Assert.IsTrue(cache.Alloc(GfpFlags.Kernel) != 0);
        }

        [TestMethod]
        [DataRow((int)GfpFlags.NoFallback)]
        [DataRow((int)GfpFlags.Movable)]
        [DataRow((int)(GfpFlags.Dma | GfpFlags.NoFallback))]
        [DataRow(4096)]
        public void Kmalloc_refuses_what_its_caches_cannot_keep(int flags)
        {
            var kmalloc = new KmallocCaches(new SlabAllocator(KmemCacheTests.Pages(64), 16));
            var gfp = (GfpFlags)flags;
            Unkept(() => kmalloc.Kmalloc(64, gfp));
            Unkept(() => kmalloc.Kmalloc(64, gfp, PageOwner.Unknown));
            Unkept(() => kmalloc.Kzalloc(64, gfp));
            Unkept(() => kmalloc.Krealloc(0, 64, gfp));
            uint address = kmalloc.Kmalloc(64, GfpFlags.Kernel);
            Unkept(() => kmalloc.Krealloc(address, 2000, gfp));
            Assert.AreEqual(64, kmalloc.Ksize(address), "it stands as it was");
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void A_cache_counts_its_failures_and_its_most_slabs(bool shared)
        {
            // A slab of 4000-byte objects takes 1 page or more; there are 4 pages.
            var slabs = new SlabAllocator(KmemCacheTests.Pages(4), null, 8, shared ? new MonitorLock() : null, null);
            var cache = new KmemCache(slabs, "node", 4000);
            var objects = new uint[8];
            int taken = 0;
            while ((objects[taken] = cache.Alloc(GfpFlags.Kernel)) != 0)
            {
                taken++;
            }
            Assert.AreEqual(1L, cache.FailureCount);
            Assert.AreEqual(cache.SlabCount, cache.MaxSlabCount);
            int most = cache.SlabCount;
            for (int i = 0; i < taken; i++)
            {
                cache.Free(objects[i]);
            }
            cache.Shrink();
            Assert.AreEqual(0, cache.SlabCount);
            Assert.AreEqual(most, cache.MaxSlabCount);
            Assert.AreEqual(4, most * cache.PagesPerSlab);
        }

        private static void Unkept(Action action)
        {
            Exception e = Thrown.By(action);
            Assert.IsTrue(e is ArgumentOutOfRangeException, e == null ? "nothing" : e.GetType().Name);
            Assert.Contains("Dma, Atomic, Zero, NoWarn and NoRetry", e.Message);
        }

        private static void Refused(Action action, string parameter)
        {
            Exception e = Thrown.By(action);
            Assert.IsTrue(e is ArgumentNullException, parameter + ": " + (e == null ? "nothing" : e.GetType().Name));
            Assert.Contains(parameter, e.Message);
        }
    }
}
