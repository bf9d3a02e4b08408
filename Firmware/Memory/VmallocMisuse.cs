using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The exceptions of <see cref="Vmalloc"/>: each names the address, the owner and what was expected.</summary>
    internal static class VmallocMisuse
    {
        internal static Exception BadSize(PageAllocator allocator, int size, long most, int owner)
        {
            return (uint)owner >= (uint)allocator.OwnerCount
                ? new ArgumentOutOfRangeException("owner", "owner number " + owner.ToString() + " is not registered: expected 0 to "
                    + (allocator.OwnerCount - 1).ToString())
                : new ArgumentOutOfRangeException("size", size.ToString() + " bytes for owner '" + allocator.OwnerName(owner)
                    + "': expected 1 to " + most.ToString());
        }

        internal static Exception WrongFree(Vmalloc space, uint address)
        {
            return new InvalidOperationException("wrong vfree: " + Describe(space, address)
                + ". Expected an address that Alloc returned and that has not been freed since");
        }

        internal static Exception LostPage(Vmalloc space, uint address, uint physical, int owner)
        {
            return new InvalidOperationException("wrong vfree: page " + HexText.Of(physical) + " of " + Area(space, address)
                + " is not owner '" + space.Allocator.OwnerName(owner) + "''s any more. Expected nobody but Free to give it back");
        }

        internal static Exception Mapped(Vmalloc space, uint address, uint physical)
        {
            DmaMappings mappings = space.Allocator.Mappings;
            return new InvalidOperationException("vfree while mapped: page " + HexText.Of(physical) + " of " + Area(space, address) + " holds "
                + DmaMisuse.Describe(mappings, mappings.FindOverlap(physical, space.Allocator.PageSize)) + ". Expected Unmap first");
        }

        internal static Exception WrongAccess(Vmalloc space, uint address, int length)
        {
            return new ArgumentOutOfRangeException("address", length.ToString() + " bytes: " + Describe(space, address)
                + ". Expected a span of 0 or more bytes inside one area");
        }

        internal static Exception Fault(Vmalloc space, uint address)
        {
            return new ArgumentOutOfRangeException("address", "page fault: " + Describe(space, address) + ". Expected a page of an area");
        }

        internal static Exception BadBuffer(Vmalloc space, uint address, byte[] buffer, int offset, int length)
        {
            string what = length.ToString() + " bytes at offset " + offset.ToString() + " of the buffer for " + Describe(space, address);
            return buffer == null
                ? new ArgumentNullException("buffer", what + ": the buffer is null")
                : new ArgumentOutOfRangeException("offset", what + ": expected them inside its " + buffer.Length.ToString() + " bytes");
        }

        /// <summary>What lies at a virtual address.</summary>
        private static string Describe(Vmalloc space, uint address)
        {
            string text = HexText.Of(address);
            uint size = (uint)space.PageCount * (uint)space.Allocator.PageSize;
            if (address - space.Start >= size)
            {
                return text + " is outside the virtual range " + HexText.Of(space.Start, size) + " and has no owner";
            }
            int index = space.AreaBefore(address);
            uint inside = index < 0 ? 0 : address - space.AreaStart(index);
            uint mapped = index < 0 ? 0 : (uint)space.AreaPages(index) * (uint)space.Allocator.PageSize;
            if (index >= 0 && inside < mapped + (uint)space.Allocator.PageSize)
            {
                string place = inside >= mapped ? " lies in the guard page of " : " lies " + inside.ToString() + " bytes inside ";
                return text + place + Area(space, space.AreaStart(index));
            }
            int last = space.LastOwner(address);
            return text + (last == PageAllocator.UnknownOwner
                ? " is free and has no owner"
                : " is free; its last owner was '" + space.Allocator.OwnerName(last) + "'");
        }

        private static string Area(Vmalloc space, uint start)
        {
            int index = space.AreaBefore(start);
            return "the area at " + HexText.Of(start) + " (" + space.AreaSize(index).ToString() + " bytes, owner '"
                + space.Allocator.OwnerName(space.AreaOwner(index)) + "')";
        }
    }
}
