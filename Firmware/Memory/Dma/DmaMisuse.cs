using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The exceptions of DMA: each names address, device, size and what was expected.</summary>
    internal static class DmaMisuse
    {
        internal static Exception BadSize(DmaDevice device, int size, long most) =>
            new ArgumentOutOfRangeException("size", size.ToString() + " bytes for DMA device '" + device.Name + "': expected 1 to "
                + most.ToString());

        internal static Exception BadDirection(DmaDevice device, DmaDirection direction) =>
            new ArgumentOutOfRangeException("direction", "direction " + ((int)direction).ToString() + " for DMA device '" + device.Name
                + "': expected one of DmaDirection");

        internal static Exception NoMemory(DmaAllocator dma, DmaDevice device, uint address, int size)
        {
            int region = dma.Bus.Find(address);
            BounceBuffers slots = dma.Slots;
            return new ArgumentOutOfRangeException("address", size.ToString() + " bytes at " + HexText.Of(address) + " for DMA device '"
                + device.Name + "': " + (region < 0
                    ? "no region is there"
                    : slots != null && address - slots.Start < slots.Size
                        ? "these are the bounce buffers '" + slots.Name + "'"
                        : "the region there is " + HexText.OfSpan(dma.Bus.Start[region], dma.Bus.Size[region]))
                + ". Expected a span of one region");
        }

        /// <summary>The bytes lie in a slab and are not those of one object in use, or quarantine holds them back.</summary>
        internal static Exception NotInUse(PageAllocator pages, DmaDevice device, uint address, int size, uint nobodys)
        {
            KmemCache cache = pages.Slabs == null ? null : ((SlabAllocator)pages.Slabs).FindCache(nobodys);
            return new InvalidOperationException("mapping " + size.ToString() + " bytes at " + HexText.Of(address) + " for DMA device '"
                + device.Name + "': " + (cache != null
                    ? "they are not those of one object in use of cache '" + cache.Name + "'"
                    : IsHeldBack(pages, nobodys)
                        ? "they were freed and are held in quarantine (owner '" + pages.OwnerName(pages.OwnerAt(nobodys)) + "')"
                        : "the page at " + HexText.Of(nobodys) + " is free")
                + ". Expected memory that was allocated and has not been freed since");
        }

        /// <summary>Whether quarantine has the block that an address lies in.</summary>
        private static bool IsHeldBack(PageAllocator pages, uint address)
        {
            Zone zone = pages.FindZone(address);
            int first = zone == null || zone.Held == null ? -1 : zone.Map.BlockAt((int)(address - zone.First >> pages.PageShift));
            return first >= 0 && zone.Held.IsHeld(first);
        }

        internal static Exception Overlap(DmaMappings mappings, DmaDevice device, uint address, int size, DmaDirection direction, int entry) =>
            new InvalidOperationException("mapping " + size.ToString() + " bytes at " + HexText.Of(address) + " " + NameOf(direction)
                + " for DMA device '" + device.Name + "' overlaps " + (entry < 0 ? "a mapping that has ended since" : Describe(mappings, entry))
                + ". Expected bytes that nobody has mapped, unless both are ToDevice");

        /// <summary>There is no such mapping: says what there is instead.</summary>
        internal static Exception NotMapped(DmaAllocator dma, string call, DmaDevice device, uint handle, int size, DmaDirection direction)
        {
            string what = call + " of " + size.ToString() + " bytes at bus address " + HexText.Of(handle) + " " + NameOf(direction)
                + " by DMA device '" + device.Name + "': ";
            DmaMappings mappings = dma.Table;
            for (int at = 0; at < mappings.Live; at++)
            {
                int entry = mappings.EntryAt(at);
                if (handle - mappings.Handle[entry] < (uint)mappings.Size[entry])
                {
                    return new InvalidOperationException(what + "there is " + Describe(mappings, entry) + (mappings.IsLeaving(entry)
                        ? ", which is being unmapped"
                        : mappings.Slot[entry] == DmaMappings.Noncoherent ? ", a block of AllocNoncoherent" : "")
                        + ". Expected its own device, direction and bytes" + (mappings.Slot[entry] == DmaMappings.Noncoherent
                            ? ", and FreeNoncoherent to end it" : ""));
                }
            }
            for (int at = mappings.Live; at < mappings.Capacity; at++)
            {
                int entry = mappings.EntryAt(at);
                if (mappings.Handle[entry] == handle && mappings.Size[entry] != 0)
                {
                    return new InvalidOperationException(what + "not mapped; " + Describe(mappings, entry)
                        + " was unmapped before. Expected one UnmapSingle for each mapping");
                }
            }
            return new InvalidOperationException(what + "nothing is mapped there. Expected the handle that the mapping returned");
        }

        internal static Exception NotTheCpus(DmaMappings mappings, int entry, uint handle, int size) =>
            new InvalidOperationException("SyncForDevice of " + size.ToString() + " bytes at bus address " + HexText.Of(handle)
                + ": the device owns them already, of " + Describe(mappings, entry) + ". Expected SyncForCpu before the CPU writes");

        internal static Exception TwoParts(DmaMappings mappings, int entry, string call, uint handle, int size)
        {
            uint start = mappings.Handle[entry];
            return new InvalidOperationException(call + " of " + size.ToString() + " bytes at bus address " + HexText.Of(handle)
                + " would leave the CPU two parts of " + Describe(mappings, entry) + "; it has "
                + HexText.OfSpan(start + (uint)mappings.CpuFrom[entry], (uint)(mappings.CpuTo[entry] - mappings.CpuFrom[entry]))
                + " of the bus addresses. Expected a part that begins or ends where that one does");
        }

        internal static Exception WrongFree(DmaAllocator dma, DmaDevice device, int size, uint address, uint handle, int direction)
        {
            string call = direction == DmaAllocator.Coherent ? "FreeCoherent" : "FreeNoncoherent";
            string what = call + " of " + size.ToString() + " bytes at " + HexText.Of(address) + " (bus " + HexText.Of(handle)
                + ") by DMA device '" + device.Name + "': ";
            string block = dma.DescribeBlock(address);
            if (block == null)
            {
                return new InvalidOperationException(what + "no block begins there. Expected what the allocation returned and what has not"
                    + " been freed since");
            }
            int entry = dma.Table.Find(address, size < 1 ? 1 : size);
            bool noncoherent = entry >= 0 && dma.Table.Slot[entry] == DmaMappings.Noncoherent;
            if (direction == DmaAllocator.Coherent == noncoherent)
            {
                return new InvalidOperationException(what + "there is " + block + ". Expected "
                    + (noncoherent ? "FreeNoncoherent, as AllocNoncoherent took it" : "FreeCoherent, as AllocCoherent took it"));
            }
            int rest = dma.TakenAt(device, address) - size;
            int held = entry >= 0 && !noncoherent ? entry : size > 0 && rest > 0 ? dma.Table.Find(address + (uint)size, rest) : -1;
            if (held >= 0 && dma.Table.Slot[held] != DmaMappings.Noncoherent)
            {
                return new InvalidOperationException(what + "there is " + block + ", freed while it holds " + Describe(dma.Table, held)
                    + ". Expected UnmapSingle first");
            }
            return new InvalidOperationException(what + "there is " + (noncoherent ? Describe(dma.Table, entry) + ", " : "") + block
                + ". Expected its own device, size, handle" + (noncoherent ? " and direction" : "")
                + ", and nobody else to free its pages");
        }

        internal static Exception Held(DmaMappings mappings, int entry, uint address, int length, bool writes)
        {
            bool one = writes && mappings.DirectionOf(entry) == DmaDirection.FromDevice;
            return new InvalidOperationException("CPU " + (writes ? "write" : "read") + " of " + length.ToString() + " bytes at "
                + HexText.Of(address) + " touches " + Describe(mappings, entry) + (one
                    ? ", which only the device writes. Expected UnmapSingle first, or a mapping that is Bidirectional"
                    : ", which the device owns. Expected SyncForCpu or UnmapSingle first"));
        }

        internal static string Describe(DmaMappings mappings, int entry) =>
            entry < 0 ? "a mapping that has just gone" : "the mapping of " + mappings.Size[entry].ToString() + " bytes at "
                + HexText.Of(mappings.Address[entry]) + " (bus " + HexText.Of(mappings.Handle[entry]) + ", "
                + NameOf(mappings.DirectionOf(entry)) + ", DMA device '" + mappings.Devices.At(mappings.DeviceOf(entry)).Name + "')";

        internal static string NameOf(DmaDirection direction) =>
            direction == DmaDirection.ToDevice ? "ToDevice" : direction == DmaDirection.FromDevice ? "FromDevice" : "Bidirectional";
    }
}
