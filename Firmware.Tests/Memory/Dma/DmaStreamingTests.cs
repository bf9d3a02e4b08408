using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Buffers between CPU and device: the device's address, bouncing, and that every byte arrives.</summary>
    [TestClass]
    public class DmaStreamingTests
    {
        private const uint Page = DmaTestBoard.Sdram;

        [TestMethod]
        public void A_buffer_that_the_device_can_take_is_mapped_where_it_lies()
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, 8);
            DmaTestBoard.CpuWrite(Page + 3, 100, 7);
            uint handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, Page + 3, 100, DmaDirection.Bidirectional);
            Assert.AreEqual(DmaTestBoard.SdramBus + 3u, handle, "the bus address differs from the CPU's");
            Assert.AreEqual(-1, DmaTestBoard.DeviceMisses(handle, 100, 7));
            Assert.AreEqual(1, DmaTestBoard.Dma.MappingCount);
            DmaTestBoard.DeviceWrite(handle, 50, 90);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, handle, 100, DmaDirection.Bidirectional);
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(Page + 3, 50, 90));
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(Page + 53, 50, 57), "what the device left alone");
            Assert.AreEqual(0, DmaTestBoard.Dma.MappingCount);
            Assert.AreEqual(0L, DmaTestBoard.Bounce.Bounced);
            Assert.AreEqual(0, DmaTestBoard.Memory.Cleans + DmaTestBoard.Memory.Invalidations, "the region is not cached");
        }

        /// <summary>A buffer may end where the device's boundary or reach ends; with one byte more it bounces.</summary>
        [TestMethod]
        public void A_buffer_may_end_with_the_last_byte_that_the_device_can_take()
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, 8);
            DmaDevice bounded = DmaTestBoard.Attach("bounded", 1, 0x100);
            var near = new DmaDevice("near", DmaEngines.General) { MaxSegment = 65536, Mask = DmaTestBoard.SdramBus + 0xFF };
            DmaTestBoard.Dma.Attach(near);
            DmaDevice[] devices = { bounded, near };
            for (int i = 0; i < devices.Length; i++)
            {
                uint handle = DmaTestBoard.Streaming.MapSingle(devices[i], Page + 0xC0, 0x40, DmaDirection.ToDevice);
                Assert.AreEqual(DmaTestBoard.SdramBus + 0xC0u, handle);
                DmaTestBoard.Streaming.UnmapSingle(devices[i], handle, 0x40, DmaDirection.ToDevice);
                Assert.AreEqual(i, (int)DmaTestBoard.Bounce.Bounced);
                handle = DmaTestBoard.Streaming.MapSingle(devices[i], Page + 0xC0, 0x41, DmaDirection.ToDevice);
                Assert.AreEqual(DmaTestBoard.SlotStart, handle);
                DmaTestBoard.Streaming.UnmapSingle(devices[i], handle, 0x41, DmaDirection.ToDevice);
                Assert.AreEqual(i + 1, (int)DmaTestBoard.Bounce.Bounced);
            }
        }

        [TestMethod]
        public void A_cached_buffer_with_lines_of_its_own_is_cleaned_and_invalidated()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 8);
            DmaTestBoard.CpuWrite(DmaTestBoard.Free, 64, 1);
            uint handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, DmaTestBoard.Free, 64, DmaDirection.FromDevice);
            Assert.AreEqual(DmaTestBoard.Free, handle);
            DmaTestBoard.DeviceWrite(handle, 40, 100);
            // The cache may fetch any line meanwhile.
            DmaTestBoard.Memory.Turn(DmaTestBoard.Free);
            DmaTestBoard.Memory.Turn(DmaTestBoard.Free);
            DmaTestBoard.Memory.Turn(DmaTestBoard.Free + 32);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, handle, 64, DmaDirection.FromDevice);
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(DmaTestBoard.Free, 40, 100));
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(DmaTestBoard.Free + 40, 24, 41), "what the device left alone");
            Assert.AreEqual(0L, DmaTestBoard.Bounce.Bounced);
            Assert.AreEqual(1, DmaTestBoard.Memory.Cleans);
            Assert.AreEqual(1, DmaTestBoard.Memory.Invalidations);

            handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Snooper, DmaTestBoard.Free + 1, 64, DmaDirection.FromDevice);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Snooper, handle, 64, DmaDirection.FromDevice);
            Assert.AreEqual(0L, DmaTestBoard.Bounce.Bounced, "a device that snoops shares lines and needs no maintenance");
            Assert.AreEqual(2, DmaTestBoard.Memory.Cleans + DmaTestBoard.Memory.Invalidations);
        }

        [TestMethod]
        [DataRow(1u, 63)]
        [DataRow(0u, 63)]
        [DataRow(31u, 1)]
        public void A_shared_line_bounces_what_the_device_writes_and_the_neighbour_keeps_his(uint offset, int size)
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 8);
            uint start = DmaTestBoard.Free + 64;
            DmaTestBoard.CpuWrite(start - 32, 128, 10);
            uint handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, start + offset, size, DmaDirection.FromDevice);
            Assert.AreEqual(DmaTestBoard.SlotStart, handle);
            // The neighbour writes to the shared line while the device is working.
            DmaTestBoard.CpuWrite(start + 63, 1, 200);
            DmaTestBoard.DeviceWrite(handle, size, 100);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, handle, size, DmaDirection.FromDevice);
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(start + offset, size, 100));
            if (offset + (uint)size < 64)
            {
                Assert.AreEqual(-1, DmaTestBoard.CpuMisses(start + 63, 1, 200), "the neighbour's byte");
            }
            Assert.AreEqual(1L, DmaTestBoard.Bounce.Bounced);
            Assert.AreEqual(2L * size, DmaTestBoard.Bounce.BytesCopied);

            handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, start + offset, size, DmaDirection.ToDevice);
            Assert.AreEqual(start + offset, handle, "a clean harms nobody");
            Assert.AreEqual(-1, DmaTestBoard.DeviceMisses(handle, size, 100));
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, handle, size, DmaDirection.ToDevice);
            Assert.AreEqual(1L, DmaTestBoard.Bounce.Bounced);
        }

        [TestMethod]
        [DataRow((int)DmaDirection.ToDevice)]
        [DataRow((int)DmaDirection.FromDevice)]
        [DataRow((int)DmaDirection.Bidirectional)]
        public void Memory_out_of_reach_bounces_in_every_direction(int direction)
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 8);
            var way = (DmaDirection)direction;
            DmaTestBoard.CpuWrite(DmaTestBoard.Psram, 600, 5);
            uint handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, DmaTestBoard.Psram, 600, way);
            Assert.AreEqual(DmaTestBoard.SlotStart, handle);
            Assert.AreEqual(2, DmaTestBoard.Bounce.LiveCount, "600 bytes in slots of 512");
            Assert.AreEqual(-1, DmaTestBoard.DeviceMisses(handle, 600, 5), "the CPU's bytes, past the cache in front of the slots");
            DmaTestBoard.DeviceWrite(handle, 300, 77);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, handle, 600, way);
            Assert.AreEqual(way == DmaDirection.ToDevice ? 0 : -1, DmaTestBoard.CpuMisses(DmaTestBoard.Psram, 300, 77));
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(DmaTestBoard.Psram + 300, 300, 49), "what the device left alone");
            Assert.AreEqual(0, DmaTestBoard.Bounce.LiveCount);
            Assert.AreEqual(2, DmaTestBoard.Bounce.MaxLiveCount);
            Assert.AreEqual(way == DmaDirection.ToDevice ? 600L : 1200L, DmaTestBoard.Bounce.BytesCopied);
        }

        [TestMethod]
        public void Mask_alignment_and_boundary_of_the_device_make_buffers_bounce()
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, 8);
            var low = new DmaDevice("low", DmaEngines.General) { Mask = DmaTestBoard.Sram + 0x3FFF, MaxSegment = 65536 };
            DmaTestBoard.Dma.Attach(low);
            DmaDevice aligned = DmaTestBoard.Attach("aligned", 16, 0), bounded = DmaTestBoard.Attach("bounded", 1, 512);
            Assert.AreEqual(DmaTestBoard.SlotStart, Map(low, Page, 16), "SDRAM is above the mask");
            Assert.AreEqual(DmaTestBoard.SlotStart + 512, Map(aligned, Page + 8, 16));
            Assert.AreEqual(DmaTestBoard.SdramBus + 32u, Map(aligned, Page + 32, 16));
            Assert.AreEqual(DmaTestBoard.SlotStart + 1024, Map(bounded, Page + 0x400 + 500, 16), "would cross 512");
            Assert.AreEqual(DmaTestBoard.SdramBus + 0x800u, Map(bounded, Page + 0x800, 512));
            Assert.AreEqual(3L, DmaTestBoard.Bounce.Bounced);
        }

        [TestMethod]
        public void Slots_keep_the_boundary_and_the_alignment_too()
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, 8);
            DmaDevice bounded = DmaTestBoard.Attach("bounded", 1, 1024), aligned = DmaTestBoard.Attach("aligned", 1024, 0);
            DmaDevice far = DmaTestBoard.Attach("far", 0x10000, 0);
            uint first = Map(DmaTestBoard.Camera, DmaTestBoard.Psram, 1);
            Assert.AreEqual(DmaTestBoard.SlotStart, first);
            Assert.AreEqual(DmaTestBoard.SlotStart + 1024, Map(bounded, DmaTestBoard.Psram + 0x100, 600), "slots 1 and 2 would cross");
            Assert.AreEqual(0u, Map(aligned, Page + 1, 1), "slot 3 is free, and at no multiple of 1024");
            Assert.AreEqual(0u, Map(far, Page + 1, 1), "no slot is");
            Assert.AreEqual(2, DmaTestBoard.Bounce.FailureCount);
            Assert.AreEqual(3, DmaTestBoard.Bounce.LiveCount);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, first, 1, DmaDirection.ToDevice);
            Assert.AreEqual(first, Map(aligned, Page + 1, 1));
        }

        [TestMethod]
        public void A_report_says_why_there_is_no_mapping()
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, 3);
            Assert.AreEqual(0u, DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, DmaTestBoard.Psram, 5 * 512, DmaDirection.ToDevice));
            Assert.AreEqual("dma mapping failure: 2560 bytes at 0x3f800000 ToDevice, DMA device 'camera': they cannot stay where they lie, since the "
                + "device does not reach them; bounce buffers had no 5 slots of 512 bytes in a row that the device can take (0 of 4 are in use)\n",
                FailureReport.ToText(DmaTestBoard.Pages));
            DmaDevice far = new DmaDevice("far", DmaEngines.Mdma);
            DmaTestBoard.Dma.Attach(far);
            Assert.AreEqual(0u, DmaTestBoard.Streaming.MapSingle(far, DmaTestBoard.Sdram, 4, DmaDirection.ToDevice));
            Assert.Contains("the device does not reach the bounce buffers\n", FailureReport.ToText(DmaTestBoard.Pages));
            Assert.AreEqual(0u, DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, DmaTestBoard.Sram + 2, 4 * 512 + 2, DmaDirection.FromDevice));
            Assert.Contains("since they share a cache line of 32 bytes with others; ", FailureReport.ToText(DmaTestBoard.Pages));
            for (uint i = 0; i < 3; i++)
            {
                DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, DmaTestBoard.Sdram + i * 64, 64, DmaDirection.ToDevice);
            }
            Assert.AreEqual(0u, DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, DmaTestBoard.Sdram + 256, 64, DmaDirection.ToDevice));
            Assert.Contains("all 3 mappings were in use\n", FailureReport.ToText(DmaTestBoard.Pages));
            DmaTestBoard.Pages.AllocPages(GfpFlags.Dma, 0, 0);
            Assert.StartsWith("page allocation failure: ", FailureReport.ToText(DmaTestBoard.Pages));
        }

        [TestMethod]
        public void Want_of_slots_or_of_mappings_returns_0_and_is_counted()
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, 3);
            uint handle = Map(DmaTestBoard.Camera, DmaTestBoard.Psram, 3 * 512 + 1);
            Assert.AreEqual(DmaTestBoard.SlotStart, handle);
            Assert.AreEqual(0u, Map(DmaTestBoard.Camera, DmaTestBoard.Psram + 0x800, 1), "no slot");
            Assert.AreEqual(1, DmaTestBoard.Bounce.FailureCount);
            Assert.AreEqual(1, DmaTestBoard.Dma.MappingFailureCount);
            Map(DmaTestBoard.Camera, Page, 1);
            Map(DmaTestBoard.Camera, Page + 1, 1);
            Assert.AreEqual(0u, Map(DmaTestBoard.Camera, Page + 2, 1), "the table is full");
            Assert.AreEqual(1, DmaTestBoard.Bounce.FailureCount);
            Assert.AreEqual(2, DmaTestBoard.Dma.MappingFailureCount);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, handle, 3 * 512 + 1, DmaDirection.ToDevice);
            Assert.AreNotEqual(0u, Map(DmaTestBoard.Camera, DmaTestBoard.Psram, 4 * 512), "all slots, in a row again");
            Assert.AreEqual(3, DmaTestBoard.Dma.MaxMappingCount);
        }

        [TestMethod]
        public void Bytes_that_the_device_only_reads_may_be_mapped_twice()
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, 8);
            uint a = Map(DmaTestBoard.Camera, Page, 100), b = Map(DmaTestBoard.Display, Page + 50, 100), c = Map(DmaTestBoard.Camera, Page, 10);
            Assert.AreEqual(a, c);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, a, 100, DmaDirection.ToDevice);
            Assert.AreEqual(2, DmaTestBoard.Dma.MappingCount);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, c, 10, DmaDirection.ToDevice);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Display, b, 100, DmaDirection.ToDevice);
            Assert.AreEqual(0, DmaTestBoard.Dma.MappingCount);
        }

        [TestMethod]
        [DataRow(DmaTestBoard.Free)]
        [DataRow(DmaTestBoard.Psram)]
        public void Syncs_hand_a_mapped_buffer_to_and_fro(uint address)
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 8);
            DmaTestBoard.CpuWrite(address, 128, 1);
            DmaDevice camera = DmaTestBoard.Camera;
            uint handle = DmaTestBoard.Streaming.MapSingle(camera, address, 128, DmaDirection.Bidirectional);
            for (byte round = 0; round < 3; round++)
            {
                DmaTestBoard.DeviceWrite(handle, 128, (byte)(20 + round));
                DmaTestBoard.Streaming.SyncForCpu(camera, handle, 128, DmaDirection.Bidirectional);
                Assert.AreEqual(-1, DmaTestBoard.CpuMisses(address, 128, (byte)(20 + round)));
                DmaTestBoard.CpuWrite(address, 128, (byte)(60 + round));
                DmaTestBoard.Streaming.SyncForDevice(camera, handle, 128, DmaDirection.Bidirectional);
                Assert.AreEqual(-1, DmaTestBoard.DeviceMisses(handle, 128, (byte)(60 + round)));
            }
            DmaTestBoard.Streaming.SyncForCpu(camera, handle, 128, DmaDirection.Bidirectional);
            DmaTestBoard.CpuWrite(address, 128, 111);
            DmaTestBoard.Streaming.SyncForCpu(camera, handle, 128, DmaDirection.Bidirectional);
            DmaTestBoard.Streaming.UnmapSingle(camera, handle, 128, DmaDirection.Bidirectional);
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(address, 128, 111), "what the CPU has, no sync and no unmap takes from it");
        }

        [TestMethod]
        public void A_part_is_synced_by_whole_lines_and_the_rest_stays_the_devices()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 8);
            DmaDevice camera = DmaTestBoard.Camera;
            var memory = new DmaCheckedMemory(DmaTestBoard.Dma);
            uint handle = DmaTestBoard.Streaming.MapSingle(camera, DmaTestBoard.Free, 128, DmaDirection.Bidirectional);
            DmaTestBoard.DeviceWrite(handle, 128, 1);
            DmaTestBoard.Streaming.SyncForCpu(camera, handle + 40, 10, DmaDirection.Bidirectional);
            memory.Fill(DmaTestBoard.Free + 32, 32, 9);
            Assert.IsNotNull(Thrown.By(() => memory.Fill(DmaTestBoard.Free + 31, 2, 9)));
            Assert.IsNotNull(Thrown.By(() => memory.Fill(DmaTestBoard.Free + 63, 2, 9)));
            DmaTestBoard.Streaming.SyncForCpu(camera, handle, 64, DmaDirection.Bidirectional);
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(DmaTestBoard.Free, 32, 1));
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(DmaTestBoard.Free + 32, 1, 9), "the CPU had this part, and wrote to it");
            DmaTestBoard.Streaming.SyncForDevice(camera, handle + 33, 1, DmaDirection.Bidirectional);
            Assert.AreEqual(-1, DmaTestBoard.DeviceMisses(handle + 63, 1, 9));
            memory.Fill(DmaTestBoard.Free, 32, 8);
            Assert.IsNotNull(Thrown.By(() => memory.Fill(DmaTestBoard.Free + 32, 1, 9)));
            DmaTestBoard.Streaming.UnmapSingle(camera, handle, 128, DmaDirection.Bidirectional);
            memory.Fill(DmaTestBoard.Free, 128, 8);
        }

        [TestMethod]
        public void On_the_F769_a_buffer_in_SRAM1_that_shares_a_line_bounces_when_the_camera_writes_it()
        {
            MemoryMap map = BoardCatalog.Create("stm32f769-disco", ZoneLayout.Split, PageMapKind.FreeBlocks, 0);
            PageAllocator pages = PageAllocator.Boot(map, null, null);
            BounceBuffers bounce = BounceBuffers.FromPages(pages, "swiotlb", 2048, 4);
            var memory = new CachedTestMemory();
            memory.Add(0x20020000, 0x1000, map.FindRegion(0x20020000).CacheLine);
            memory.Add(bounce.Start, 4 * 2048, map.FindRegion(bounce.Start).CacheLine);
            var camera = new DmaDevice("dcmi", DmaEngines.General) { Alignment = 4, MaxSegment = 65536 };
            Bounces(map, pages, bounce, memory, camera, 0x20020010, 640);
        }

        [TestMethod]
        public void On_the_ESP32_CAM_a_buffer_in_PSRAM_bounces()
        {
            MemoryMap map = BoardCatalog.Create("esp32cam", ZoneLayout.Single, PageMapKind.FreeBlocks, 0);
            PageAllocator pages = PageAllocator.Boot(map, null, null);
            uint buffer = pages.AllocPages(GfpFlags.Kernel, 0, 0);
            Assert.AreEqual("PSRAM", map.FindRegion(buffer).Name);
            Reservation staging = map.FindReservation("spi-staging");
            var bounce = new BounceBuffers("spi-staging", staging.Start, 2048, (int)staging.Size / 2048);
            var memory = new CachedTestMemory();
            memory.Add(buffer, 4096, map.FindRegion(buffer).CacheLine);
            memory.Add(staging.Start, (int)staging.Size, map.FindRegion(staging.Start).CacheLine);
            var spi = new DmaDevice("spi", DmaEngines.General) { Alignment = 4, MaxSegment = 4092 };
            Bounces(map, pages, bounce, memory, spi, buffer, 640);
        }

        /// <summary>Data arrives in both directions, and vmstat counts both.</summary>
        private static void Bounces(
            MemoryMap map, PageAllocator pages, BounceBuffers bounce, CachedTestMemory memory, DmaDevice device, uint buffer, int size)
        {
            var dma = new DmaAllocator(pages, map, memory, bounce, 4, 8);
            dma.Attach(device);
            var streaming = new DmaStreaming(dma);
            DmaTestBoard.Memory = memory;
            DmaTestBoard.CpuWrite(buffer, size, 3);
            uint handle = streaming.MapSingle(device, buffer, size, DmaDirection.Bidirectional);
            Assert.AreEqual(bounce.Start, handle);
            Assert.AreEqual(-1, DmaTestBoard.DeviceMisses(handle, size, 3));
            DmaTestBoard.DeviceWrite(handle, size, 50);
            streaming.UnmapSingle(device, handle, size, DmaDirection.Bidirectional);
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(buffer, size, 50));

            handle = streaming.MapSingle(device, buffer, size, DmaDirection.FromDevice);
            DmaTestBoard.DeviceWrite(handle, size, 90);
            string text = DmaText.Counters(dma);
            Assert.Contains("nr_dma_mapped 1\nnr_dma_mapped_max 1\ndma_map 2\ndma_map_fail 0\n", text);
            Assert.Contains("swiotlb_bounced 2\nswiotlb_bytes 1920\nio_tlb_used 1\nio_tlb_used_hiwater 1\nswiotlb_fail 0\n", text);
            streaming.UnmapSingle(device, handle, size, DmaDirection.FromDevice);
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(buffer, size, 90));
            Assert.Contains("swiotlb_bytes 2560\nio_tlb_used 0\n", DmaText.Counters(dma));
        }

        private static uint Map(DmaDevice device, uint address, int size)
        {
            return DmaTestBoard.Streaming.MapSingle(device, address, size, DmaDirection.ToDevice);
        }
    }
}
