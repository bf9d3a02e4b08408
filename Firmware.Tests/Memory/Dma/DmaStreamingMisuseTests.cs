using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>What a driver must not do with a mapping: each misuse is refused by name and changes nothing.</summary>
    [TestClass]
    public class DmaStreamingMisuseTests
    {
        private const uint Page = DmaTestBoard.Sdram;
        private const string Mapping = "the mapping of 100 bytes at 0xc0000000 (bus 0x80000000, FromDevice, DMA device 'camera')";

        private static uint s_handle;

        [TestMethod]
        [DataRow((int)PageMapKind.Runs)]
        [DataRow((int)PageMapKind.FreeBlocks)]
        [DataRow((int)PageMapKind.GroupedFreeBlocks)]
        public void Mapping_what_nobody_has(int kind)
        {
            DmaTestBoard.Boot((PageMapKind)kind, 4);
            const uint Sram = DmaTestBoard.Sram;
            uint first = DmaTestBoard.Pages.AllocPages(GfpFlags.NoFallback, 1, 0), second = DmaTestBoard.Pages.AllocPages(GfpFlags.NoFallback, 1, 0);
            Assert.AreEqual(first + 2048, second, "one behind the other");
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, first + 1024, 2048, DmaDirection.FromDevice);
            Assert.AreNotEqual(0u, s_handle, "from the middle of one block into the next");
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 2048, DmaDirection.FromDevice);
            DmaTestBoard.Pages.FreePages(second);
            Refused(() => DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, first + 1024, 2048, DmaDirection.FromDevice),
                "the page at " + HexText.Of(second) + " is free. Expected memory that was allocated", 0);
            DmaTestBoard.Pages.FreePages(first);
            Refused(() => DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, first, 100, DmaDirection.FromDevice), "is free", 0);
            Refused(() => DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, Sram, 100, DmaDirection.FromDevice), "is free", 0);
            Assert.AreNotEqual(0u, DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, DmaTestBoard.Free, 100, DmaDirection.FromDevice),
                "no zone's memory is nobody's business");
        }

        [TestMethod]
        public void Mapping_across_a_slab()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            var slabs = new SlabAllocator(DmaTestBoard.Pages, null, 8, null, null);
            uint before = DmaTestBoard.Pages.AllocPages(GfpFlags.Dma, 0, 0);
            var cache = new KmemCache(slabs, "strangers", 1024, 8, GfpFlags.Dma, null);
            Assert.AreEqual(before + 1024, cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(before + 2048, DmaTestBoard.Pages.AllocPages(GfpFlags.Dma, 0, 0));
            Refused(() => DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, before, 3072, DmaDirection.FromDevice),
                "they are not those of one object in use of cache 'strangers'", 0);
        }

        [TestMethod]
        public void Unmapping_twice()
        {
            Map();
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, DmaDirection.FromDevice);
            Refused(() => DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, DmaDirection.FromDevice),
                "UnmapSingle of 100 bytes at bus address 0x80000000 FromDevice by DMA device 'camera': not mapped; " + Mapping
                    + " was unmapped before", 0);
        }

        [TestMethod]
        public void Unmapping_a_bounced_buffer_twice()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, DmaTestBoard.Psram, 100, DmaDirection.FromDevice);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, DmaDirection.FromDevice);
            Refused(() => DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, DmaDirection.FromDevice), "was unmapped before", 0);
        }

        [TestMethod]
        public void Unmapping_what_is_not_the_mapping()
        {
            Map();
            Refused(() => DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 99, DmaDirection.FromDevice),
                "UnmapSingle of 99 bytes at bus address 0x80000000 FromDevice by DMA device 'camera': there is " + Mapping
                    + ". Expected its own device, direction and bytes", 1);
            Refused(() => DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, DmaDirection.ToDevice), Mapping, 1);
            Refused(() => DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Display, s_handle, 100, DmaDirection.FromDevice), Mapping, 1);
            Refused(() => DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle + 1, 99, DmaDirection.FromDevice), Mapping, 1);
            Refused(() => DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, 0, 100, DmaDirection.FromDevice), "nothing is mapped there", 1);
            Refused(() => DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle + 100, 1, DmaDirection.FromDevice),
                "nothing is mapped there", 1);
            Refused(() => DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, DmaTestBoard.SlotStart, 1, DmaDirection.FromDevice),
                "nothing is mapped there", 1);
        }

        [TestMethod]
        [DataRow(0u, 101)]
        [DataRow(50u, 51)]
        [DataRow(100u, 1)]
        [DataRow(0u, 0)]
        [DataRow(1u, -1)]
        [DataRow(0xFFFFFFFFu, 2)]
        public void Syncing_what_is_not_mapped(uint offset, int size)
        {
            Map();
            string what = "of " + size.ToString() + " bytes at bus address " + HexText.Of(s_handle + offset);
            Refused(() => DmaTestBoard.Streaming.SyncForCpu(DmaTestBoard.Camera, s_handle + offset, size, DmaDirection.FromDevice),
                "SyncForCpu " + what, 1);
            Refused(() => DmaTestBoard.Streaming.SyncForDevice(DmaTestBoard.Camera, s_handle + offset, size, DmaDirection.FromDevice),
                "SyncForDevice " + what, 1);
        }

        [TestMethod]
        public void Handing_over_what_the_device_has_and_parts_that_do_not_join()
        {
            Map();
            DmaStreaming streaming = DmaTestBoard.Streaming;
            Refused(() => streaming.SyncForDevice(DmaTestBoard.Camera, s_handle, 100, DmaDirection.FromDevice),
                "SyncForDevice of 100 bytes at bus address 0x80000000: the device owns them already, of " + Mapping
                    + ". Expected SyncForCpu before the CPU writes", 1);
            streaming.SyncForCpu(DmaTestBoard.Camera, s_handle + 10, 20, DmaDirection.FromDevice);
            Refused(() => streaming.SyncForCpu(DmaTestBoard.Camera, s_handle + 31, 1, DmaDirection.FromDevice),
                "SyncForCpu of 1 bytes at bus address 0x8000001f would leave the CPU two parts of " + Mapping
                    + "; it has 0x8000000a-0x8000001d", 1);
            Refused(() => streaming.SyncForDevice(DmaTestBoard.Camera, s_handle + 15, 5, DmaDirection.FromDevice),
                "SyncForDevice of 5 bytes at bus address 0x8000000f would leave the CPU two parts", 1);
            Refused(() => streaming.SyncForDevice(DmaTestBoard.Camera, s_handle + 30, 5, DmaDirection.FromDevice), "the device owns them", 1);
            streaming.SyncForCpu(DmaTestBoard.Camera, s_handle + 30, 1, DmaDirection.FromDevice);
            streaming.SyncForDevice(DmaTestBoard.Camera, s_handle, 100, DmaDirection.FromDevice);
            Assert.IsTrue(DmaText.Dump(DmaTestBoard.Dma).EndsWith("DMA_FROM_DEVICE device\n"));
        }

        [TestMethod]
        [DataRow((int)DmaDirection.ToDevice, (int)DmaDirection.FromDevice)]
        [DataRow((int)DmaDirection.FromDevice, (int)DmaDirection.ToDevice)]
        [DataRow((int)DmaDirection.Bidirectional, (int)DmaDirection.Bidirectional)]
        public void Mapping_bytes_twice_of_which_a_device_writes(int first, int second)
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, 4);
            DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, Page + 100, 100, (DmaDirection)first);
            for (uint at = 1; at < 200; at += 99)
            {
                uint address = Page + at;
                Refused(() => DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Display, address, 100, (DmaDirection)second),
                    "overlaps the mapping of 100 bytes at 0xc0000064", 1);
            }
            Assert.AreNotEqual(0u, DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Display, Page, 100, (DmaDirection)second));
            Assert.AreNotEqual(0u, DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Display, Page + 200, 100, (DmaDirection)second));
        }

        [TestMethod]
        public void Mapping_what_is_no_buffer()
        {
            Map();
            NoBuffer(0x10000000, 1, "0x10000000 for DMA device 'camera': no region is there");
            NoBuffer(Page + DmaTestBoard.SdramSize - 4, 5, "the region there is 0xc0000000-0xc0005fff");
            NoBuffer(DmaTestBoard.SlotStart + 512, 1, "these are the bounce buffers 'bounce'");
            NoBuffer(Page, 0, "0 bytes for DMA device 'camera': expected 1 to ");
            NoBuffer(Page, int.MinValue, "-2147483648 bytes");
            DmaDevice bounded = DmaTestBoard.Attach("bounded", 1, 512);
            Exception e = Thrown.By(() => DmaTestBoard.Streaming.MapSingle(bounded, Page + 0x400, 513, DmaDirection.ToDevice));
            Assert.IsInstanceOfType(e, typeof(ArgumentOutOfRangeException));
            Assert.Contains("513 bytes for DMA device 'bounded': expected 1 to 512", e.Message);
        }

        [TestMethod]
        public void Directions_and_devices_that_are_none()
        {
            Map();
            DmaStreaming streaming = DmaTestBoard.Streaming;
            var bad = (DmaDirection)3;
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => streaming.MapSingle(DmaTestBoard.Camera, Page, 1, bad));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, bad));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => streaming.SyncForCpu(DmaTestBoard.Camera, s_handle, 1, bad));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => streaming.SyncForDevice(DmaTestBoard.Camera, s_handle, 1, bad));
            Exception e = Thrown.By(() => streaming.MapSingle(DmaTestBoard.Camera, Page, 1, bad));
            Assert.Contains("direction 3 for DMA device 'camera'", e.Message);

            var stranger = new DmaDevice("stranger", DmaEngines.General) { MaxSegment = 1 };
            Refused(() => streaming.MapSingle(stranger, Page, 1, DmaDirection.ToDevice), "DMA device 'stranger' is not attached", 1);
            Refused(() => streaming.UnmapSingle(stranger, s_handle, 100, DmaDirection.FromDevice), "not attached", 1);
            Assert.ThrowsException(typeof(ArgumentNullException), () => streaming.MapSingle(null, Page, 1, DmaDirection.ToDevice));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new DmaStreaming(null));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new DmaCheckedMemory(null));
        }

        [TestMethod]
        public void Freeing_pages_that_are_mapped()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            PageOwner owner = DmaTestBoard.Pages.RegisterOwner("app");
            uint block = DmaTestBoard.Pages.AllocPages(GfpFlags.Dma, 2, owner);
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, block + 3000, 100, DmaDirection.ToDevice);
            string text = "free while mapped: the block at " + HexText.Of(block) + " (4096 bytes, zone DMA, owner 'app') holds the mapping of 100"
                + " bytes at " + HexText.Of(block + 3000);
            Refused(() => DmaTestBoard.Pages.FreePages(block), text, 1);
            Refused(() => DmaTestBoard.Pages.FreePages(block, 2), text, 1);
            Refused(() => DmaTestBoard.Pages.FreePagesExact(block, 4096), text, 1);
            Refused(() => DmaTestBoard.Pages.TrimPages(block, 2048), text, 1);
            Refused(() => DmaTestBoard.Pages.FreePages(block, 1), "wrong size", 1);
            Assert.AreEqual(12, DmaTestBoard.Pages.ZoneAt(2).FreePages);
            DmaTestBoard.Pages.TrimPages(block, 3100);
            DmaTestBoard.Pages.TrimPages(block, 4096);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, DmaDirection.ToDevice);
            DmaTestBoard.Pages.FreePages(block);
            Assert.AreEqual(16, DmaTestBoard.Pages.ZoneAt(2).FreePages);
        }

        [TestMethod]
        public void Freeing_virtual_memory_that_is_mapped()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            var space = new Vmalloc(DmaTestBoard.Pages, DmaTestBoard.Memory, 0xE0000000, 16, 4, 4);
            uint area = space.Alloc(3 * DmaTestBoard.PageSize, GfpFlags.Dma, DmaTestBoard.Pages.RegisterOwner("app"));
            var list = new ScatterList(4);
            var mapped = new ScatterList(4);
            list.Build(space, area + 2 * DmaTestBoard.PageSize, 10);
            DmaTestBoard.Streaming.MapScatterList(DmaTestBoard.Camera, list, mapped, DmaDirection.ToDevice);
            Refused(() => space.Free(area), "vfree while mapped: page " + HexText.Of(list.AddressAt(0))
                + " of the area at 0xe0000000 (3072 bytes, owner 'app') holds the mapping of 10 bytes", 1);
            Assert.AreEqual(1, space.AreaCount);
            Assert.AreEqual(13, DmaTestBoard.Pages.ZoneAt(2).FreePages);
            DmaTestBoard.Streaming.UnmapScatterList(DmaTestBoard.Camera, mapped, DmaDirection.ToDevice);
            space.Free(area);
            Assert.AreEqual(16, DmaTestBoard.Pages.ZoneAt(2).FreePages);
        }

        [TestMethod]
        public void Touching_what_the_device_owns()
        {
            Map();
            var memory = new DmaCheckedMemory(DmaTestBoard.Dma);
            var buffer = new byte[200];
            string text = "at 0xc0000063 touches " + Mapping;
            Refused(() => memory.Read(Page + 99, buffer, 0, 2), "CPU read of 2 bytes " + text
                + ", which the device owns. Expected SyncForCpu or UnmapSingle first", 1);
            Refused(() => memory.Copy(Page + 99, Page + 200, 2), "CPU read of 2 bytes " + text, 1);
            Refused(() => memory.Copy(Page + 200, Page + 99, 2), "CPU write of 2 bytes " + text, 1);
            Refused(() => memory.Write(Page + 99, buffer, 0, 2), "CPU write of 2 bytes " + text
                + ", which only the device writes. Expected UnmapSingle first, or a mapping that is Bidirectional", 1);
            Refused(() => memory.Fill(Page + 99, 2, 0), "CPU write", 1);
            Refused(() => memory.InvalidateCache(Page + 99, 2), "CPU write", 1);
            memory.CleanCache(Page + 99, 2);
            memory.Read(Page + 100, buffer, 0, 100);
            memory.Write(Page + 100, buffer, 0, 100);
            memory.Fill(Page + 50, 0, 1);

            DmaTestBoard.Streaming.SyncForCpu(DmaTestBoard.Camera, s_handle, 100, DmaDirection.FromDevice);
            memory.Read(Page, buffer, 0, 100);
            Refused(() => memory.Fill(Page + 99, 2, 0), "which only the device writes", 1);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_handle, 100, DmaDirection.FromDevice);
            memory.Fill(Page, 100, 0);
            memory.Copy(Page, Page + 50, 100);
            int before = DmaTestBoard.Memory.Invalidations;
            memory.InvalidateCache(DmaTestBoard.Free, 100);
            Assert.AreEqual(before + 1, DmaTestBoard.Memory.Invalidations);
        }

        [TestMethod]
        public void Reading_what_the_device_only_reads_is_harmless()
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, 4);
            var memory = new DmaCheckedMemory(DmaTestBoard.Dma);
            var buffer = new byte[100];
            uint handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Display, Page, 100, DmaDirection.ToDevice);
            memory.Read(Page, buffer, 0, 100);
            Refused(() => memory.Fill(Page, 1, 0), "DMA device 'display'), which the device owns. Expected SyncForCpu or UnmapSingle first", 1);
            DmaTestBoard.Streaming.SyncForCpu(DmaTestBoard.Display, handle, 100, DmaDirection.ToDevice);
            memory.Fill(Page, 100, 5);
            DmaTestBoard.Streaming.SyncForDevice(DmaTestBoard.Display, handle, 100, DmaDirection.ToDevice);
            Refused(() => memory.Fill(Page, 1, 0), "which the device owns", 1);
        }

        private static void Map()
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, 4);
            s_handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, Page, 100, DmaDirection.FromDevice);
        }

        private static void NoBuffer(uint address, int size, string text)
        {
            Exception e = Thrown.By(() => DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, address, size, DmaDirection.ToDevice));
            Assert.IsInstanceOfType(e, typeof(ArgumentOutOfRangeException));
            Assert.Contains(text, e.Message);
            Assert.AreEqual(1, DmaTestBoard.Dma.MappingCount);
        }

        private static void Refused(Action action, string text, int mappings)
        {
            Exception e = Thrown.By(action);
            Assert.IsNotNull(e, text);
            Assert.IsInstanceOfType(e, typeof(InvalidOperationException));
            Assert.Contains(text, e.Message);
            Assert.AreEqual(mappings, DmaTestBoard.Dma.MappingCount);
        }
    }
}
