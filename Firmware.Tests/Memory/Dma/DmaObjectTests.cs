using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Objects of caches that are mapped for a device: neither Kfree nor a pool frees them before they are unmapped.</summary>
    [TestClass]
    public class DmaObjectTests
    {
        private static SlabAllocator s_slabs;
        private static KmallocCaches s_kmalloc;
        private static Mempool s_pool;
        private static uint s_object, s_handle;

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void Kfree_of_a_mapped_object_is_refused_by_name(bool atomic)
        {
            Boot();
            GfpFlags gfp = atomic ? GfpFlags.Dma | GfpFlags.Atomic : GfpFlags.Dma;
            s_object = s_kmalloc.Kmalloc(100, gfp);
            uint neighbour = s_kmalloc.Kmalloc(100, gfp);
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, s_object, 100, DmaDirection.FromDevice);
            Exception e = Thrown.By(() => s_kmalloc.Kfree(s_object));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("free while mapped: the object at 0xc0", e.Message);
            Assert.Contains("of cache 'dma-kmalloc-128' holds the mapping of 100 bytes", e.Message);
            Assert.Contains("DMA device 'camera'", e.Message);
            Assert.AreEqual(128, s_kmalloc.Ksize(s_object));
            s_kmalloc.Kfree(neighbour);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, DmaDirection.FromDevice);
            s_kmalloc.Kfree(s_object);
        }

        [TestMethod]
        public void Krealloc_does_not_move_a_mapped_object()
        {
            Boot();
            s_object = s_kmalloc.Kmalloc(100, GfpFlags.Dma);
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, s_object, 100, DmaDirection.ToDevice);
            int free = FreePages();
            Exception e = Thrown.By(() => s_kmalloc.Krealloc(s_object, 300, GfpFlags.Dma));
            Assert.Contains("free while mapped", e.Message);
            Assert.AreEqual(free, FreePages());
            Assert.AreEqual(s_object, s_kmalloc.Krealloc(s_object, 120, GfpFlags.Dma));
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, DmaDirection.ToDevice);
            Assert.AreEqual(320, s_kmalloc.Ksize(s_kmalloc.Krealloc(s_object, 300, GfpFlags.Dma)));
        }

        [TestMethod]
        public void Krealloc_does_not_cut_off_what_a_device_has()
        {
            Boot();
            s_object = s_kmalloc.Kmalloc(100, GfpFlags.Dma);
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, s_object, 100, DmaDirection.FromDevice);
            Exception e = Thrown.By(() => s_kmalloc.Krealloc(s_object, 99, GfpFlags.Dma));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("free while mapped: the object at 0xc0", e.Message);
            Assert.AreEqual(s_object, s_kmalloc.Krealloc(s_object, 100, GfpFlags.Dma));
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, DmaDirection.FromDevice);
            Assert.AreEqual(s_object, s_kmalloc.Krealloc(s_object, 99, GfpFlags.Dma));
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, s_object, 128, DmaDirection.ToDevice);
            Assert.Contains("free while mapped", Thrown.By(() => s_kmalloc.Krealloc(s_object, 127, GfpFlags.Dma)).Message);
            Assert.AreEqual(s_object, s_kmalloc.Krealloc(s_object, 128, GfpFlags.Dma));
        }

        [TestMethod]
        [DataRow(0, 128)]
        [DataRow(1, 99)]
        [DataRow(1, 127)]
        [DataRow(127, 1)]
        public void Bytes_inside_an_object_in_use_are_mapped(int offset, int size)
        {
            Boot();
            s_kmalloc.Kmalloc(100, GfpFlags.Dma);
            s_object = s_kmalloc.Kmalloc(100, GfpFlags.Dma);
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, s_object + (uint)offset, size, DmaDirection.FromDevice);
            Assert.AreNotEqual(0u, s_handle);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, size, DmaDirection.FromDevice);
            s_kmalloc.Kfree(s_object);
        }

        /// <summary>Objects whose size divides no page.</summary>
        [TestMethod]
        public void Bytes_inside_an_object_of_any_size_are_mapped()
        {
            Boot();
            var cache = new KmemCache(s_slabs, "node", 96, 8, GfpFlags.Dma, null);
            cache.Alloc(GfpFlags.Kernel);
            s_object = cache.Alloc(GfpFlags.Kernel);
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, s_object + 10, 86, DmaDirection.FromDevice);
            Assert.AreNotEqual(0u, s_handle);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 86, DmaDirection.FromDevice);
        }

        [TestMethod]
        [DataRow(1, 128)]
        [DataRow(100, 100)]
        [DataRow(127, 2)]
        public void Bytes_that_end_in_the_next_object_are_not_mapped(int offset, int size)
        {
            Boot();
            s_object = s_kmalloc.Kmalloc(100, GfpFlags.Dma);
            uint next = s_kmalloc.Kmalloc(100, GfpFlags.Dma);
            Assert.AreEqual(128u, next - s_object);
            Assert.IsTrue(Thrown.By(() => DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, s_object + (uint)offset, size, DmaDirection.FromDevice))
                is InvalidOperationException);
            Assert.AreEqual(0, DmaTestBoard.Dma.MappingCount);
        }

        [TestMethod]
        [DataRow(0, 100)]
        [DataRow(-128, 100)]
        [DataRow(100, 100)]
        [DataRow(-100, 200)]
        public void Bytes_that_are_no_object_in_use_are_not_mapped(int offset, int size)
        {
            Boot();
            uint before = s_kmalloc.Kmalloc(100, GfpFlags.Dma);
            s_object = s_kmalloc.Kmalloc(100, GfpFlags.Dma);
            Assert.AreEqual(128u, s_object - before);
            s_kmalloc.Kfree(offset == -100 ? before : s_object);
            uint address = offset < 0 ? s_object - (uint)-offset : s_object + (uint)offset;
            if (offset == -128)
            {
                address = s_object + 128;
            }
            Exception e = Thrown.By(() => DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, address, size, DmaDirection.FromDevice));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains(size.ToString() + " bytes at 0xc0", e.Message);
            Assert.Contains("DMA device 'camera'", e.Message);
            Assert.Contains("cache 'dma-kmalloc-128'", e.Message);
            Assert.AreEqual(0, DmaTestBoard.Dma.MappingCount);
            s_kmalloc.Kfree(offset == -100 ? s_object : before);
            Assert.AreEqual(1, s_slabs.Shrink(32), "its slab can go");
        }

        [TestMethod]
        public void Bytes_that_end_in_a_slab_are_not_mapped_either()
        {
            Boot();
            uint page = DmaTestBoard.Pages.AllocPages(GfpFlags.Dma, 0, 0);
            s_object = s_kmalloc.Kmalloc(100, GfpFlags.Dma);
            Assert.AreEqual(page + DmaTestBoard.PageSize, s_object);
            Exception e = Thrown.By(() => DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, page, DmaTestBoard.PageSize + 1,
                DmaDirection.ToDevice));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("cache 'dma-kmalloc-128'", e.Message);
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, page, DmaTestBoard.PageSize, DmaDirection.ToDevice);
            Assert.IsTrue(s_handle != 0);
        }

        [TestMethod]
        public void Another_wrong_free_keeps_its_own_name()
        {
            Boot();
            s_object = s_kmalloc.Kmalloc(100, GfpFlags.Dma);
            DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, s_object, 100, DmaDirection.ToDevice);
            Exception e = Thrown.By(() => s_kmalloc.Kfree(s_object + 8));
            Assert.Contains("8 bytes inside the object", e.Message);
        }

        [TestMethod]
        public void A_list_that_could_not_be_mapped_whole_leaves_its_objects_free_to_go()
        {
            Boot();
            var source = new ScatterList(4);
            var mapped = new ScatterList(4);
            var objects = new uint[3];
            for (int i = 0; i < objects.Length; i++)
            {
                objects[i] = s_kmalloc.Kmalloc(512, GfpFlags.Dma);
                source.Append(objects[i], 64);
            }
            Assert.IsFalse(DmaTestBoard.Streaming.MapScatterList(DmaTestBoard.Camera, source, mapped, DmaDirection.ToDevice));
            for (int i = 0; i < objects.Length; i++)
            {
                s_kmalloc.Kfree(objects[i]);
            }
        }

        [TestMethod]
        [DataRow(false)]
        [DataRow(true)]
        public void A_run_of_Kmalloc_stays_while_a_device_has_some_of_it(bool ownLock)
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 2);
            s_slabs = new SlabAllocator(DmaTestBoard.Pages, DmaTestBoard.Memory, 16, ownLock ? new MonitorLock() : DmaTestBoard.Pages.Lock, null);
            s_kmalloc = new KmallocCaches(s_slabs);
            int all = FreePages();
            s_object = s_kmalloc.Kmalloc(12000, GfpFlags.Dma);
            int free = FreePages();
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, s_object + 9000, 100, DmaDirection.ToDevice);
            RefusedWhileMapped(() => s_kmalloc.Kfree(s_object));
            RefusedWhileMapped(() => s_kmalloc.Krealloc(s_object, 9050, GfpFlags.Dma));
            RefusedWhileMapped(() => s_kmalloc.Krealloc(s_object, 5000, GfpFlags.Dma));
            RefusedWhileMapped(() => s_kmalloc.Krealloc(s_object, 20000, GfpFlags.Dma));
            Assert.AreEqual(free, FreePages());
            Assert.AreEqual(s_object, s_kmalloc.Krealloc(s_object, 9100, GfpFlags.Dma));
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, DmaDirection.ToDevice);
            s_kmalloc.Kfree(s_object);
            Assert.AreEqual(all, FreePages());
            Assert.IsTrue(Thrown.By(() => DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, s_object, 100, DmaDirection.ToDevice)) is InvalidOperationException);
        }

        [TestMethod]
        public void A_pool_takes_no_mapped_element_back()
        {
            Boot();
            s_pool = new Mempool("urb", DmaTestBoard.Pages, 0, GfpFlags.Dma, 1, 1, null);
            s_object = s_pool.Alloc(GfpFlags.Kernel);
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, s_object, 100, DmaDirection.FromDevice);
            Exception e = Thrown.By(() => s_pool.Free(s_object));
            Assert.Contains("mempool 'urb': free while mapped: the element at 0xc0", e.Message);
            Assert.AreEqual(1, s_pool.LiveCount);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, DmaDirection.FromDevice);
            s_pool.Free(s_object);
            Assert.AreEqual(0, s_pool.LiveCount);
        }

        private static void RefusedWhileMapped(Action call)
        {
            Exception e = Thrown.By(call);
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("free while mapped: the block at " + HexText.Of(s_object), e.Message);
        }

        private static void Boot()
        {
            DmaTestBoard.Boot(PageMapKind.FreeBlocks, 2);
            s_slabs = new SlabAllocator(DmaTestBoard.Pages, DmaTestBoard.Memory, 16, null, null);
            s_kmalloc = new KmallocCaches(s_slabs);
        }

        private static int FreePages()
        {
            return DmaTestBoard.Pages.ZoneAt(0).FreePages + DmaTestBoard.Pages.ZoneAt(1).FreePages + DmaTestBoard.Pages.ZoneAt(2).FreePages;
        }
    }
}
