using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Access to memory that no zone owns, reserved buffers and device registers, with the kernel's calls: request_mem_region,
    /// ioremap, remap_pfn_range.</summary>
    /// <remarks>
    /// <para>A span can be claimed and mapped if it lies wholly in one reservation of the map, or wholly outside the map's regions, where
    /// devices have their registers. The following are refused, each with a message of its own: memory of a zone, taken or free, because
    /// the page allocator could hand it out while the driver uses it; the rest of a region, which belongs to the runtime; a span across the
    /// edge of a region or reservation; virtual addresses; and page 0. J. Corbet, A. Rubini, G. Kroah-Hartman, "Linux Device Drivers" (3rd
    /// edition, 2005), chapter 15, describes the same rule for remap_pfn_range.</para>
    /// <para>As in the kernel, <see cref="RequestRegion(uint, int, PageOwner)"/> excludes other owners, and a mapping does not need it. The
    /// same memory may be mapped several times, by one owner or by several: registers are shared (every driver that has a clock uses the
    /// clock controller's), and mappings have no attributes that could contradict each other. Each mapping is an area with an address of
    /// its own, so a second <see cref="Iounmap"/> cannot remove another owner's mapping. However, nobody can map what another owner has
    /// requested. And nobody can request what another owner has mapped by <see cref="Ioremap(uint, int, PageOwner)"/>, because the request
    /// would come too late to exclude that owner.</para>
    /// <para>Mappings are areas of <see cref="Vmalloc"/>: its Read, Write, Fill and Translate work on them, guard pages follow them, and
    /// vmallocinfo lists them. This example draws one line into a frame buffer that the board's map reserves:</para>
    /// <code>
    ///   var io = new IoMemory(space, 8);
    ///   Reservation buffer = map.FindReservation("framebuffer");
    ///   io.RequestRegion(buffer, display);
    ///   uint screen = io.Ioremap(buffer, display);
    ///   space.Write(screen + (uint)(y * 800 * 2), pixels, 0, 800 * 2);
    ///   io.Iounmap(screen);
    /// </code>
    /// <para>Misuse throws, names addresses and owners, and changes nothing. If a table or the virtual range is full, a call fails: it
    /// returns false or 0. Nothing is allocated from the managed heap after construction. Not synchronized: one context at a time.</para>
    /// </remarks>
    public sealed class IoMemory
    {
        /// <summary>The most requests that a table can hold; each look-up goes through all of them.</summary>
        internal const int MaxRequests = 256;

        internal readonly Vmalloc Space;
        internal readonly MemoryMap Map;

        private readonly PageAllocator _allocator;
        private readonly int _pageSize, _pageShift;

        // Requests, by ascending address.
        private readonly uint[] _starts;
        private readonly int[] _sizes;
        private readonly byte[] _owners;
        private int _count;

        /// <summary>Makes an access with no requests and no mappings.</summary>
        /// <param name="space">The virtual range of the mappings; its allocator was booted from a map.</param>
        /// <param name="requests">How many requests there can be at once: 1 to 256; each needs 9 bytes.</param>
        /// <exception cref="ArgumentException">Its allocator has no map, so nobody can say what is reserved.</exception>
        public IoMemory(Vmalloc space, int requests)
        {
            Misuse.Given(space, nameof(space));
            if (space.Allocator.Map == null)
            {
                throw new ArgumentException("the page allocator knows no memory map: expected one made by PageAllocator.Boot", nameof(space));
            }
            Misuse.CheckRange(nameof(requests), requests, " requests", 1, MaxRequests);
            Space = space;
            _allocator = space.Allocator;
            Map = _allocator.Map;
            _pageSize = _allocator.PageSize;
            _pageShift = _allocator.PageShift;
            _starts = new uint[requests];
            _sizes = new int[requests];
            _owners = new byte[requests];
        }

        /// <summary>How many requests there are.</summary>
        public int RequestCount { get { return _count; } }

        /// <summary>How many requests failed because the table was full.</summary>
        public long FailureCount { get; private set; }

        /// <summary>First physical address of a request.</summary>
        /// <param name="index">0 to <see cref="RequestCount"/> - 1, by ascending address.</param>
        /// <returns>The address.</returns>
        public uint RequestStartAt(int index)
        {
            Misuse.CheckIndex("request", index, _count);
            return _starts[index];
        }

        /// <summary>Bytes of a request.</summary>
        /// <inheritdoc cref="RequestStartAt(int)"/>
        /// <returns>1 or more.</returns>
        public int RequestSizeAt(int index)
        {
            Misuse.CheckIndex("request", index, _count);
            return _sizes[index];
        }

        /// <summary>The number of the owner who made a request.</summary>
        /// <inheritdoc cref="RequestStartAt(int)"/>
        /// <returns>A number of <see cref="PageAllocator.RegisterOwner"/>, or <see cref="PageOwner.Unknown"/>.</returns>
        public PageOwner RequestOwnerAt(int index)
        {
            Misuse.CheckIndex("request", index, _count);
            return (PageOwner)_owners[index];
        }

        /// <summary>Claims a span for one owner, unless anybody has requested some of it or another owner has mapped some of it. The
        /// kernel's request_mem_region.</summary>
        /// <remarks>Windows of applications (<see cref="VmArea"/>) are not checked: the driver that made one is responsible for it.</remarks>
        /// <param name="start">First physical address.</param>
        /// <param name="size">Bytes, 1 or more.</param>
        /// <returns>False if the table is full.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is below 1, nobody registered the owner, or the span lies where it cannot
        /// be claimed.</exception>
        /// <exception cref="InvalidOperationException">A part of it has been requested already, by any owner, or mapped by another owner.</exception>
        public bool RequestRegion(uint start, int size, PageOwner owner)
        {
            Check("request", start, size, owner);
            int index = FindRequest(start, size, -1);
            if (index >= 0)
            {
                throw IoMemoryMisuse.Busy(this, "request", start, size, owner, index);
            }
            for (int i = 0; i < Space.AreaCount; i++)
            {
                if (Space.AreaPhysicalAt(i) != 0 && Space.AreaOwnerAt(i) != owner
                    && Overlap(start, (uint)size, Space.AreaPhysicalAt(i), (uint)Space.AreaSizeAt(i)))
                {
                    throw IoMemoryMisuse.Mapped(this, start, size, owner, i);
                }
            }
            if (_count == _starts.Length)
            {
                FailureCount++;
                return false;
            }
            int at = _count++;
            for (; at > 0 && _starts[at - 1] > start; at--)
            {
                Move(at - 1, at);
            }
            _starts[at] = start;
            _sizes[at] = size;
            _owners[at] = (byte)owner;
            return true;
        }

        /// <summary>Claims a whole reservation, like <see cref="RequestRegion(uint, int, PageOwner)"/>.</summary>
        /// <param name="reservation">Of the map; at most 2 GiB.</param>
        /// <returns>False if the table is full.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The owner is not registered, or the reservation is not the map's.</exception>
        /// <exception cref="InvalidOperationException">A part of it has been requested already, by any owner, or mapped by another owner.</exception>
        public bool RequestRegion(Reservation reservation, PageOwner owner) => RequestRegion(Given(reservation).Start, SizeOf(reservation), owner);

        /// <summary>Gives up a claim; mappings stay. The kernel's release_mem_region.</summary>
        /// <param name="start">The start of the request.</param>
        /// <param name="size">The size of the request.</param>
        /// <exception cref="InvalidOperationException">There is no such request: it was released already, never made, or has another
        /// size.</exception>
        public void ReleaseRegion(uint start, int size)
        {
            int index = 0;
            while (index < _count && _starts[index] != start)
            {
                index++;
            }
            if (index == _count || _sizes[index] != size)
            {
                throw IoMemoryMisuse.WrongRelease(this, start, size);
            }
            _count--;
            for (; index < _count; index++)
            {
                Move(index + 1, index);
            }
        }

        /// <summary>Gives up the claim of a whole reservation, like <see cref="ReleaseRegion(uint, int)"/>.</summary>
        /// <exception cref="InvalidOperationException">There is no such request: it was released already, never made, or has another
        /// size.</exception>
        public void ReleaseRegion(Reservation reservation) => ReleaseRegion(Given(reservation).Start, SizeOf(reservation));

        /// <summary>Maps a whole reservation, like <see cref="Ioremap(uint, int, PageOwner)"/>.</summary>
        /// <param name="reservation">Of the map; at most 2 GiB.</param>
        /// <returns>The virtual address, with the same offset within its page as the physical one, or 0 if the virtual range or the table
        /// of areas is full.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The owner is not registered, or the reservation is not the map's or larger than all
        /// virtual pages but one.</exception>
        /// <exception cref="InvalidOperationException">Another owner has requested a part of it.</exception>
        public uint Ioremap(Reservation reservation, PageOwner owner) => Ioremap(Given(reservation).Start, SizeOf(reservation), owner);

        /// <summary>Maps a span into virtual memory. The kernel's ioremap.</summary>
        /// <param name="address">First physical address; it need not begin a page.</param>
        /// <param name="size">Bytes, 1 to all virtual pages but one.</param>
        /// <returns>The virtual address, with the same offset within its page as the physical one, or 0 if the virtual range or the table
        /// of areas is full.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is out of its range, nobody registered the owner, or the span lies where it
        /// cannot be mapped.</exception>
        /// <exception cref="InvalidOperationException">Another owner has requested a part of it.</exception>
        public uint Ioremap(uint address, int size, PageOwner owner)
        {
            Check("ioremap", address, size, owner);
            RefuseRequested("ioremap", address, size, owner);
            return Space.MapPhysical(address, size, owner);
        }

        /// <summary>Undoes a mapping. The kernel's iounmap.</summary>
        /// <param name="address">The result of <see cref="Ioremap(uint, int, PageOwner)"/>.</param>
        /// <exception cref="InvalidOperationException">No mapping begins there: it was unmapped already, the address is interior or wild,
        /// or the area belongs to <see cref="Vmalloc.Alloc"/>.</exception>
        public void Iounmap(uint address) => Space.UnmapPhysical(address);

        /// <summary>Maps whole pages into an application's window. The kernel's remap_pfn_range (mm/memory.c).</summary>
        /// <param name="area">A window made for this object.</param>
        /// <param name="virtualAddress">First address in the window, a multiple of the page size.</param>
        /// <param name="pfn">Frame number of the first page.</param>
        /// <param name="size">Bytes, 1 or more, rounded up to pages. The whole pages must be memory that can be mapped, because an
        /// application that can access a page can access all bytes in it.</param>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, the pages do not lie in the window, or they lie
        /// where they cannot be mapped.</exception>
        /// <exception cref="InvalidOperationException">The window was made for another object, one of its pages is mapped already, or
        /// another owner has requested a part of the memory.</exception>
        public void RemapPfnRange(VmArea area, uint virtualAddress, int pfn, int size, PageOwner owner)
        {
            Misuse.Given(area, nameof(area));
            if (area.Device != this)
            {
                throw IoMemoryMisuse.ForeignArea(area);
            }
            int page = area.CheckPages("remap_pfn_range", virtualAddress, size), pages = ((size - 1) >> _pageShift) + 1;
            if (pfn < 0 || (uint)pfn > 0xFFFFFFFF >> _pageShift)
            {
                throw IoMemoryMisuse.BadFrame(_allocator, area, pfn);
            }
            uint start = (uint)pfn << _pageShift;
            Check("remap_pfn_range", start, pages << _pageShift, owner);
            RefuseRequested("remap_pfn_range", start, pages << _pageShift, owner);
            area.Map(page, pages, pfn);
        }

        /// <summary>The first request that shares a byte with a span and does not belong to <paramref name="except"/>, or -1.</summary>
        internal int FindRequest(uint start, int size, int except)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_owners[i] != except && Overlap(start, (uint)size, _starts[i], (uint)_sizes[i]))
                {
                    return i;
                }
            }
            return -1;
        }

        /// <summary>Whether two spans share a byte: then one begins inside the other. Neither may be empty or wrap around.</summary>
        internal static bool Overlap(uint a, uint aSize, uint b, uint bSize) => b - a < aSize || a - b < bSize;

        /// <summary>Throws unless the span lies where it can be claimed and mapped.</summary>
        private void Check(string what, uint start, int size, PageOwner owner)
        {
            if ((uint)owner >= (uint)_allocator.OwnerCount || size < 1 || (uint)(size - 1) > 0xFFFFFFFF - start || start < (uint)_pageSize)
            {
                throw IoMemoryMisuse.BadSpan(_allocator, what, start, size, owner);
            }
            bool refused = Overlap(start, (uint)size, Space.Start, (uint)Space.PageCount << _pageShift);
            for (int i = 0; i < _allocator.ZoneCount && !refused; i++)
            {
                Zone zone = _allocator.ZoneAt(i);
                refused = Overlap(start, (uint)size, zone.First, (uint)zone.PageCount << _pageShift);
            }
            if (refused || !IsReservedOrOutside(start, (uint)size))
            {
                throw IoMemoryMisuse.WrongPlace(this, what, start, size, owner);
            }
        }

        private bool IsReservedOrOutside(uint start, uint size)
        {
            for (int i = 0; i < Map.ReservationCount; i++)
            {
                Reservation reservation = Map.ReservationAt(i);
                if (start >= reservation.Start && start - reservation.Start <= reservation.Size - 1
                    && size <= reservation.Size - (start - reservation.Start))
                {
                    return true;
                }
            }
            for (int i = 0; i < Map.RegionCount; i++)
            {
                MemoryRegion region = Map.RegionAt(i);
                if (Overlap(start, size, region.Start, region.Size))
                {
                    return false;
                }
            }
            return true;
        }

        private void RefuseRequested(string what, uint start, int size, PageOwner owner)
        {
            int index = FindRequest(start, size, (int)owner);
            if (index >= 0)
            {
                throw IoMemoryMisuse.Busy(this, what, start, size, owner, index);
            }
        }

        private static Reservation Given(Reservation reservation)
        {
            Misuse.Given(reservation, nameof(reservation));
            return reservation;
        }

        /// <summary>A reservation's size as an int. A size above that becomes -1, and the calls refuse it together with the address.</summary>
        private static int SizeOf(Reservation reservation) => reservation.Size > int.MaxValue ? -1 : (int)reservation.Size;

        private void Move(int from, int to)
        {
            _starts[to] = _starts[from];
            _sizes[to] = _sizes[from];
            _owners[to] = _owners[from];
        }
    }
}
