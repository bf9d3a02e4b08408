using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class KmallocTests
    {
        private const uint Start = 0x10000000;

        [TestMethod]
        [DataRow(1, 32)]
        [DataRow(32, 32)]
        [DataRow(33, 64)]
        [DataRow(64, 64)]
        [DataRow(65, 96)]
        [DataRow(97, 128)]
        [DataRow(4096, 4096)]
        [DataRow(4097, 5120)]
        [DataRow(8192, 8192)]
        public void Size_goes_to_the_smallest_cache_that_holds_it(int size, int expected)
        {
            KmallocCaches kmalloc = New(64);
            uint address = kmalloc.Kmalloc(size, GfpFlags.Kernel);
            Assert.AreEqual(expected, kmalloc.Ksize(address));
            Assert.AreEqual(0u, address % (uint)((expected & -expected) < 4096 ? expected & -expected : 4096));
            kmalloc.Kfree(address);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(int.MinValue)]
        public void Other_sizes_are_refused(int size)
        {
            KmallocCaches kmalloc = New(64);
            Exception e = Thrown.By(() => kmalloc.Kmalloc(size, GfpFlags.Kernel));
            Assert.IsTrue(e is ArgumentOutOfRangeException);
            Assert.Contains(size.ToString(), e.Message);
            Assert.Contains("expected 1 or more", e.Message);
        }

        [TestMethod]
        public void Caches_for_Dma_are_beside_those_that_fall_back()
        {
            var normal = new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 4, 0));
            var dma = new Zone("DMA", ZoneKind.Dma, Start + 0x10000, PageMap.Create(PageMapKind.FreeBlocks, 4, 0));
            var pages = new PageAllocator(new[] { normal, dma }, 4096, null, null);
            var kmalloc = new KmallocCaches(new SlabAllocator(pages, 8));
            Assert.IsTrue(pages.FindZone(kmalloc.Kmalloc(100, GfpFlags.Dma)) == dma);
            Assert.IsTrue(pages.FindZone(kmalloc.Kmalloc(100, GfpFlags.Kernel)) == normal);
            pages.AllocPages(GfpFlags.NoFallback, 1, 0);
            pages.AllocPages(GfpFlags.NoFallback, 0, 0);
            Assert.IsTrue(pages.FindZone(kmalloc.Kmalloc(1000, GfpFlags.Kernel)) == dma, "NORMAL is full");
        }

        [TestMethod]
        public void Kfree_finds_the_cache_by_address_alone()
        {
            SlabAllocator slabs = KmemCacheTests.Slabs(64);
            var kmalloc = new KmallocCaches(slabs);
            var addresses = new uint[9];
            for (int i = 0; i < 9; i++)
            {
                addresses[i] = kmalloc.Kmalloc(32 << i, GfpFlags.Kernel);
            }
            for (int i = 0; i < 9; i++)
            {
                kmalloc.Kfree(addresses[i]);
            }
            slabs.Shrink(64);
            Assert.AreEqual(64, slabs.Pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Wrong_frees_name_address_and_owner_and_change_nothing()
        {
            SlabAllocator slabs = KmemCacheTests.Slabs(64);
            var kmalloc = new KmallocCaches(slabs);
            var own = new KmemCache(slabs, "own", 64, 64, GfpFlags.Kernel, null);
            PageOwner camera = slabs.Pages.RegisterOwner("camera");
            uint address = kmalloc.Kmalloc(100, GfpFlags.Kernel), page = slabs.Pages.AllocPages(GfpFlags.Kernel, 0, camera);
            uint foreign = own.Alloc(GfpFlags.Kernel);
            Refused(slabs, () => kmalloc.Kfree(address + 1), HexText.Of(address + 1), "inside the object", "kmalloc-128");
            Refused(slabs, () => kmalloc.Kfree(page), HexText.Of(page), "camera");
            Refused(slabs, () => kmalloc.Kfree(foreign), "cache 'own'");
            Refused(slabs, () => kmalloc.Kfree(0), "0x00000000");
            Refused(slabs, () => kmalloc.Ksize(address + 128), HexText.Of(address + 128), "free already");
            kmalloc.Kfree(address);
            Refused(slabs, () => kmalloc.Kfree(address), HexText.Of(address), "free already");
        }

        [TestMethod]
        public void Dma_requests_have_caches_of_their_own()
        {
            var pages = new PageAllocator(
                new[]
                {
                    new Zone("DMA", ZoneKind.Dma, 0x80000000, PageMap.Create(PageMapKind.FreeBlocks, 16, 0)),
                    new Zone("NORMAL", ZoneKind.Normal, 0xC0000000, PageMap.Create(PageMapKind.FreeBlocks, 16, 0)),
                },
                4096, null, null);
            var kmalloc = new KmallocCaches(new SlabAllocator(pages, null, 16, null, null));
            uint normal = kmalloc.Kmalloc(64, GfpFlags.Kernel), dma = kmalloc.Kmalloc(64, GfpFlags.Dma);
            Assert.AreEqual(0xC0000000u, normal);
            Assert.AreEqual(0x80000000u, dma);
            kmalloc.Kfree(normal);
            kmalloc.Kfree(dma);
        }

        [TestMethod]
        public void Atomic_takes_from_the_reserve()
        {
            SlabAllocator slabs = KmemCacheTests.Slabs(16);
            slabs.Pages.SetWatermarks(8, 0);
            var kmalloc = new KmallocCaches(slabs);
            while (kmalloc.Kmalloc(4096, GfpFlags.Kernel) != 0)
            {
            }
            Assert.IsTrue(kmalloc.Kmalloc(4096, GfpFlags.Atomic) != 0);
        }

        [TestMethod]
        public void Kzalloc_clears()
        {
            var memory = new ManagedMemory(Start, 65536);
            memory.Fill(Start, 65536, 0x55);
            var kmalloc = new KmallocCaches(new SlabAllocator(KmemCacheTests.Pages(16), memory, 16, null, null));
            var bytes = new byte[128];
            memory.Read(kmalloc.Kzalloc(100, GfpFlags.Kernel), bytes, 0, 128);
            for (int i = 0; i < 128; i++)
            {
                Assert.AreEqual((byte)0, bytes[i]);
            }
        }

        [TestMethod]
        public void Krealloc_moves_only_when_it_must_and_keeps_the_contents()
        {
            var memory = new ManagedMemory(Start, 65536);
            var slabs = new SlabAllocator(KmemCacheTests.Pages(16), memory, 16, null, null);
            var kmalloc = new KmallocCaches(slabs);
            uint address = kmalloc.Krealloc(0, 40, GfpFlags.Kernel);
            memory.Fill(address, 40, 0x77);
            Assert.AreEqual(address, kmalloc.Krealloc(address, 64, GfpFlags.Kernel));
            uint moved = kmalloc.Krealloc(address, 65, GfpFlags.Kernel);
            Assert.IsTrue(moved != address);
            var bytes = new byte[40];
            memory.Read(moved, bytes, 0, 40);
            Assert.AreEqual((byte)0x77, bytes[0]);
            Assert.AreEqual((byte)0x77, bytes[39]);
            Refused(slabs, () => kmalloc.Kfree(address), "free already");
            Assert.AreEqual(0u, kmalloc.Krealloc(moved, 131072, GfpFlags.Kernel), "no memory");
            Assert.AreEqual(96, kmalloc.Ksize(moved), "and the old one still stands");
        }

        private static KmallocCaches New(int pages)
        {
            return new KmallocCaches(KmemCacheTests.Slabs(pages));
        }

        private static void Refused(SlabAllocator slabs, Action action, params string[] words)
        {
            string before = SlabText.SlabInfo(slabs) + ProcText.BuddyInfo(slabs.Pages);
            Exception e = Thrown.By(action);
            Assert.IsTrue(e is InvalidOperationException);
            for (int i = 0; i < words.Length; i++)
            {
                Assert.Contains(words[i], e.Message);
            }
            Assert.AreEqual(before, SlabText.SlabInfo(slabs) + ProcText.BuddyInfo(slabs.Pages));
        }
    }
}
