using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The exceptions of <see cref="Vmalloc"/>: each names the address, the owner and what was expected.</summary>
    internal static class VmallocMisuse
    {
        internal static Exception WrongFree(Vmalloc space, uint address) =>
            new InvalidOperationException("wrong vfree: " + Describe(space, address) + (IsIoremap(space, address)
                ? ". Expected Iounmap for it"
                : ". Expected an address that Alloc returned and that has not been freed since"));

        internal static Exception WrongUnmap(Vmalloc space, uint address)
        {
            int index = space.AreaBefore(address);
            return new InvalidOperationException("wrong iounmap: " + Describe(space, address)
                + (index >= 0 && IsInside(space, index, address) && !IsIoremap(space, address)
                ? ". Expected Vmalloc.Free for it"
                : ". Expected an address that Ioremap returned and that has not been unmapped since"));
        }

        internal static Exception LostPage(Vmalloc space, uint address, uint physical, PageOwner owner) =>
            new InvalidOperationException("wrong vfree: page " + HexText.Of(physical) + " of " + Area(space, address)
                + " is not owner '" + space.Allocator.OwnerName(owner) + "''s any more. Expected nobody but Free to give it back");

        internal static Exception Held(Vmalloc space, uint address, uint physical) =>
            space.Allocator.Hold.Refusal("vfree", "page " + HexText.Of(physical) + " of " + Area(space, address), physical,
                space.Allocator.PageSize);

        internal static Exception WrongAccess(Vmalloc space, uint address, int length) =>
            new ArgumentOutOfRangeException("address", length.ToString() + " bytes: " + Describe(space, address)
                + ". Expected a span of 0 or more bytes inside one area");

        internal static Exception Fault(Vmalloc space, uint address) =>
            new ArgumentOutOfRangeException("address", "page fault: " + Describe(space, address) + ". Expected a page of an area");

        internal static Exception BadBuffer(Vmalloc space, uint address, byte[]? buffer, int offset, int length)
        {
            string what = length.ToString() + " bytes at offset " + offset.ToString() + " of the buffer for " + Describe(space, address);
            return buffer == null
                ? new ArgumentNullException("buffer", what + ": the buffer is null")
                : new ArgumentOutOfRangeException("offset", what + ": expected them inside its " + buffer.Length.ToString() + " bytes");
        }

        private static string Describe(Vmalloc space, uint address)
        {
            string text = HexText.Of(address);
            uint size = (uint)space.PageCount * (uint)space.Allocator.PageSize;
            if (address - space.Start >= size)
            {
                return text + " is outside the virtual range " + HexText.OfSpan(space.Start, size) + " and has no owner";
            }
            int index = space.AreaBefore(address);
            if (index >= 0 && IsInside(space, index, address))
            {
                uint page = (uint)space.Allocator.PageSize, inside = address - space.AreaStartAt(index);
                uint first = space.AreaPhysicalAt(index) % page;
                string place = inside >= (uint)space.AreaPagesAt(index) * page ? " lies in the guard page of "
                    : inside < first ? " lies " + (first - inside).ToString() + " bytes before "
                    : " lies " + (inside - first).ToString() + " bytes inside ";
                return text + place + Area(space, space.AreaStartAt(index));
            }
            PageOwner last = space.LastOwner(address);
            return text + (last == PageOwner.Unknown
                ? " is free and has no owner"
                : " is free; its last owner was '" + space.Allocator.OwnerName(last) + "'");
        }

        private static string Area(Vmalloc space, uint start)
        {
            int index = space.AreaBefore(start);
            uint physical = space.AreaPhysicalAt(index), first = start + physical % (uint)space.Allocator.PageSize;
            return "the " + (physical == 0 ? "" : "ioremap ") + "area at " + HexText.Of(first) + " (" + space.AreaSizeAt(index).ToString()
                + " bytes, " + (physical == 0 ? "" : "phys " + HexText.Of(physical) + ", ") + "owner '"
                + space.Allocator.OwnerName(space.AreaOwnerAt(index)) + "')";
        }

        /// <summary>Whether an address that is not below the area lies in it or in its guard page.</summary>
        private static bool IsInside(Vmalloc space, int index, uint address) =>
            address - space.AreaStartAt(index) < (uint)(space.AreaPagesAt(index) + 1) * (uint)space.Allocator.PageSize;

        private static bool IsIoremap(Vmalloc space, uint address)
        {
            int index = space.AreaBefore(address);
            return index >= 0 && IsInside(space, index, address) && space.AreaPhysicalAt(index) != 0;
        }
    }
}
