using System;
using System.Runtime.CompilerServices;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The exceptions for what a caller must not do: each names the address, the owner and what was expected.</summary>
    internal static class Misuse
    {
        private const string Expected = "Expected an address that an allocation returned and that has not been freed since";

        [MethodImpl(MethodImplOptions.NoInlining)]
        internal static void Given(object value, string parameter)
        {
            if (value == null)
            {
                throw new ArgumentNullException(parameter);
            }
        }

        /// <summary>The allocator itself, for the constructors that look into it before their own first line.</summary>
        internal static PageAllocator Given(PageAllocator pages)
        {
            Given(pages, nameof(pages));
            return pages;
        }

        /// <summary>An index into something of which there are <paramref name="count"/>.</summary>
        /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
        internal static void CheckIndex(string what, int index, int count)
        {
            if ((uint)index >= (uint)count)
            {
                throw new ArgumentOutOfRangeException(nameof(index), what + " " + index.ToString() + ": expected "
                    + (count == 0 ? "none, there is none" : "0 to " + (count - 1).ToString()));
            }
        }

        /// <summary>A number from <paramref name="first"/> to <paramref name="most"/>.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is another one.</exception>
        internal static void CheckRange(string parameter, int number, string what, int first, int most)
        {
            if (number < first || number > most)
            {
                throw NotIn(parameter, number.ToString() + what, first, most.ToString());
            }
        }

        private static Exception NotIn(string parameter, string given, int first, string most)
        {
            return new ArgumentOutOfRangeException(parameter, given + ": expected " + first.ToString() + " to " + most);
        }

        /// <summary>What cannot be the zones of an allocator, or its pages.</summary>
        internal static Exception BadZones(Zone[] zones, int pageSize)
        {
            return zones.Length == 0 ? new ArgumentException("expected at least one zone", nameof(zones))
                : new ArgumentException(pageSize.ToString() + " bytes a page: expected a power of two from 256 to 65536", nameof(pageSize));
        }

        /// <param name="other">The zone that lies there already, or null.</param>
        internal static Exception BadPlace(Zone zone, Zone? other, int pageSize)
        {
            return new ArgumentException(Label(zone) + (other != null ? " overlaps " + Label(other)
                : zone.Start == 0 || zone.Start % (uint)pageSize != 0
                ? ": expected a multiple of " + pageSize.ToString() + ", not 0, which means failure"
                : " with " + zone.Pages.ToString() + " pages ends beyond 4 GiB"), "zones");
        }

        internal static Exception TakenZone(Zone zone)
        {
            return new InvalidOperationException(Label(zone) + " has its page allocator already: that of " + zone.Taker);
        }

        internal static Exception TakenMap(string zone, PageMap map)
        {
            return new InvalidOperationException("zone " + zone + ": its page map is zone " + map.Taker + "'s already. Expected another");
        }

        /// <summary>A table has no room for another, of so many at most.</summary>
        /// <param name="what">As in "owner 'camera".</param>
        internal static Exception TooMany(string what, int most)
        {
            return new InvalidOperationException(what + "' cannot be registered: there are " + most.ToString() + " already");
        }

        private static string Label(Zone zone)
        {
            return "zone " + zone.Name + " at " + HexText.Of(zone.Start);
        }

        internal static Exception BadOrder(PageAllocator allocator, int order, PageOwner owner)
        {
            return (uint)owner >= (uint)allocator.OwnerCount ? BadOwner(allocator, owner) : Order(order, For(allocator, owner));
        }

        /// <summary>Of the block at an address, which may be any.</summary>
        internal static Exception BadFreeOrder(PageAllocator allocator, int order, uint address)
        {
            return Order(order, At(address) + For(allocator, allocator.OwnerAt(address)));
        }

        internal static Exception BadSize(PageAllocator allocator, int size, long most, PageOwner owner)
        {
            return (uint)owner >= (uint)allocator.OwnerCount ? BadOwner(allocator, owner) : Size(size, most, For(allocator, owner));
        }

        /// <summary>Of the block at an address, which may be any.</summary>
        /// <param name="pages">What would be allowed.</param>
        internal static Exception BadFreeSize(PageAllocator allocator, int size, int pages, uint address)
        {
            return Size(size, (long)pages << allocator.PageShift, At(address) + For(allocator, allocator.OwnerAt(address)));
        }

        /// <summary>A block cannot be cut to a size: no block begins there, or it is shorter.</summary>
        /// <param name="length">Pages of the taken block that begins there, or 0.</param>
        internal static Exception WrongTrim(PageAllocator allocator, uint address, int size, int length)
        {
            Zone? zone = allocator.FindZone(address);
            return zone == null || length == 0 || allocator.IsMovable(zone, PageOf(allocator, zone, address))
                ? WrongFree(allocator, address, 0)
                : BadFreeSize(allocator, size, length, address);
        }

        internal static Exception BadAlignment(PageAllocator allocator, int alignment, PageOwner owner)
        {
            return new ArgumentOutOfRangeException("alignment", "alignment " + alignment.ToString() + For(allocator, owner)
                + ": expected a power of two, at least a page of " + allocator.PageSize.ToString() + " bytes");
        }

        /// <summary>No taken block begins at the address, or it has another length: says what does lie there.</summary>
        /// <param name="expectedPages">The length that the caller believed in; 0 where he said none.</param>
        internal static Exception WrongFree(PageAllocator allocator, uint address, int expectedPages)
        {
            Zone? zone = allocator.FindZone(address);
            int page = zone == null ? 0 : PageOf(allocator, zone, address);
            int first = zone == null || zone.Held == null ? -1 : zone.Map.BlockAt(page);
            if (first >= 0 && zone.Held.IsHeld(first))
            {
                return new InvalidOperationException("double free: " + HexText.Of(address)
                    + (address == AddressOf(allocator, zone, first) ? " is " : " lies in ") + Block(allocator, zone, first)
                    + ", which was freed and is held in quarantine. " + Expected);
            }
            int pages = zone == null || address % (uint)allocator.PageSize != 0 ? 0 : zone.Map.BlockLength(page);
            if (pages != 0 && allocator.IsMovable(zone!, page))
            {
                return allocator.Handles.ByAddress(address, zone.Handles[page]);
            }
            PageHold hold = allocator.Hold;
            if (pages != 0 && (expectedPages == 0 || pages == expectedPages) && hold != null
                && hold.Find(address, pages << allocator.PageShift) >= 0)
            {
                return Held(allocator, address, address, pages);
            }
            if (pages != 0)
            {
                return new InvalidOperationException("wrong size: " + Block(allocator, zone!, page) + ", freed as "
                    + Bytes(allocator, expectedPages));
            }
            return new InvalidOperationException(Describe(allocator, address) + ". " + Expected);
        }

        /// <summary>Somebody has pages that would go back.</summary>
        internal static Exception Held(PageAllocator allocator, uint address, uint start, int pages)
        {
            Zone zone = allocator.FindZone(address)!;
            return allocator.Hold.Refusal("free", Block(allocator, zone, PageOf(allocator, zone, address)), start,
                pages << allocator.PageShift);
        }

        internal static Exception NothingToZero(PageAllocator allocator, PageOwner owner)
        {
            return new InvalidOperationException("GfpFlags.Zero" + For(allocator, owner)
                + ": the allocator was made without memory; expected a PhysicalMemory in its constructor");
        }

        private static string Describe(PageAllocator allocator, uint address)
        {
            Zone? zone = allocator.FindZone(address);
            if (zone == null)
            {
                Reservation reservation = allocator.Map == null ? null : allocator.Map.FindReservation(address);
                return "wild free: " + HexText.Of(address) + " is in no zone" + (reservation == null
                    ? " and has no owner"
                    : "; it is reserved, owner '" + reservation.Name + "' " + HexText.OfSpan(reservation.Start, reservation.Size));
            }
            int page = PageOf(allocator, zone, address), first = zone.Map.BlockAt(page);
            if (first >= 0)
            {
                return "interior free: " + HexText.Of(address) + " lies " + (address - AddressOf(allocator, zone, first)).ToString()
                    + " bytes inside " + Block(allocator, zone, first);
            }
            var last = (PageOwner)zone.Owners[page];
            return last == PageOwner.Unknown
                ? "wild free: " + HexText.Of(address) + " in zone " + zone.Name + " is free and has no owner"
                : "double free: " + HexText.Of(address) + " in zone " + zone.Name + " is free; its last owner was '"
                    + allocator.OwnerName(last) + "'";
        }

        internal static string Block(PageAllocator allocator, Zone zone, int first)
        {
            uint start = AddressOf(allocator, zone, first);
            return "the block at " + HexText.Of(start) + " (" + Bytes(allocator, zone.Map.BlockLength(first)) + ", zone " + zone.Name
                + ", owner '" + allocator.OwnerName(allocator.OwnerAt(start)) + "')";
        }

        internal static Exception BadOwner(PageAllocator allocator, PageOwner owner)
        {
            return NotIn("owner", "owner number " + ((int)owner).ToString() + " is not registered", 0, (allocator.OwnerCount - 1).ToString());
        }

        private static Exception Order(int order, string whose)
        {
            return NotIn("order", "order " + order.ToString() + whose, 0, PageMap.MaxPageOrder.ToString());
        }

        private static Exception Size(int size, long most, string whose)
        {
            return NotIn("size", size.ToString() + " bytes" + whose, 1, most.ToString());
        }

        private static string At(uint address)
        {
            return " at " + HexText.Of(address);
        }

        internal static string For(PageAllocator allocator, PageOwner owner)
        {
            return " for owner '" + allocator.OwnerName(owner) + "'";
        }

        private static string Bytes(PageAllocator allocator, int pages)
        {
            return ((long)pages * allocator.PageSize).ToString() + " bytes";
        }

        private static uint AddressOf(PageAllocator allocator, Zone zone, int page)
        {
            return zone.Start + (uint)page * (uint)allocator.PageSize;
        }

        private static int PageOf(PageAllocator allocator, Zone zone, uint address)
        {
            return (int)((address - zone.Start) / (uint)allocator.PageSize);
        }
    }
}
