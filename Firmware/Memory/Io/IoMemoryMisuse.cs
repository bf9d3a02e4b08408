using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The exceptions of <see cref="IoMemory"/>: each names the addresses, who has them and what was expected.</summary>
    internal static class IoMemoryMisuse
    {
        internal static Exception BadSpan(PageAllocator allocator, string what, uint start, int size, PageOwner owner)
        {
            if ((uint)owner >= (uint)allocator.OwnerCount)
            {
                return Misuse.BadOwner(allocator, owner);
            }
            string text = what + " of " + size.ToString() + " bytes at " + HexText.Of(start) + " for owner '" + allocator.OwnerName(owner) + "': ";
            return size < 1 || start >= (uint)allocator.PageSize
                ? new ArgumentOutOfRangeException("size", text + "expected 1 or more that end within 4 GiB")
                : new ArgumentOutOfRangeException("start", text + "page 0 cannot be mapped, since address 0 means failure");
        }

        internal static Exception BadFrame(PageAllocator allocator, VmArea area, int pfn) =>
            new ArgumentOutOfRangeException("pfn", "remap_pfn_range into " + area.Label() + ": frame " + pfn.ToString()
                + ". Expected 0 to " + (0xFFFFFFFF >> allocator.PageShift).ToString());

        internal static Exception ForeignArea(VmArea area) =>
            new InvalidOperationException("remap_pfn_range into " + area.Label()
                + ": it was made for other device memory. Expected that which it was made for");

        internal static Exception Busy(IoMemory io, string what, uint start, int size, PageOwner owner, int request) =>
            new InvalidOperationException(Attempt(io, what, start, size, owner) + ": "
                + HexText.OfSpan(io.RequestStartAt(request), (uint)io.RequestSizeAt(request)) + " is requested by '"
                + io.Space.Allocator.OwnerName(io.RequestOwnerAt(request)) + "'. Expected what nobody "
                + (what == "request" ? "has requested" : "else has requested"));

        internal static Exception Mapped(IoMemory io, uint start, int size, PageOwner owner, int area)
        {
            Vmalloc space = io.Space;
            return new InvalidOperationException(Attempt(io, "request", start, size, owner) + ": "
                + HexText.OfSpan(space.AreaPhysicalAt(area), (uint)space.AreaSizeAt(area)) + " is mapped by '"
                + space.Allocator.OwnerName(space.AreaOwnerAt(area)) + "'. Expected what nobody else has mapped");
        }

        internal static Exception WrongRelease(IoMemory io, uint start, int size)
        {
            string text = "wrong release: " + size.ToString() + " bytes at " + HexText.Of(start) + " are no request";
            int index = io.FindRequest(start, 1, -1);
            return new InvalidOperationException(text + (index < 0
                ? " and have no owner"
                : "; '" + io.Space.Allocator.OwnerName(io.RequestOwnerAt(index)) + "' has requested "
                    + io.RequestSizeAt(index).ToString() + " bytes at " + HexText.Of(io.RequestStartAt(index)))
                + ". Expected start and size as they were requested");
        }

        /// <summary>The span lies where nothing may be claimed or mapped; the text says what lies there.</summary>
        internal static Exception WrongPlace(IoMemory io, string what, uint start, int size, PageOwner owner) =>
            new ArgumentOutOfRangeException("start", Attempt(io, what, start, size, owner) + ": " + Place(io, start, (uint)size)
                + ". Expected a span in one reservation, or outside all regions");

        private static string Place(IoMemory io, uint start, uint size)
        {
            PageAllocator allocator = io.Space.Allocator;
            uint virtualSize = (uint)io.Space.PageCount * (uint)allocator.PageSize;
            if (IoMemory.Overlap(start, size, io.Space.Start, virtualSize))
            {
                return "the addresses are virtual, of the range " + HexText.OfSpan(io.Space.Start, virtualSize);
            }
            for (int i = 0; i < allocator.ZoneCount; i++)
            {
                Zone zone = allocator.ZoneAt(i);
                uint zoneSize = (uint)zone.Pages * (uint)allocator.PageSize;
                if (IoMemory.Overlap(start, size, zone.Start, zoneSize))
                {
                    uint first = start > zone.Start ? start : zone.Start;
                    bool taken = zone.Map.BlockAt((int)((first - zone.Start) / (uint)allocator.PageSize)) >= 0;
                    return HexText.Of(first) + " belongs to zone " + zone.Name + " " + HexText.OfSpan(zone.Start, zoneSize) + (taken
                        ? ", where owner '" + allocator.OwnerName(allocator.OwnerAt(first)) + "' has it"
                        : ", where it is free");
                }
            }
            for (int i = 0; i < io.Map.ReservationCount; i++)
            {
                Reservation reservation = io.Map.ReservationAt(i);
                if (IoMemory.Overlap(start, size, reservation.Start, reservation.Size))
                {
                    return "it crosses the edge of reservation " + reservation.Name + " " + HexText.OfSpan(reservation.Start, reservation.Size);
                }
            }
            MemoryRegion region = io.Map.FindRegion(start);
            if (region != null && region.Contains(start, size))
            {
                return "region " + region.Name + " " + HexText.OfSpan(region.Start, region.Size)
                    + " is the runtime's where it is neither reserved nor in a zone";
            }
            for (int i = 0; region == null; i++)
            {
                MemoryRegion next = io.Map.RegionAt(i);
                region = IoMemory.Overlap(start, size, next.Start, next.Size) ? next : null;
            }
            return "it crosses the edge of region " + region.Name + " " + HexText.OfSpan(region.Start, region.Size);
        }

        private static string Attempt(IoMemory io, string what, uint start, int size, PageOwner owner) =>
            what + " of " + HexText.OfSpan(start, (uint)size) + " by '" + io.Space.Allocator.OwnerName(owner) + "'";
    }
}
