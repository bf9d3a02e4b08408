using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>An application's window on memory that no zone owns: virtual pages in a row, with a protection and a page table of their
    /// own. It is the kernel's vm_area_struct, which a driver gets from mmap.</summary>
    /// <remarks>
    /// <para>A driver maps pages into it with <see cref="IoMemory.RemapPfnRange"/>. The application uses <see cref="Read"/> and <see
    /// cref="Write"/>, which translate page by page and may cross pages. If a page is not mapped or the protection forbids the access, the
    /// whole access is refused, with names, before a byte is copied.</para>
    /// <para>Addresses are valid in this window only, and two windows may have the same ones. There is no model of a TLB here: a window is
    /// for protection, and its translation is an index into an array.</para>
    /// <para>Nothing is allocated from the managed heap after construction. Not synchronized.</para>
    /// </remarks>
    public sealed class VmArea
    {
        internal readonly IoMemory Device;

        private readonly PhysicalMemory _memory;
        private readonly int _pageSize, _pageShift;
        private readonly uint _size;

        /// <summary>The page table: by page, its frame number; 0 if none is mapped.</summary>
        private readonly int[] _frames;

        /// <summary>A window in which nothing is mapped.</summary>
        /// <param name="io">The device memory that can be mapped in it.</param>
        /// <param name="start">First virtual address: a multiple of the page size, not 0.</param>
        /// <param name="pages">How many pages: 1 or more, less than 2 GiB, ending below 4 GiB; each needs 4 bytes of table.</param>
        /// <param name="protection">What the application may do.</param>
        /// <exception cref="ArgumentOutOfRangeException">Start or pages are out of their range, or the protection is neither Read nor Write
        /// nor both.</exception>
        public VmArea(IoMemory io, string name, uint start, int pages, VmFlags protection)
        {
            Misuse.Given(io, nameof(io));
            Misuse.Given(name, nameof(name));
            _pageSize = io.Space.Allocator.PageSize;
            _pageShift = io.Space.Allocator.PageShift;
            if (start == 0 || (start & ((uint)_pageSize - 1)) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(start), "window '" + name + "' at " + HexText.Of(start)
                    + ": expected a multiple of " + _pageSize.ToString() + ", not 0, which means failure");
            }
            // Leave out the last page of the address space, so that the end of a window is an address, too.
            if (pages < 1 || pages > int.MaxValue >> _pageShift || (uint)pages > (0xFFFFFFFF - start) >> _pageShift)
            {
                throw new ArgumentOutOfRangeException(nameof(pages), "window '" + name + "': " + pages.ToString() + " pages from "
                    + HexText.Of(start) + ": expected 1 or more, less than 2 GiB, that end below 4 GiB");
            }
            if (protection == 0 || (protection & ~(VmFlags.Read | VmFlags.Write)) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(protection), "window '" + name + "': protection "
                    + ((int)protection).ToString() + ": expected Read, Write or both");
            }
            Device = io;
            Name = name;
            Start = start;
            Protection = protection;
            _memory = io.Space.Memory;
            _size = (uint)pages << _pageShift;
            _frames = new int[pages];
        }

        /// <summary>The application's name in messages.</summary>
        public string Name { get; }

        /// <summary>First virtual address.</summary>
        public uint Start { get; }

        /// <summary>What the application may do.</summary>
        public VmFlags Protection { get; }

        /// <summary>How many pages it has, mapped or not.</summary>
        public int Pages { get { return _frames.Length; } }

        /// <summary>How many pages are mapped.</summary>
        public int MappedPages { get; private set; }

        /// <summary>Translates a virtual address.</summary>
        /// <param name="address">Virtual, in a mapped page.</param>
        /// <returns>The physical address, with the same offset within its page.</returns>
        /// <exception cref="ArgumentOutOfRangeException">No page is mapped there.</exception>
        /// <exception cref="InvalidOperationException">The window does not allow the access.</exception>
        public uint Translate(uint address, VmFlags access)
        {
            CheckAccess(address, 1, access);
            return PhysicalOf(address);
        }

        /// <summary>Copies from the window into <paramref name="buffer"/>, page by page.</summary>
        /// <param name="address">Virtual.</param>
        /// <param name="buffer">Receives the bytes.</param>
        /// <param name="offset">Where the bytes begin in the buffer: 0 to its length.</param>
        /// <param name="length">Bytes, 0 or more, in mapped pages and in the buffer.</param>
        /// <exception cref="ArgumentOutOfRangeException">The span does not lie in mapped pages or not in the buffer; nothing was read.</exception>
        /// <exception cref="InvalidOperationException">The protection does not allow reading.</exception>
        public void Read(uint address, byte[] buffer, int offset, int length)
        {
            CheckAccess(address, length, VmFlags.Read);
            CheckBuffer(address, buffer, offset, length);
            while (length > 0)
            {
                int step = StepAt(address, length);
                _memory.Read(PhysicalOf(address), buffer, offset, step);
                address += (uint)step;
                offset += step;
                length -= step;
            }
        }

        /// <summary>Copies from <paramref name="buffer"/> into the window, page by page.</summary>
        /// <param name="address">Virtual.</param>
        /// <param name="buffer">Holds the bytes.</param>
        /// <param name="offset">Where the bytes begin in the buffer: 0 to its length.</param>
        /// <param name="length">Bytes, 0 or more, in mapped pages and in the buffer.</param>
        /// <exception cref="ArgumentOutOfRangeException">The span does not lie in mapped pages or not in the buffer; nothing was written.</exception>
        /// <exception cref="InvalidOperationException">The protection does not allow writing.</exception>
        public void Write(uint address, byte[] buffer, int offset, int length)
        {
            CheckAccess(address, length, VmFlags.Write);
            CheckBuffer(address, buffer, offset, length);
            while (length > 0)
            {
                int step = StepAt(address, length);
                _memory.Write(PhysicalOf(address), buffer, offset, step);
                address += (uint)step;
                offset += step;
                length -= step;
            }
        }

        /// <summary>Unmaps pages of the window, no matter which calls mapped them: a part of a mapping, or several mappings at once. The
        /// kernel's munmap.</summary>
        /// <param name="address">First virtual address, a multiple of the page size.</param>
        /// <param name="size">Bytes, 1 or more, rounded up to pages.</param>
        /// <exception cref="ArgumentOutOfRangeException">The pages do not lie in the window.</exception>
        /// <exception cref="InvalidOperationException">One of them is not mapped.</exception>
        public void Unmap(uint address, int size)
        {
            int first = CheckPages("unmap", address, size), end = first + ((size - 1) >> _pageShift) + 1;
            for (int page = first; page < end; page++)
            {
                if (_frames[page] == 0)
                {
                    throw new InvalidOperationException("unmap in " + Label() + ": " + HexText.Of(AddressOf(page))
                        + " is not mapped. Expected mapped pages");
                }
            }
            for (int page = first; page < end; page++)
            {
                _frames[page] = 0;
            }
            MappedPages -= end - first;
        }

        /// <summary>Maps pages in a row; throws if one of them is mapped already.</summary>
        internal void Map(int first, int pages, int frame)
        {
            for (int page = first; page < first + pages; page++)
            {
                if (_frames[page] != 0)
                {
                    throw new InvalidOperationException("remap_pfn_range into " + Label() + ": " + HexText.Of(AddressOf(page))
                        + " is mapped already, to " + HexText.Of((uint)_frames[page] << _pageShift) + ". Expected pages that are not mapped");
                }
            }
            for (int page = 0; page < pages; page++)
            {
                _frames[first + page] = frame + page;
            }
            MappedPages += pages;
        }

        /// <summary>Throws unless whole pages of the window begin at the address.</summary>
        /// <returns>The number of the first page.</returns>
        internal int CheckPages(string what, uint address, int size)
        {
            uint inside = address - Start;
            if ((address & ((uint)_pageSize - 1)) != 0 || inside >= _size || size < 1 || (uint)size > _size - inside)
            {
                throw new ArgumentOutOfRangeException(nameof(address), what + " in " + Label() + ": " + size.ToString() + " bytes at "
                    + HexText.Of(address) + ". Expected 1 or more inside it, from a page of " + _pageSize.ToString() + " bytes on");
            }
            return (int)(inside >> _pageShift);
        }

        internal string Label() => "window '" + Name + "' " + HexText.OfSpan(Start, _size);

        private void CheckAccess(uint address, int length, VmFlags access)
        {
            uint inside = address - Start;
            if (length < 0 || inside > _size || (uint)length > _size - inside)
            {
                throw new ArgumentOutOfRangeException(nameof(address), Access(access) + length.ToString() + " bytes at " + HexText.Of(address)
                    + ": " + Label() + " does not hold them. Expected a span of 0 or more bytes inside it");
            }
            if (access == 0 || (Protection & access) != access)
            {
                throw new InvalidOperationException(Access(access) + length.ToString() + " bytes at " + HexText.Of(address) + ": " + Label()
                    + " can be " + Allowed() + ". Expected an access that it allows");
            }
            if (length == 0)
            {
                return;
            }
            int last = (int)((inside + (uint)(length - 1)) >> _pageShift);
            for (int page = (int)(inside >> _pageShift); page <= last; page++)
            {
                if (_frames[page] == 0)
                {
                    throw new ArgumentOutOfRangeException(nameof(address), "page fault: " + Access(access) + length.ToString() + " bytes at "
                        + HexText.Of(address) + ": nothing is mapped at " + HexText.Of(AddressOf(page)) + " of " + Label()
                        + ". Expected mapped pages");
                }
            }
        }

        private void CheckBuffer(uint address, byte[] buffer, int offset, int length)
        {
            if (buffer == null)
            {
                throw new ArgumentNullException(nameof(buffer), "no buffer for " + HexText.Of(address) + " of " + Label());
            }
            if (offset < 0 || length > buffer.Length - offset)
            {
                throw new ArgumentOutOfRangeException(nameof(offset), length.ToString() + " bytes at offset " + offset.ToString()
                    + " of the buffer for " + HexText.Of(address) + " of " + Label() + ": expected them inside its "
                    + buffer.Length.ToString() + " bytes");
            }
        }

        private uint PhysicalOf(uint address)
        {
            uint inside = address - Start;
            return ((uint)_frames[(int)(inside >> _pageShift)] << _pageShift) | (inside & ((uint)_pageSize - 1));
        }

        private uint AddressOf(int page) => Start + ((uint)page << _pageShift);

        private int StepAt(uint address, int length)
        {
            int step = _pageSize - (int)(address & ((uint)_pageSize - 1));
            return step < length ? step : length;
        }

        private string Allowed() => Protection == VmFlags.Read ? "read only" : Protection == VmFlags.Write ? "written only" : "read and written";

        private static string Access(VmFlags access) => access == VmFlags.Read ? "read of " : access == VmFlags.Write ? "write of " : "access to ";
    }
}
