using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class KmallocSizesTests
    {
        [TestMethod]
        public void Standard_sizes_are_the_powers_of_two()
        {
            int[] sizes = KmallocSizes.Standard(131072);
            Assert.AreEqual(13, sizes.Length);
            for (int i = 0; i < sizes.Length; i++)
            {
                Assert.AreEqual(32 << i, sizes[i]);
            }
            Assert.AreEqual(9, KmallocSizes.Standard(8192).Length);
        }

        [TestMethod]
        public void Fine_sizes_are_four_to_a_doubling_as_far_as_8192()
        {
            var expected = new[]
            {
                32, 64, 96, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584,
                4096, 5120, 6144, 7168, 8192, 16384, 32768, 65536, 131072,
            };
            int[] sizes = KmallocSizes.Fine(131072);
            Assert.AreEqual(expected.Length, sizes.Length);
            for (int i = 0; i < sizes.Length; i++)
            {
                Assert.AreEqual(expected[i], sizes[i]);
            }
            Assert.AreEqual(28, KmallocSizes.Fine(8192).Length);
        }

        [TestMethod]
        public void Every_size_goes_to_the_smallest_cache_that_holds_it_and_powers_of_two_are_aligned_to_themselves()
        {
            var kmalloc = new KmallocCaches(KmemCacheTests.Slabs(64), KmallocSizes.Fine(131072));
            for (int size = 1; size <= 20000; size += size < 9000 ? 1 : 97)
            {
                int index = 0;
                while (kmalloc.SizeAt(index) < size)
                {
                    index++;
                }
                uint address = kmalloc.Kmalloc(size, GfpFlags.Kernel);
                Assert.AreEqual(kmalloc.SizeAt(index), kmalloc.Ksize(address));
                int alignment = (size & (size - 1)) != 0 || size < 32 ? 32 : size < 4096 ? size : 4096;
                Assert.AreEqual(0u, address % (uint)alignment);
                kmalloc.Kfree(address);
            }
            Assert.AreEqual(32, kmalloc.SizeCount);
        }

        [TestMethod]
        public void Sizes_are_copied()
        {
            var sizes = new[] { 32, 64, 96, 128, 256, 512, 1024 };
            var kmalloc = new KmallocCaches(KmemCacheTests.Slabs(16), sizes);
            sizes[2] = 4096;
            Assert.AreEqual(96, kmalloc.SizeAt(2));
            Assert.AreEqual(96, kmalloc.Ksize(kmalloc.Kmalloc(70, GfpFlags.Kernel)));
        }

        [TestMethod]
        public void Default_sizes_are_fine_ones_up_to_8_KB_or_a_page()
        {
            Assert.AreEqual(28, KmallocSizes.Default(KmemCacheTests.Slabs(16)).Length);
            Assert.AreEqual(28, new KmallocCaches(KmemCacheTests.Slabs(16)).SizeCount);
            var zone = new Zone("NORMAL", ZoneKind.Normal, 0x10000000, PageMap.Create(PageMapKind.FreeBlocks, 16, 0));
            int[] large = KmallocSizes.Default(new SlabAllocator(new PageAllocator(new[] { zone }, 65536, null, null), null, 16, null, null));
            Assert.AreEqual(31, large.Length);
            Assert.AreEqual(65536, large[30]);
        }

        [TestMethod]
        public void What_is_larger_than_the_largest_own_size_gets_pages()
        {
            var kmalloc = new KmallocCaches(KmemCacheTests.Slabs(16), new[] { 32, 64, 128, 256, 512, 1024, 1536 });
            Assert.AreEqual(1536, kmalloc.Ksize(kmalloc.Kmalloc(1025, GfpFlags.Kernel)));
            Assert.AreEqual(4096, kmalloc.Ksize(kmalloc.Kmalloc(1537, GfpFlags.Kernel)));
        }

        [TestMethod]
        public void Sets_that_cannot_be_served_are_refused_and_create_nothing()
        {
            Refused(null, "sizes");
            Refused(new int[0], "at least one");
            Refused(new[] { 0, 1024 }, "a cache of 0 bytes", "multiple of 32 from 32 to 131072");
            Refused(new[] { 32, 48, 64 }, "a cache of 48 bytes");
            Refused(new[] { -32 }, "a cache of -32 bytes");
            Refused(new[] { int.MinValue }, "a cache of -2147483648 bytes");
            Refused(new[] { 65536, 131072, 262144 }, "a cache of 262144 bytes");
            Refused(new[] { 32, 64, 64 }, "64 and then 64", "ascending");
            Refused(new[] { 128, 64 }, "128 and then 64", "ascending");
            Refused(new[] { 32, 96 }, "32 and then 96", "expected 64 between");
            Refused(new[] { 96, 160 }, "96 and then 160", "expected 128 between");
            Refused(new[] { 32, 64, 128, 256, 512, 992 }, "992 bytes", "1024 or more");
        }

        [TestMethod]
        public void Largest_size_follows_the_page_size()
        {
            var pages = new PageAllocator(new[] { new Zone("NORMAL", ZoneKind.Normal, 0x10000000, PageMap.Create(PageMapKind.FreeBlocks, 64, 0)) }, 256, null, null);
            var slabs = new SlabAllocator(pages, null, 16, null, null);
            Assert.AreEqual(8192, KmallocCaches.MaxSizeIn(slabs));
            Exception e = Thrown.By(() => new KmallocCaches(slabs, new[] { 8192, 16384 }));
            Assert.Contains("from 32 to 8192", e.Message);
            var kmalloc = new KmallocCaches(slabs, KmallocSizes.Fine(8192));
            Assert.AreEqual(320, kmalloc.Ksize(kmalloc.Kmalloc(257, GfpFlags.Kernel)));
        }

        [TestMethod]
        public void More_caches_than_there_can_be_are_refused_and_none_is_created()
        {
            var sizes = new int[33];
            for (int i = 0; i < 32; i++)
            {
                sizes[i] = 32 * (i + 1);
            }
            sizes[32] = 2048;
            SlabAllocator slabs = TwoZones();
            Exception e = Thrown.By(() => new KmallocCaches(slabs, sizes));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("66 caches", e.Message);
            Assert.Contains("at most 64", e.Message);
            Assert.AreEqual(0, slabs.CacheCount);
        }

        [TestMethod]
        public void Dma_requests_have_caches_of_the_same_sizes()
        {
            SlabAllocator slabs = TwoZones();
            var kmalloc = new KmallocCaches(slabs);
            Assert.AreEqual(56, slabs.CacheCount);
            uint normal = kmalloc.Kmalloc(90, GfpFlags.Kernel), dma = kmalloc.Kmalloc(90, GfpFlags.Dma);
            Assert.AreEqual(0xC0000000u, normal);
            Assert.AreEqual(0x80000000u, dma);
            Assert.AreEqual(96, kmalloc.Ksize(normal));
            Assert.AreEqual(96, kmalloc.Ksize(dma));
            kmalloc.Kfree(normal);
            kmalloc.Kfree(dma);
            Assert.Contains("dma-kmalloc-96", SlabText.SlabInfo(slabs));
        }

        [TestMethod]
        public void Krealloc_moves_at_the_bounds_of_own_sizes()
        {
            var memory = new ManagedMemory(0x10000000, 65536);
            var kmalloc = new KmallocCaches(new SlabAllocator(KmemCacheTests.Pages(16), memory, 16, null, null), KmallocSizes.Fine(131072));
            uint address = kmalloc.Kmalloc(65, GfpFlags.Kernel);
            memory.Fill(address, 65, 0x77);
            Assert.AreEqual(address, kmalloc.Krealloc(address, 96, GfpFlags.Kernel));
            uint moved = kmalloc.Krealloc(address, 97, GfpFlags.Kernel);
            Assert.IsTrue(moved != address);
            Assert.AreEqual(128, kmalloc.Ksize(moved));
            var bytes = new byte[65];
            memory.Read(moved, bytes, 0, 65);
            Assert.AreEqual((byte)0x77, bytes[0]);
            Assert.AreEqual((byte)0x77, bytes[64]);
            uint shrunk = kmalloc.Krealloc(moved, 96, GfpFlags.Kernel);
            Assert.AreEqual(96, kmalloc.Ksize(shrunk), "a smaller size goes where it belongs");
            memory.Read(shrunk, bytes, 0, 65);
            Assert.AreEqual((byte)0x77, bytes[64]);
        }

        private static SlabAllocator TwoZones()
        {
            var zones = new[]
            {
                new Zone("DMA", ZoneKind.Dma, 0x80000000, PageMap.Create(PageMapKind.FreeBlocks, 16, 0)),
                new Zone("NORMAL", ZoneKind.Normal, 0xC0000000, PageMap.Create(PageMapKind.FreeBlocks, 16, 0)),
            };
            return new SlabAllocator(new PageAllocator(zones, 4096, null, null), null, 16, null, null);
        }

        private static void Refused(int[] sizes, params string[] words)
        {
            SlabAllocator slabs = KmemCacheTests.Slabs(16);
            Exception e = Thrown.By(() => new KmallocCaches(slabs, sizes));
            Assert.IsTrue(e is ArgumentException);
            for (int i = 0; i < words.Length; i++)
            {
                Assert.Contains(words[i], e.Message);
            }
            Assert.AreEqual(0, slabs.CacheCount);
        }
    }
}
