using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Lists of buffers that are mapped and unmapped together.</summary>
    [TestClass]
    public class DmaScatterListTests
    {
        private const uint Page = DmaTestBoard.Sdram;

        private static ScatterList s_source, s_mapped;

        [TestMethod]
        public void Entries_are_mapped_in_order_and_cut_where_the_device_wants()
        {
            Boot(8);
            var device = new DmaDevice("segments", DmaEngines.General) { Alignment = 4, Boundary = 1024, MaxSegment = 300 };
            DmaTestBoard.Dma.Attach(device);
            s_source.Append(Page + 0x200, 700);
            s_source.Append(DmaTestBoard.Psram, 100);
            Assert.IsTrue(DmaTestBoard.Streaming.MapScatterList(device, s_source, s_mapped, DmaDirection.Bidirectional));
            Assert.AreEqual(4, s_mapped.Count);
            Is(0, DmaTestBoard.SdramBus + 0x200, 300);
            Is(1, DmaTestBoard.SdramBus + 0x200 + 300, 212);
            Is(2, DmaTestBoard.SdramBus + 0x400, 188);
            Is(3, DmaTestBoard.SlotStart, 100);
            Assert.AreEqual(800L, s_mapped.TotalLength);
            Assert.AreEqual(4, DmaTestBoard.Dma.MappingCount);
            for (int i = 0; i < 4; i++)
            {
                DmaTestBoard.DeviceWrite(s_mapped.AddressAt(i), s_mapped.LengthAt(i), (byte)(10 * i));
            }
            DmaTestBoard.Streaming.UnmapScatterList(device, s_mapped, DmaDirection.Bidirectional);
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(Page + 0x200 + 300, 212, 10));
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(DmaTestBoard.Psram, 100, 30));
            Assert.AreEqual(0, DmaTestBoard.Dma.MappingCount);
            Assert.AreEqual(0, DmaTestBoard.Bounce.LiveCount);
        }

        [TestMethod]
        public void Segments_of_cached_memory_are_cut_at_lines_so_that_none_has_to_bounce()
        {
            Boot(8);
            var device = new DmaDevice("segments", DmaEngines.General) { MaxSegment = 50 };
            DmaTestBoard.Dma.Attach(device);
            s_source.Append(DmaTestBoard.Free, 96);
            Assert.IsTrue(DmaTestBoard.Streaming.MapScatterList(device, s_source, s_mapped, DmaDirection.FromDevice));
            Assert.AreEqual(3, s_mapped.Count);
            Is(2, DmaTestBoard.Free + 64, 32);
            Assert.AreEqual(0L, DmaTestBoard.Bounce.Bounced);
        }

        [TestMethod]
        [DataRow(2, 8, 256)]
        [DataRow(8, 2, 256)]
        [DataRow(8, 8, 1024)]
        public void Want_of_anything_leaves_nothing_mapped(int mappings, int entries, int size)
        {
            // For each of table of mappings, list and slots: there is no place for the third buffer.
            Boot(mappings);
            s_mapped = new ScatterList(entries);
            for (uint i = 0; i < 3; i++)
            {
                s_source.Append(DmaTestBoard.Psram + i * 0x500, size);
            }
            Assert.IsFalse(DmaTestBoard.Streaming.MapScatterList(DmaTestBoard.Camera, s_source, s_mapped, DmaDirection.ToDevice));
            Assert.AreEqual(0, s_mapped.Count);
            Assert.AreEqual(0, DmaTestBoard.Dma.MappingCount);
            Assert.AreEqual(0, DmaTestBoard.Bounce.LiveCount);
        }

        [TestMethod]
        public void An_overlap_in_the_list_or_with_another_mapping_leaves_nothing_of_it_mapped()
        {
            Boot(8);
            s_source.Append(Page, 100);
            s_source.Append(Page + 50, 100);
            Exception e = Thrown.By(
                () => DmaTestBoard.Streaming.MapScatterList(DmaTestBoard.Camera, s_source, s_mapped, DmaDirection.FromDevice));
            Assert.IsInstanceOfType(e, typeof(InvalidOperationException));
            Assert.Contains("mapping 100 bytes at 0xc0000032 FromDevice for DMA device 'camera' overlaps the mapping of 100 bytes at 0xc0000000",
                e.Message);
            Assert.AreEqual(0, DmaTestBoard.Dma.MappingCount);
            Assert.AreEqual(0, s_mapped.Count);
        }

        [TestMethod]
        public void A_list_is_unmapped_whole_or_not_at_all()
        {
            Boot(8);
            s_source.Append(Page, 100);
            s_source.Append(Page + 200, 100);
            DmaTestBoard.Streaming.MapScatterList(DmaTestBoard.Camera, s_source, s_mapped, DmaDirection.FromDevice);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_mapped.AddressAt(1), 100, DmaDirection.FromDevice);
            Exception e = Thrown.By(() => DmaTestBoard.Streaming.UnmapScatterList(DmaTestBoard.Camera, s_mapped, DmaDirection.FromDevice));
            Assert.IsInstanceOfType(e, typeof(InvalidOperationException));
            Assert.Contains("UnmapScatterList of 100 bytes at bus address 0x800000c8", e.Message);
            Assert.Contains("was unmapped before", e.Message);
            Assert.AreEqual(1, DmaTestBoard.Dma.MappingCount);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, s_mapped.AddressAt(0), 100, DmaDirection.FromDevice);
        }

        [TestMethod]
        public void A_list_that_names_a_mapping_twice_unmaps_nothing()
        {
            Boot(8);
            uint handle = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Camera, Page, 100, DmaDirection.FromDevice);
            s_mapped.Append(handle, 100);
            s_mapped.Append(handle, 100);
            Exception e = Thrown.By(() => DmaTestBoard.Streaming.UnmapScatterList(DmaTestBoard.Camera, s_mapped, DmaDirection.FromDevice));
            Assert.IsInstanceOfType(e, typeof(InvalidOperationException));
            Assert.AreEqual(1, DmaTestBoard.Dma.MappingCount);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Camera, handle, 100, DmaDirection.FromDevice);
        }

        [TestMethod]
        public void Lists_that_are_none_are_refused()
        {
            Boot(8);
            Assert.ThrowsException(typeof(ArgumentNullException),
                () => DmaTestBoard.Streaming.MapScatterList(DmaTestBoard.Camera, null, s_mapped, DmaDirection.ToDevice));
            Assert.ThrowsException(typeof(ArgumentNullException),
                () => DmaTestBoard.Streaming.MapScatterList(DmaTestBoard.Camera, s_source, null, DmaDirection.ToDevice));
            Assert.ThrowsException(typeof(ArgumentNullException),
                () => DmaTestBoard.Streaming.UnmapScatterList(DmaTestBoard.Camera, null, DmaDirection.ToDevice));
            Assert.ThrowsException(typeof(ArgumentException),
                () => DmaTestBoard.Streaming.MapScatterList(DmaTestBoard.Camera, s_source, s_mapped, DmaDirection.ToDevice));
            s_source.Append(Page, 1);
            Assert.ThrowsException(typeof(ArgumentException),
                () => DmaTestBoard.Streaming.MapScatterList(DmaTestBoard.Camera, s_source, s_source, DmaDirection.ToDevice));
            s_source.Append(0x10000000, 1);
            s_mapped.Append(1, 1);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => DmaTestBoard.Streaming.MapScatterList(DmaTestBoard.Camera, s_source, s_mapped, DmaDirection.ToDevice));
            Assert.AreEqual(1, s_mapped.Count, "nothing has changed");
        }

        private static void Boot(int mappings)
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, mappings);
            s_source = new ScatterList(8);
            s_mapped = new ScatterList(8);
        }

        private static void Is(int index, uint handle, int length)
        {
            Assert.AreEqual(handle, s_mapped.AddressAt(index));
            Assert.AreEqual(length, s_mapped.LengthAt(index));
        }
    }
}
