using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Memory of single pages behind a software page table, for requests that are larger than any free block.</summary>
    /// <remarks>
    /// <para>Contract: a request returns a virtual address, or 0. It returns 0 if and only if the page allocator does not have all pages, the virtual
    /// range has no place, or the table of areas is full; then every page that it took has been freed. It never throws for want of memory. Misuse
    /// throws, names address, owner and what was expected, and changes nothing, not even the TLB and its counts.</para>
    /// <para>Neither the CPU nor a device knows virtual addresses: the CPU goes through <see cref="Read"/>, <see cref="Write"/> and <see
    /// cref="Fill"/>, a DMA engine through a <see cref="ScatterList"/>. Behind each area lies a guard page that is never mapped, as in the kernel
    /// (mm/vmalloc.c), so that an access beyond the end hits nobody.</para>
    /// <para>An area has exactly the bytes that were asked for, and reads and writes are checked against them. Translation checks pages only, as an
    /// MMU does.</para>
    /// <para>Memory that no zone owns is mapped into the same range by <see cref="IoMemory.Ioremap(uint, int, PageOwner)"/>, as in the kernel. What
    /// is said of areas holds for these, too, but <see cref="Free"/> refuses them, because their pages are not the page allocator's.</para>
    /// <para>Nothing is allocated from the managed heap after construction. If the page allocator has a lock, several contexts may share the range.
    /// The lock is held while the table of areas, the TLB or an entry of the page table is read or changed, never while pages are taken, freed,
    /// filled or copied. Nothing protects a context that uses an area while another frees it. A shrinker that runs inside <see cref="Alloc"/> may
    /// take and free other areas.</para>
    /// </remarks>
    public sealed class Vmalloc
    {
        internal readonly PageAllocator Allocator;

        /// <summary>TLB entries of the constructor that does not ask for them.</summary>
        private const int DefaultTlbEntries = 16;

        /// <summary>In the first frame of an area: a context is freeing it.</summary>
        private const uint Freeing = 1;

        private readonly PhysicalMemory _memory;
        private readonly AllocatorLock? _lock;
        private readonly Tlb _tlb;
        private readonly VmallocFailure _failure;
        private readonly VmallocAreas _areas;
        private readonly uint _start, _size;
        private readonly int _pageCount, _pageSize, _pageShift;
        private readonly uint _offsetMask;

        /// <summary>The page table: by virtual page, the physical address of its frame. If none is mapped, the number of its last owner, which is
        /// less than any page's address.</summary>
        private readonly uint[] _frames;

        /// <summary>An empty virtual range over the page allocator's memory: one area for every four pages, and 16 entries of TLB.</summary>
        /// <param name="pages">The allocator of the pages, made with memory; they are taken one at a time.</param>
        /// <param name="start">First virtual address: a multiple of the page size, not 0.</param>
        /// <param name="pageCount">Virtual pages, 4 or more, including guard pages; each needs about 7 bytes of tables. The range must end
        /// at or below 4 GiB, and overlap neither zones nor regions.</param>
        /// <exception cref="ArgumentNullException"><paramref name="pages"/> is null, or was made without memory.</exception>
        public Vmalloc(PageAllocator pages, uint start, int pageCount)
            : this(Misuse.Given(pages), pages.Memory!, start, pageCount, pageCount / 4, DefaultTlbEntries)
        {
        }

        /// <summary>An empty virtual range.</summary>
        /// <param name="pages">The allocator of the pages; they are taken one at a time.</param>
        /// <param name="start">First virtual address: a multiple of the page size, not 0.</param>
        /// <param name="pageCount">Virtual pages, 2 or more, including guard pages; each needs 4 bytes of table. The range must end at or
        /// below 4 GiB, and overlap neither zones nor regions, so that no virtual address is also a physical one.</param>
        /// <param name="areas">How many areas there can be at once: 1 to pageCount / 2; each needs 13 bytes of table.</param>
        /// <param name="tlbEntries">Entries of the TLB: a power of two from 1 to 1024; each needs 8 bytes.</param>
        public Vmalloc(PageAllocator pages, PhysicalMemory memory, uint start, int pageCount, int areas, int tlbEntries)
        {
            Misuse.Given(pages, nameof(pages));
            Misuse.Given(memory, nameof(memory));
            Allocator = pages;
            _memory = memory;
            _lock = pages.Lock;
            _pageSize = pages.PageSize;
            _offsetMask = (uint)_pageSize - 1;
            _pageShift = pages.PageShift;
            if (start == 0 || (start & _offsetMask) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(start), HexText.Of(start) + ": expected a multiple of " + _pageSize.ToString()
                    + ", not 0, which means failure");
            }
            // The last page of the address space can only be a guard page, so that the end of every area is an address.
            if (pageCount < 2 || (uint)pageCount > (0 - start) >> _pageShift)
            {
                throw new ArgumentOutOfRangeException(nameof(pageCount), pageCount.ToString() + " pages from " + HexText.Of(start)
                    + ": expected 2 or more that end at 4 GiB at most");
            }
            if (areas < 1 || areas > pageCount / 2)
            {
                throw new ArgumentOutOfRangeException(nameof(areas), areas.ToString() + " areas: expected 1 to "
                    + (pageCount / 2).ToString() + ", a page and a guard each");
            }
            _start = start;
            _pageCount = pageCount;
            _size = (uint)pageCount << _pageShift;
            RefuseOverlap();
            _tlb = new Tlb(tlbEntries);
            _areas = new VmallocAreas(pageCount, _pageShift, areas);
            _frames = new uint[pageCount];
            _failure = new VmallocFailure(this);
        }

        /// <summary>First virtual address.</summary>
        public uint Start { get { return _start; } }

        /// <summary>How many virtual pages there are: free, taken and guard pages.</summary>
        public int PageCount { get { return _pageCount; } }

        /// <summary>How many areas there are.</summary>
        public int AreaCount { get { return _areas.Count; } }

        /// <summary>The most areas that have existed at once.</summary>
        public int MaxAreaCount { get { return _areas.MaxCount; } }

        /// <summary>Pages of the largest area for which the virtual range and the table of areas have room, whether or not there is memory
        /// for it.</summary>
        public int LargestFreePages { get { return _areas.LargestFree(); } }

        /// <summary>How many requests returned 0.</summary>
        public long FailureCount { get; private set; }

        /// <summary>How many translations the TLB answered.</summary>
        public long TlbHits { get { return _tlb.Hits; } }

        /// <summary>How many translations the page table had to answer.</summary>
        public long TlbMisses { get { return _tlb.Misses; } }

        internal int AreaCapacity { get { return _areas.First.Length; } }

        /// <summary>Virtual address of an area's first page.</summary>
        /// <param name="index">0 to <see cref="AreaCount"/> - 1, by ascending address.</param>
        /// <returns>A multiple of the page size.</returns>
        public uint AreaStartAt(int index)
        {
            Misuse.CheckIndex("area", index, _areas.Count);
            return _start + ((uint)_areas.First[index] << _pageShift);
        }

        /// <summary>The bytes of an area, as they were asked for.</summary>
        /// <inheritdoc cref="AreaStartAt(int)"/>
        /// <returns>1 or more.</returns>
        public int AreaSizeAt(int index)
        {
            Misuse.CheckIndex("area", index, _areas.Count);
            return _areas.Size[index];
        }

        /// <summary>Mapped pages of an area, without the guard page.</summary>
        /// <inheritdoc cref="AreaStartAt(int)"/>
        /// <returns>1 or more.</returns>
        public int AreaPagesAt(int index)
        {
            Misuse.CheckIndex("area", index, _areas.Count);
            return _areas.PagesOf(index);
        }

        /// <summary>The physical address that an area of <see cref="IoMemory.Ioremap(uint, int, PageOwner)"/> maps; 0 for an area of <see
        /// cref="Alloc"/>.</summary>
        /// <inheritdoc cref="AreaStartAt(int)"/>
        /// <remarks>It has the same offset within its page as the area's first byte.</remarks>
        /// <returns>A physical address, or 0.</returns>
        public uint AreaPhysicalAt(int index)
        {
            Misuse.CheckIndex("area", index, _areas.Count);
            return _areas.Physical[index];
        }

        /// <summary>The number of an area's owner.</summary>
        /// <inheritdoc cref="AreaStartAt(int)"/>
        /// <returns>A number of <see cref="PageAllocator.RegisterOwner"/>, or <see cref="PageOwner.Unknown"/>.</returns>
        public PageOwner AreaOwnerAt(int index)
        {
            Misuse.CheckIndex("area", index, _areas.Count);
            return (PageOwner)_areas.Owner[index];
        }

        /// <summary>Takes as many single pages as <paramref name="size"/> bytes need, and maps them in a row. The virtual address is the
        /// lowest that has room for them and a guard page. The kernel's vmalloc; with <see cref="GfpFlags.Zero"/>, vzalloc.</summary>
        /// <param name="size">Bytes: 1 to all virtual pages but one.</param>
        /// <param name="gfp">For each page as in <see cref="PageAllocator.AllocPages"/>.</param>
        /// <returns>The virtual address, a multiple of the page size, or 0.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is out of its range, or nobody registered the owner.</exception>
        public uint Alloc(int size, GfpFlags gfp, PageOwner owner)
        {
            if (size < 1 || (size - 1) >> _pageShift >= _pageCount - 1 || (uint)owner >= (uint)Allocator.OwnerCount)
            {
                throw Misuse.BadSize(Allocator, size, (long)(_pageCount - 1) << _pageShift, owner);
            }
            // Take the place before the pages: if another area is taken or freed meanwhile, this one's row in the table moves, but not its
            // pages.
            Enter();
            int first = _areas.Insert(size, owner, 0);
            Leave();
            if (first < 0 || !Map(gfp, first, ((size - 1) >> _pageShift) + 1, owner))
            {
                FailureCount++;
                if (first < 0 && (gfp & GfpFlags.NoWarn) == 0)
                {
                    _failure.Note(size, ((size - 1) >> _pageShift) + 1, owner);
                }
                return 0;
            }
            return _start + ((uint)first << _pageShift);
        }

        /// <summary>Frees an area's pages, and its virtual addresses with the guard page. The kernel's vfree.</summary>
        /// <param name="address">The result of <see cref="Alloc"/>.</param>
        /// <exception cref="InvalidOperationException">No area begins there (a double, wild or interior free), the area belongs to <see
        /// cref="IoMemory.Ioremap(uint, int, PageOwner)"/>, or somebody else has freed one of its pages.</exception>
        public void Free(uint address)
        {
            int first = (int)((address - _start) >> _pageShift);
            Enter();
            int index = MappedAt(address), pages = index < 0 ? 0 : _areas.PagesOf(index);
            PageOwner owner = index < 0 ? PageOwner.Unknown : (PageOwner)_areas.Owner[index];
            uint frame = index < 0 ? 0 : _frames[first];
            Leave();
            if (pages != 0)
            {
                CheckPages(address, first, pages, owner);
                // The context that marks the first page frees the area, so if two contexts free it at once, only one does.
                Enter();
                if (_frames[first] == frame)
                {
                    _frames[first] = frame | Freeing;
                }
                else
                {
                    pages = 0;
                }
                Leave();
            }
            if (pages == 0)
            {
                throw VmallocMisuse.WrongFree(this, address);
            }
            // If poisoning the pages throws, the exception passes through, and the area is removed all the same.
            UnmapAndRemove(first, pages, pages, owner, owner);
        }

        /// <summary>Translates a virtual address through the TLB, as a load or a store would.</summary>
        /// <param name="virtualAddress">An address in a mapped page.</param>
        /// <returns>The physical address, with the same offset within its page.</returns>
        /// <exception cref="ArgumentOutOfRangeException">No page is mapped there: the address is in a guard page, free, or not in the
        /// range.</exception>
        public uint Translate(uint virtualAddress)
        {
            int page = (int)((virtualAddress - _start) >> _pageShift);
            Enter();
            int frame = _tlb.Lookup(page);
            if (frame == 0 && page < _pageCount && IsMapped(page))
            {
                frame = (int)(_frames[page] >> _pageShift);
                _tlb.Fill(page, frame);
            }
            Leave();
            if (frame == 0)
            {
                throw VmallocMisuse.Fault(this, virtualAddress);
            }
            return ((uint)frame << _pageShift) | (virtualAddress & _offsetMask);
        }

        /// <summary>Reads the page frame number behind a virtual address from the page table, for drivers. This is no access, so it does
        /// not change the TLB. The kernel's vmalloc_to_pfn.</summary>
        /// <param name="virtualAddress">An address in a mapped page.</param>
        /// <returns>The physical address divided by the page size.</returns>
        /// <exception cref="ArgumentOutOfRangeException">No page is mapped there.</exception>
        public int VmallocToPfn(uint virtualAddress)
        {
            int page = (int)((virtualAddress - _start) >> _pageShift);
            if (page >= _pageCount || !IsMapped(page))
            {
                throw VmallocMisuse.Fault(this, virtualAddress);
            }
            return (int)(_frames[page] >> _pageShift);
        }

        /// <summary>Copies from an area into <paramref name="buffer"/>, page by page, with one translation for each page.</summary>
        /// <param name="address">Virtual.</param>
        /// <param name="buffer">Receives the bytes.</param>
        /// <param name="offset">Where the bytes begin in the buffer: 0 to its length.</param>
        /// <param name="length">Bytes, 0 or more, that lie in one area and in the buffer.</param>
        /// <exception cref="ArgumentOutOfRangeException">The span does not lie in one area or not in the buffer; nothing was read.</exception>
        public void Read(uint address, byte[] buffer, int offset, int length)
        {
            CheckSpan(address, length);
            CheckBuffer(address, buffer, offset, length);
            while (length > 0)
            {
                int step = StepAt(address, length);
                _memory.Read(Translate(address), buffer, offset, step);
                address += (uint)step;
                offset += step;
                length -= step;
            }
        }

        /// <summary>Copies from <paramref name="buffer"/> into an area, page by page, with one translation for each page.</summary>
        /// <param name="address">Virtual.</param>
        /// <param name="buffer">Holds the bytes.</param>
        /// <param name="offset">Where the bytes begin in the buffer: 0 to its length.</param>
        /// <param name="length">Bytes, 0 or more, that lie in one area and in the buffer.</param>
        /// <exception cref="ArgumentOutOfRangeException">The span does not lie in one area or not in the buffer; nothing was written.</exception>
        public void Write(uint address, byte[] buffer, int offset, int length)
        {
            CheckSpan(address, length);
            CheckBuffer(address, buffer, offset, length);
            while (length > 0)
            {
                int step = StepAt(address, length);
                _memory.Write(Translate(address), buffer, offset, step);
                address += (uint)step;
                offset += step;
                length -= step;
            }
        }

        /// <summary>Sets <paramref name="length"/> bytes of an area to <paramref name="value"/>, with one translation for each page.</summary>
        /// <param name="address">Virtual.</param>
        /// <param name="length">Bytes, 0 or more, that lie in one area.</param>
        /// <param name="value">The value of each byte afterwards.</param>
        /// <exception cref="ArgumentOutOfRangeException">The span does not lie in one area; nothing was written.</exception>
        public void Fill(uint address, int length, byte value)
        {
            CheckSpan(address, length);
            while (length > 0)
            {
                int step = StepAt(address, length);
                _memory.Fill(Translate(address), step, value);
                address += (uint)step;
                length -= step;
            }
        }

        internal PhysicalMemory Memory { get { return _memory; } }

        /// <summary>Maps physical memory at the lowest virtual address that has room for it and a guard page.</summary>
        /// <param name="physical">First byte. It is not in page 0, because frame number 0 means that nothing is mapped.</param>
        /// <param name="size">Bytes, 1 or more, that end within 4 GiB.</param>
        /// <returns>The virtual address, with the same offset within its page, or 0.</returns>
        internal uint MapPhysical(uint physical, int size, PageOwner owner)
        {
            int pages = _areas.PagesFor(physical, size);
            if (pages >= _pageCount)
            {
                throw Misuse.BadSize(Allocator, size, ((long)(_pageCount - 1) << _pageShift) - (physical & _offsetMask), owner);
            }
            Enter();
            int first = _areas.Insert(size, owner, physical);
            Leave();
            if (first < 0)
            {
                FailureCount++;
                _failure.Note(size, pages, owner);
                return 0;
            }
            uint frame = physical & ~_offsetMask;
            for (int page = 0; page < pages; page++)
            {
                _frames[first + page] = frame + ((uint)page << _pageShift);
            }
            return _start + ((uint)first << _pageShift) + (physical & _offsetMask);
        }

        internal void UnmapPhysical(uint address)
        {
            Enter();
            int index = AreaBefore(address);
            bool valid = index >= 0 && _areas.Physical[index] != 0
                && address - _start == ((uint)_areas.First[index] << _pageShift) + (_areas.Physical[index] & _offsetMask);
            if (valid)
            {
                int first = _areas.First[index], pages = _areas.PagesOf(index);
                PageOwner owner = (PageOwner)_areas.Owner[index];
                _tlb.Invalidate(first, pages);
                for (int page = first; page < first + pages; page++)
                {
                    _frames[page] = (uint)owner;
                }
                _areas.RemoveAt(index);
            }
            Leave();
            if (!valid)
            {
                throw VmallocMisuse.WrongUnmap(this, address);
            }
        }

        /// <summary>Throws unless a span of 0 or more bytes lies in one area.</summary>
        internal void CheckSpan(uint address, int length)
        {
            Enter();
            int index = AreaBefore(address);
            bool valid = false;
            if (index >= 0)
            {
                // If the area begins inside its page, an address before its first byte wraps around to a number above any size.
                uint inside = address - _start - ((uint)_areas.First[index] << _pageShift) - (_areas.Physical[index] & _offsetMask);
                int size = _areas.Size[index];
                valid = inside <= (uint)size && length >= 0 && length <= size - (int)inside;
            }
            Leave();
            if (!valid)
            {
                throw VmallocMisuse.WrongAccess(this, address, length);
            }
        }

        /// <summary>Bytes from an address to the end of its page, at most <paramref name="length"/>.</summary>
        internal int StepAt(uint address, int length)
        {
            int step = _pageSize - (int)(address & _offsetMask);
            return step < length ? step : length;
        }

        /// <summary>The last area that begins at or before an address, or -1. An address below the range wraps around to a number behind
        /// its end, and so does its distance from the area, so no caller takes it for one inside.</summary>
        internal int AreaBefore(uint address) => _areas.Find((int)((address - _start) >> _pageShift));

        /// <summary>The last owner of an address's page that is free now; Unknown if there was none.</summary>
        internal PageOwner LastOwner(uint address) => (PageOwner)_frames[(int)((address - _start) >> _pageShift)];

        private void Enter()
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
        }

        private void Leave()
        {
            if (_lock != null)
            {
                _lock.Release();
            }
        }

        /// <summary>The area of <see cref="Alloc"/> that begins at an address and that nobody frees, or -1. Under the lock.</summary>
        private int MappedAt(uint address)
        {
            int index = AreaBefore(address);
            if (index < 0 || _areas.Physical[index] != 0)
            {
                return -1;
            }
            int first = _areas.First[index];
            return address - _start == (uint)first << _pageShift && IsMapped(first) && (_frames[first] & Freeing) == 0 ? index : -1;
        }

        /// <summary>Frees an area's addresses. Nothing is mapped there any more. The TLB is cleaned, too, in case another context read
        /// these addresses meanwhile.</summary>
        private void Remove(int first, int pages)
        {
            Enter();
            _tlb.Invalidate(first, pages);
            _areas.RemoveAt(_areas.Find(first));
            Leave();
        }

        private bool Map(GfpFlags gfp, int first, int pages, PageOwner owner)
        {
            // Pages are zeroed here: an allocator made without memory would refuse, when half of the area has been taken.
            bool zero = (gfp & GfpFlags.Zero) != 0;
            gfp &= ~GfpFlags.Zero;
            int mapped = 0;
            bool whole = false;
            try
            {
                mapped = PageBulk.Alloc(Allocator, gfp, _frames, first, pages, owner);
                for (int page = first; zero && mapped == pages && page < first + pages; page++)
                {
                    _memory.Fill(_frames[page], _pageSize, 0);
                }
                whole = mapped == pages;
            }
            finally
            {
                if (!whole)
                {
                    UnmapAndRemove(first, mapped, pages, owner, PageOwner.Unknown);
                }
            }
            return whole;
        }

        /// <summary>Frees the mapped pages of an area, and then its addresses.</summary>
        private void UnmapAndRemove(int first, int mapped, int pages, PageOwner owner, PageOwner lastOwner)
        {
            try
            {
                PageBulk.Give(Allocator, _frames, first, mapped, owner, owner, (uint)lastOwner);
            }
            finally
            {
                Remove(first, pages);
            }
        }

        private bool IsMapped(int page) => _frames[page] >= PageAllocator.MaxOwners;

        /// <summary>Throws unless the owner still has every page. This is checked before the first page is freed, because an exception
        /// half-way would leak the rest of the area.</summary>
        private void CheckPages(uint address, int first, int pages, PageOwner owner)
        {
            int lost = PageBulk.FindLost(Allocator, _frames, first, pages, owner, owner);
            if (lost >= 0)
            {
                uint physical = _frames[lost];
                throw Allocator.IsHeldNow(physical, _pageSize) ? VmallocMisuse.Held(this, address, physical)
                    : VmallocMisuse.LostPage(this, address, physical, owner);
            }
        }

        private void CheckBuffer(uint address, byte[]? buffer, int offset, int length)
        {
            if (buffer == null || offset < 0 || length > buffer.Length - offset)
            {
                throw VmallocMisuse.BadBuffer(this, address, buffer, offset, length);
            }
        }

        private void RefuseOverlap()
        {
            for (int i = 0; i < Allocator.ZoneCount; i++)
            {
                Zone zone = Allocator.ZoneAt(i);
                RefuseOverlap("zone " + zone.Name, zone.Start, (uint)zone.Pages << _pageShift);
            }
            MemoryMap map = Allocator.Map;
            for (int i = 0; map != null && i < map.RegionCount; i++)
            {
                MemoryRegion region = map.RegionAt(i);
                RefuseOverlap("region " + region.Name, region.Start, region.Size);
            }
        }

        private void RefuseOverlap(string name, uint start, uint size)
        {
            // Of two spans that overlap, one begins inside the other.
            if (start - _start < _size || _start - start < size)
            {
                throw new ArgumentOutOfRangeException(nameof(start), "the virtual range " + HexText.OfSpan(_start, _size) + " overlaps "
                    + name + " " + HexText.OfSpan(start, size) + ": expected addresses that no memory has");
            }
        }
    }
}
