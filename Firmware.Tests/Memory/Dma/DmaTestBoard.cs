// This file is also linked into a project with null checks: Boot sets the fields, and no constructor does.
#nullable disable
using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>A small board with everything that matters to DMA: cached SRAM, uncached SDRAM that engines see at other addresses, and
    /// cached PSRAM that they do not reach. It is static, since the launcher on a device calls test methods without an object.</summary>
    internal static class DmaTestBoard
    {
        internal const int PageSize = 1024, Slots = 4, SlotSize = 512, Line = 32;
        internal const uint Sram = 0x20000000, Sdram = 0xC0000000, SdramBus = 0x80000000, Psram = 0x3F800000;
        internal const int SramSize = 0x4000, SdramSize = 0x6000, PsramSize = 0x1000;

        /// <summary>Bounce slots in the cached SRAM, with free memory before them.</summary>
        internal const uint SlotStart = Sram + 0x3000, Free = Sram + 0x2000;

        internal static CachedTestMemory Memory;
        internal static MemoryMap Map;
        internal static PageAllocator Pages;
        internal static BounceBuffers Bounce;
        internal static DmaAllocator Dma;
        internal static DmaStreaming Streaming;
        internal static DmaDevice Camera, Display, Snooper;

        /// <summary>A DMA zone of 16 pages of SDRAM; NORMAL zones of 8 pages of SDRAM and of 8 pages of cached SRAM.</summary>
        internal static void Boot(PageMapKind kind, int mappings)
        {
            Memory = new CachedTestMemory();
            Memory.Add(Sram, SramSize, Line);
            Memory.Add(Sdram, SdramSize, 0);
            Memory.Add(Psram, PsramSize, Line);
            Map = new MemoryMap("dma", PageSize);
            Map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, Sram, SramSize, DmaEngines.General, Line));
            Map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, Sdram, SdramSize, DmaEngines.General, 0, SdramBus));
            Map.Add(new MemoryRegion("PSRAM", MemoryKind.Psram, Psram, PsramSize, DmaEngines.None, Line));
            Map.Add(new Reservation("bounce", SlotStart, Slots * SlotSize));
            Map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, Sdram + 0x4000, 0x2000, DmaEngines.None, kind));
            Map.Add(new ZonePlan("SRAM", ZoneKind.Normal, Sram, 0x2000, DmaEngines.None, kind));
            Map.Add(new ZonePlan("DMA", ZoneKind.Dma, Sdram, 0x4000, DmaEngines.General, kind));
            Pages = PageAllocator.Boot(Map, null, null);
            Pages.SetWatermarks(0, 0);
            Bounce = new BounceBuffers("bounce", SlotStart, SlotSize, Slots);
            Dma = new DmaAllocator(Pages, Map, Memory, Bounce, mappings, 16);
            Streaming = new DmaStreaming(Dma);
            Camera = Attach("camera", 1, 0);
            Display = Attach("display", 1, 0);
            Snooper = new DmaDevice("snooper", DmaEngines.General) { MaxSegment = 65536, Snoops = true };
            Dma.Attach(Snooper);
        }

        /// <summary>The same with every page of every zone taken, by the unknown owner, so that a device may have any of them.</summary>
        internal static void BootTaken(PageMapKind kind, int mappings)
        {
            Boot(kind, mappings);
            for (int i = 0; i < Pages.ZoneCount; i++)
            {
                for (int page = 0; page < Pages.ZoneAt(i).Pages; page++)
                {
                    Pages.AllocPages(Pages.ZoneAt(i).Kind == ZoneKind.Dma ? GfpFlags.Dma : GfpFlags.NoFallback, 0, 0);
                }
            }
        }

        internal static DmaDevice Attach(string name, int alignment, uint boundary)
        {
            var device = new DmaDevice(name, DmaEngines.General) { Alignment = alignment, Boundary = boundary, MaxSegment = 65536 };
            Dma.Attach(device);
            return device;
        }

        /// <summary>The CPU's address for a device's handle.</summary>
        internal static uint Cpu(uint handle)
        {
            return handle - SdramBus < SdramSize ? handle - SdramBus + Sdram : handle;
        }

        internal static void CpuWrite(uint address, int length, byte first)
        {
            var bytes = new byte[length];
            for (int i = 0; i < length; i++)
            {
                bytes[i] = (byte)(first + i);
            }
            Memory.Write(address, bytes, 0, length);
        }

        internal static void DeviceWrite(uint handle, int length, byte first)
        {
            for (int i = 0; i < length; i++)
            {
                Memory.DeviceWrite(Cpu(handle) + (uint)i, (byte)(first + i));
            }
        }

        /// <summary>The first offset at which the CPU does not read the pattern that begins with a given byte; -1 if it reads all of
        /// it.</summary>
        internal static int CpuMisses(uint address, int length, byte first)
        {
            var bytes = new byte[length];
            Memory.Read(address, bytes, 0, length);
            for (int i = 0; i < length; i++)
            {
                if (bytes[i] != (byte)(first + i))
                {
                    return i;
                }
            }
            return -1;
        }

        /// <summary>The same as <see cref="CpuMisses"/>, for the device.</summary>
        internal static int DeviceMisses(uint handle, int length, byte first)
        {
            for (int i = 0; i < length; i++)
            {
                if (Memory.DeviceRead(Cpu(handle) + (uint)i) != (byte)(first + i))
                {
                    return i;
                }
            }
            return -1;
        }
    }
}
