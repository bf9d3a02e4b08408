using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Descriptors: where they lie in their pages, and refusals.</summary>
    [TestClass]
    public class DmaPoolTests
    {
        private static uint s_handle;

        [TestMethod]
        public void Objects_keep_their_alignment_and_boundary()
        {
            DmaPool pool = Boot(40, 16, 128, 2);
            Assert.AreEqual(16, pool.ObjectsPerChunk, "two of 48 bytes in each 128 of 1024");
            uint last = 0;
            for (int i = 0; i < 32; i++)
            {
                uint address = pool.Alloc(GfpFlags.Kernel, out uint handle);
                Assert.AreEqual(DmaTestBoard.Sdram + (uint)(i / 2 * 128 + i % 2 * 48), address);
                Assert.AreEqual(address - DmaTestBoard.Sdram + DmaTestBoard.SdramBus, handle);
                last = address;
            }
            Assert.AreEqual(2, pool.ChunkCount);
            Assert.AreEqual(32, pool.LiveCount);
            Assert.AreEqual(0u, pool.Alloc(GfpFlags.Kernel, out s_handle), "both pages are full");
            Assert.AreEqual(0u, s_handle);
            Assert.AreEqual(1, pool.FailureCount);
            pool.Free(last, last - DmaTestBoard.Sdram + DmaTestBoard.SdramBus);
            Assert.AreEqual(last, pool.Alloc(GfpFlags.Kernel, out s_handle));
            Assert.AreEqual(2048L, DmaTestBoard.Dma.BlockBytes);
        }

        [TestMethod]
        public void More_than_64_objects_to_a_page_and_the_lowest_first()
        {
            DmaPool pool = Boot(4, 4, 0, 1);
            Assert.AreEqual(256, pool.ObjectsPerChunk);
            for (int i = 0; i < 256; i++)
            {
                Assert.AreEqual(DmaTestBoard.Sdram + (uint)(4 * i), pool.Alloc(GfpFlags.Kernel, out s_handle));
            }
            pool.Free(DmaTestBoard.Sdram + 800, DmaTestBoard.SdramBus + 800);
            pool.Free(DmaTestBoard.Sdram + 300, DmaTestBoard.SdramBus + 300);
            Assert.AreEqual(DmaTestBoard.Sdram + 300, pool.Alloc(GfpFlags.Kernel, out s_handle));
            Assert.AreEqual(DmaTestBoard.Sdram + 800, pool.Alloc(GfpFlags.Kernel, out s_handle));
        }

        [TestMethod]
        public void Zero_clears_the_object_alone()
        {
            DmaPool pool = Boot(32, 32, 0, 1);
            DmaTestBoard.Memory.Fill(DmaTestBoard.Sdram, 1024, 0xAA);
            pool.Alloc(GfpFlags.Zero, out s_handle);
            Assert.AreEqual((byte)0, DmaTestBoard.Memory.DeviceRead(DmaTestBoard.Sdram + 31));
            Assert.AreEqual((byte)0xAA, DmaTestBoard.Memory.DeviceRead(DmaTestBoard.Sdram + 32));
            uint plain = pool.Alloc(GfpFlags.Kernel, out s_handle);
            Assert.AreEqual((byte)0xAA, DmaTestBoard.Memory.DeviceRead(plain));
        }

        [TestMethod]
        public void Want_of_pages_returns_0()
        {
            DmaPool pool = Boot(1024, 1, 0, 64);
            // The table of coherent blocks holds 14.
            for (int i = 0; i < 14; i++)
            {
                Assert.AreNotEqual(0u, pool.Alloc(GfpFlags.Kernel, out s_handle));
            }
            Assert.AreEqual(0u, pool.Alloc(GfpFlags.Kernel, out s_handle));
        }

        [TestMethod]
        public void Wrong_frees_are_named_and_change_nothing()
        {
            DmaPool pool = Boot(40, 16, 128, 2);
            uint a = pool.Alloc(GfpFlags.Kernel, out uint handle);
            Refused(() => pool.Free(a, handle + 4), "0xc0000000 (bus 0x80000004) has another handle, 0x80000000, as an object of DMA pool"
                + " 'descriptors' (DMA device 'camera', objects of 40 bytes)", pool);
            Refused(() => pool.Free(a + 8, handle + 8), "is inside an object", pool);
            Refused(() => pool.Free(a + 96, handle + 96), "is inside an object", pool);
            Refused(() => pool.Free(a + 48, handle + 48), "is a free object", pool);
            Refused(() => pool.Free(a + 1024, handle + 1024), "is in no page", pool);
            Refused(() => pool.Free(0, 0), "is in no page", pool);
            uint mapped = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Display, a, 8, DmaDirection.ToDevice);
            Refused(() => pool.Free(a, handle), "holds the mapping of 8 bytes", pool);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Display, mapped, 8, DmaDirection.ToDevice);
            pool.Free(a, handle);
            Exception e = Thrown.By(() => pool.Free(a, handle));
            Assert.Contains("is a free object", e.Message);
        }

        [TestMethod]
        public void Destroy_refuses_while_objects_are_in_use_and_gives_all_pages_back()
        {
            DmaPool pool = Boot(512, 512, 0, 4);
            uint a = pool.Alloc(GfpFlags.Kernel, out uint handle);
            uint b = pool.Alloc(GfpFlags.Kernel, out s_handle), c = pool.Alloc(GfpFlags.Kernel, out s_handle);
            pool.Free(c, s_handle);
            Refused(() => pool.Destroy(), "cannot be destroyed: 2 of its 4 objects of 512 bytes are in use", pool, 2);
            pool.Free(a, handle);
            pool.Free(b, b - DmaTestBoard.Sdram + DmaTestBoard.SdramBus);
            pool.Destroy();
            Assert.AreEqual(16, DmaTestBoard.Pages.ZoneAt(2).FreePages);
            Assert.AreEqual(0, pool.ChunkCount);
            Refused(() => pool.Destroy(), "it is already", pool, 0);
            Refused(() => pool.Alloc(GfpFlags.Kernel, out s_handle), "was destroyed", pool, 0);
            Refused(() => pool.Free(a, handle), "is in no page", pool, 0);
        }

        [TestMethod]
        public void Destroy_with_a_page_gone_stops_there_and_loses_no_other()
        {
            DmaPool pool = Boot(1024, 1024, 0, 4);
            uint a = pool.Alloc(GfpFlags.Kernel, out uint handle), b = pool.Alloc(GfpFlags.Kernel, out s_handle);
            pool.Free(a, handle);
            pool.Free(b, s_handle);
            DmaTestBoard.Pages.FreePages(a);
            Exception e = Thrown.By(() => pool.Destroy());
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("nobody else to free its pages", e.Message);
            Assert.AreEqual(1, pool.ChunkCount, "the page that the pool does not have any more");
            Assert.AreEqual(16, DmaTestBoard.Pages.ZoneAt(2).FreePages);
            Assert.AreEqual(1, DmaTestBoard.Dma.BlockCount);
            Assert.Contains("nobody else to free its pages", Thrown.By(() => pool.Destroy()).Message);
        }

        [TestMethod]
        [DataRow(0, 1, 0, 1)]
        [DataRow(1025, 1, 0, 1)]
        [DataRow(8, 3, 0, 1)]
        [DataRow(8, 0, 0, 1)]
        [DataRow(8, 2048, 0, 1)]
        [DataRow(8, 1, 24, 1)]
        [DataRow(9, 8, 8, 1)]
        [DataRow(8, 1, -8, 1)]
        [DataRow(8, 1, 0, 0)]
        [DataRow(8, 1, 0, 1025)]
        public void Numbers_that_are_none_are_refused(int size, int alignment, int boundary, int chunks)
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            Exception e = Thrown.By(() => new DmaPool("descriptors", DmaTestBoard.Dma, DmaTestBoard.Camera, size, alignment, boundary, chunks));
            Assert.IsInstanceOfType(e, typeof(ArgumentOutOfRangeException));
            Assert.Contains("DMA pool 'descriptors'", e.Message);
        }

        [TestMethod]
        public void The_devices_boundary_limits_the_objects()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            DmaDevice bounded = DmaTestBoard.Attach("bounded", 1, 256);
            Exception e = Thrown.By(() => new DmaPool("descriptors", DmaTestBoard.Dma, bounded, 257, 1, 0, 1));
            Assert.Contains("expected at most the boundary of DMA device 'bounded', 256", e.Message);
            var pool = new DmaPool("descriptors", DmaTestBoard.Dma, bounded, 100, 1, 0, 1);
            Assert.AreEqual(2, pool.ObjectsPerChunk);
            Assert.ThrowsException(typeof(ArgumentNullException), () => new DmaPool(null, DmaTestBoard.Dma, bounded, 1, 1, 0, 1));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new DmaPool("x", null, bounded, 1, 1, 0, 1));
        }

        private static DmaPool Boot(int size, int alignment, int boundary, int chunks)
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            return new DmaPool("descriptors", DmaTestBoard.Dma, DmaTestBoard.Camera, size, alignment, boundary, chunks);
        }

        private static void Refused(Action action, string text, DmaPool pool)
        {
            Refused(action, text, pool, 1);
        }

        private static void Refused(Action action, string text, DmaPool pool, int used)
        {
            Exception e = Thrown.By(action);
            Assert.IsNotNull(e, text);
            Assert.IsInstanceOfType(e, typeof(InvalidOperationException));
            Assert.Contains(text, e.Message);
            Assert.AreEqual(used, pool.LiveCount);
        }
    }
}
