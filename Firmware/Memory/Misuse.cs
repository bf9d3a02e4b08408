using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The exceptions for what a caller must not do: each names the address, the owner and what was expected.</summary>
    internal static class Misuse
    {
        /// <param name="allocator">Who refuses.</param>
        /// <param name="order">What was given.</param>
        /// <param name="address">The block it was given for; 0 for a new one.</param>
        /// <param name="owner">Who asks, or whose the block is.</param>
        internal static Exception BadOrder(PageAllocator allocator, int order, uint address, int owner)
        {
            return (uint)owner >= (uint)allocator.OwnerCount
                ? BadOwner(allocator, owner)
                : new ArgumentOutOfRangeException("order", "order " + order.ToString() + At(address) + For(allocator, owner) + ": expected 0 to "
                    + PageMap.LargestOrder.ToString());
        }

        /// <param name="allocator">Who refuses.</param>
        /// <param name="size">What was given, in bytes.</param>
        /// <param name="most">What would be allowed.</param>
        /// <param name="address">The block it was given for; 0 for a new one.</param>
        /// <param name="owner">Who asks, or whose the block is.</param>
        internal static Exception BadSize(PageAllocator allocator, int size, long most, uint address, int owner)
        {
            return (uint)owner >= (uint)allocator.OwnerCount
                ? BadOwner(allocator, owner)
                : new ArgumentOutOfRangeException("size", size.ToString() + " bytes" + At(address) + For(allocator, owner) + ": expected 1 to "
                    + most.ToString());
        }

        internal static Exception BadAlignment(PageAllocator allocator, int alignment, int owner)
        {
            return new ArgumentOutOfRangeException("alignment", "alignment " + alignment.ToString() + For(allocator, owner)
                + ": expected a power of two, at least a page of " + allocator.PageSize.ToString() + " bytes");
        }

        /// <summary>No taken block begins at the address, or it has another length: says what does lie there.</summary>
        /// <param name="allocator">Who refuses.</param>
        /// <param name="address">What was to be freed or trimmed.</param>
        /// <param name="expectedPages">The length that the caller believed in; 0 where he said none.</param>
        internal static Exception WrongFree(PageAllocator allocator, uint address, int expectedPages)
        {
            Zone zone = allocator.FindZone(address);
            int pages = zone == null || address % (uint)allocator.PageSize != 0 ? 0 : zone.Map.BlockLength(PageOf(allocator, zone, address));
            if (pages != 0)
            {
                return new InvalidOperationException("wrong size: " + Block(allocator, zone, address, pages) + ", freed as "
                    + Bytes(allocator, expectedPages));
            }
            return new InvalidOperationException(Describe(allocator, address) + ". Expected an address that an allocation returned and that"
                + " has not been freed since");
        }

        internal static Exception NothingToZero(PageAllocator allocator, int owner)
        {
            return new InvalidOperationException("GfpFlags.Zero" + For(allocator, owner)
                + ": the allocator was made without memory; expected a PhysicalMemory in its constructor");
        }

        private static string Describe(PageAllocator allocator, uint address)
        {
            Zone zone = allocator.FindZone(address);
            if (zone == null)
            {
                Reservation reservation = allocator.Map == null ? null : allocator.Map.FindReservation(address);
                return "wild free: " + HexText.Of(address) + " is in no zone" + (reservation == null
                    ? " and has no owner"
                    : "; it is reserved, owner '" + reservation.Name + "' " + HexText.Of(reservation.Start, reservation.Size));
            }
            int page = PageOf(allocator, zone, address), first = zone.Map.BlockAt(page);
            if (first >= 0)
            {
                uint start = zone.Start + (uint)first * (uint)allocator.PageSize;
                return "interior free: " + HexText.Of(address) + " lies " + (address - start).ToString() + " bytes inside "
                    + Block(allocator, zone, start, zone.Map.BlockLength(first));
            }
            int last = zone.Owners[page];
            return last == PageAllocator.UnknownOwner
                ? "wild free: " + HexText.Of(address) + " in zone " + zone.Name + " is free and has no owner"
                : "double free: " + HexText.Of(address) + " in zone " + zone.Name + " is free; its last owner was '"
                    + allocator.OwnerName(last) + "'";
        }

        private static string Block(PageAllocator allocator, Zone zone, uint start, int pages)
        {
            return "the block at " + HexText.Of(start) + " (" + Bytes(allocator, pages) + ", zone " + zone.Name + ", owner '"
                + allocator.OwnerName(allocator.OwnerAt(start)) + "')";
        }

        internal static Exception BadOwner(PageAllocator allocator, int owner)
        {
            return new ArgumentOutOfRangeException("owner", "owner number " + owner.ToString() + " is not registered: expected 0 to "
                + (allocator.OwnerCount - 1).ToString());
        }

        private static string At(uint address)
        {
            return address == 0 ? "" : " at " + HexText.Of(address);
        }

        private static string For(PageAllocator allocator, int owner)
        {
            return " for owner '" + allocator.OwnerName(owner) + "'";
        }

        private static string Bytes(PageAllocator allocator, int pages)
        {
            return ((long)pages * allocator.PageSize).ToString() + " bytes";
        }

        private static int PageOf(PageAllocator allocator, Zone zone, uint address)
        {
            return (int)((address - zone.Start) / (uint)allocator.PageSize);
        }
    }
}
