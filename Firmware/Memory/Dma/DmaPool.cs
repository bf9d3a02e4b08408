using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Small coherent objects of one size: the descriptors of a device. The kernel's dma_pool.</summary>
    /// <remarks>
    /// <para>Objects are cut from coherent pages, taken one at a time when they are needed and kept until <see cref="Destroy"/>, as in
    /// mm/dmapool.c. Which ones are free is written in bitmaps outside the pages (the kernel links them through the objects themselves), so a
    /// device that runs over its descriptor cannot ruin the pool. The free object of the lowest page and address comes first.</para>
    /// <para>The tables are changed under the page allocator's lock, never held while a page is taken or an object zeroed. Nothing is
    /// allocated from the managed heap after construction.</para>
    /// </remarks>
    public sealed class DmaPool
    {
        /// <summary>The most pages of a pool.</summary>
        internal const int MaxChunks = 1024;

        private readonly DmaAllocator _dma;
        private readonly DmaDevice _device;
        private readonly AllocatorLock? _lock;
        private readonly int _stride, _perWindow, _window, _perChunk, _words, _chunkSize;

        // By page: where it is; 0 where none was taken yet. Objects that are free in it.
        private readonly uint[] _chunks, _handles;
        private readonly int[] _free;

        /// <summary>Bit i % 64 of word i / 64 of a page's words: object i of the page is free.</summary>
        private readonly ulong[] _bits;
        private readonly byte[] _table = TrailingZeros.Table;

        private int _used, _mostUsed, _count;
        private bool _destroyed;

        /// <summary>A pool without a page.</summary>
        /// <param name="device">Attached to it; its own alignment and boundary are kept for the pages.</param>
        /// <param name="size">Bytes of an object: 1 to a page, its alignment included.</param>
        /// <param name="alignment">Bytes, a power of two to a page, that every object's handle is a multiple of.</param>
        /// <param name="boundary">Bytes, a power of two, that no object crosses a multiple of; 0: none. Objects do not cross pages.</param>
        /// <param name="chunks">Pages at most: 1 to 1024.</param>
        /// <exception cref="InvalidOperationException">The device is not attached.</exception>
        public DmaPool(string name, DmaAllocator dma, DmaDevice device, int size, int alignment, int boundary, int chunks)
        {
            Misuse.Given(name, nameof(name));
            Misuse.Given(dma, nameof(dma));
            dma.Devices.Check(device);
            int page = dma.Pages.PageSize;
            if (alignment < 1 || alignment > page || (alignment & (alignment - 1)) != 0)
            {
                throw Bad(nameof(alignment), name, "alignment " + alignment.ToString() + ": expected a power of two to " + page.ToString());
            }
            if (size < 1 || size > page)
            {
                throw Bad(nameof(size), name, size.ToString() + " bytes: expected 1 to " + page.ToString());
            }
            _stride = (size + alignment - 1) & ~(alignment - 1);
            if (boundary < 0 || (boundary & (boundary - 1)) != 0 || (boundary != 0 && boundary < _stride))
            {
                throw Bad(nameof(boundary), name, "boundary " + boundary.ToString() + ": expected 0 or a power of two from "
                    + _stride.ToString() + " on");
            }
            if (chunks < 1 || chunks > MaxChunks)
            {
                throw Bad(nameof(chunks), name, chunks.ToString() + " pages: expected 1 to " + MaxChunks.ToString());
            }
            Name = name;
            ObjectSize = size;
            _dma = dma;
            _device = device;
            _lock = dma.Lock;
            _chunkSize = device.Boundary != 0 && device.Boundary < (uint)page ? (int)device.Boundary : page;
            _window = boundary == 0 || boundary > _chunkSize ? _chunkSize : boundary;
            if (_stride > _window)
            {
                throw Bad(nameof(size), name, size.ToString() + " bytes: expected at most the boundary of DMA device '" + device.Name + "', "
                    + _window.ToString());
            }
            _perWindow = _window / _stride;
            _perChunk = _chunkSize / _window * _perWindow;
            _words = (_perChunk + 63) / 64;
            _chunks = new uint[chunks];
            _handles = new uint[chunks];
            _free = new int[chunks];
            _bits = new ulong[chunks * _words];
        }

        /// <summary>The name in messages.</summary>
        public string Name { get; }

        /// <summary>Bytes of an object, as asked for.</summary>
        public int ObjectSize { get; }

        /// <summary>Objects that are taken.</summary>
        public int LiveCount { get { return _used; } }

        /// <summary>The most objects that were ever taken at once.</summary>
        public int MaxLiveCount { get { return _mostUsed; } }

        /// <summary>Pages that the pool has.</summary>
        public int ChunkCount { get { return _count; } }

        /// <summary>Objects of a page.</summary>
        public int ObjectsPerChunk { get { return _perChunk; } }

        /// <summary>Requests that returned 0.</summary>
        public long FailureCount { get; private set; }

        /// <summary>Takes an object.</summary>
        /// <param name="gfp">For a new page, as in <see cref="DmaAllocator.AllocCoherent"/>; with Zero the object is zeroed.</param>
        /// <param name="handle">Where the device sees it; 0 where there is none.</param>
        /// <returns>Its physical address, or 0: all pages are full, and there is no other.</returns>
        /// <exception cref="InvalidOperationException">The pool was destroyed.</exception>
        public uint Alloc(GfpFlags gfp, out uint handle)
        {
            if (_destroyed)
            {
                throw new InvalidOperationException("DMA pool '" + Name + "' was destroyed. Expected Alloc before Destroy");
            }
            uint address = Take(out handle);
            if (address == 0 && _count < _chunks.Length && Grow(gfp & ~GfpFlags.Zero))
            {
                address = Take(out handle);
            }
            if (address == 0)
            {
                FailureCount++;
                return 0;
            }
            if ((gfp & GfpFlags.Zero) != 0)
            {
                bool zeroed = false;
                try
                {
                    _dma.Memory.Fill(address, ObjectSize, 0);
                    zeroed = true;
                }
                finally
                {
                    if (!zeroed)
                    {
                        Free(address, handle);
                    }
                }
            }
            return address;
        }

        /// <summary>Gives an object back.</summary>
        /// <param name="address">What <see cref="Alloc"/> returned.</param>
        /// <param name="handle">What it returned as well.</param>
        /// <exception cref="InvalidOperationException">No taken object begins there, or the handle is another's.</exception>
        public void Free(uint address, uint handle)
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
            int chunk = ChunkOf(address), index = chunk < 0 ? -1 : IndexOf((int)(address - _chunks[chunk]));
            bool valid = index >= 0 && handle == _handles[chunk] + (address - _chunks[chunk])
                && (_bits[chunk * _words + (index >> 6)] >> (index & 63) & 1) == 0
                && (_dma.Table.Live == 0 || _dma.Table.Find(address, ObjectSize) < 0);
            if (valid)
            {
                _bits[chunk * _words + (index >> 6)] |= 1UL << (index & 63);
                _free[chunk]++;
                _used--;
            }
            if (_lock != null)
            {
                _lock.Release();
            }
            if (!valid)
            {
                throw WrongFree(address, handle, chunk, index);
            }
        }

        /// <summary>Gives all pages back; the pool is of no use any more.</summary>
        /// <exception cref="InvalidOperationException">Objects are in use, or it was destroyed; nothing has changed. Or somebody else freed one
        /// of its pages, or a device has one: the pool still has that page and those taken before it.</exception>
        public void Destroy()
        {
            if (_destroyed || _used != 0)
            {
                throw new InvalidOperationException("DMA pool '" + Name + "' of DMA device '" + _device.Name + "' cannot be destroyed: "
                    + (_destroyed ? "it is already" : _used.ToString() + " of its " + (_count * _perChunk).ToString() + " objects of "
                    + ObjectSize.ToString() + " bytes are in use. Expected Free of each first"));
            }
            while (_count > 0)
            {
                // Freeing may be refused; then the pool keeps this page and those before it. Or memory throws while it poisons the page;
                // then the page is free.
                try
                {
                    _dma.FreeCoherent(_device, _chunkSize, _chunks[_count - 1], _handles[_count - 1]);
                }
                finally
                {
                    if (_dma.DescribeBlock(_chunks[_count - 1]) == null)
                    {
                        _count--;
                        _chunks[_count] = 0;
                        _free[_count] = 0;
                    }
                }
            }
            _destroyed = true;
        }

        private uint Take(out uint handle)
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
            uint address = 0;
            handle = 0;
            for (int chunk = 0; chunk < _count; chunk++)
            {
                if (_free[chunk] != 0)
                {
                    int at = chunk * _words, index = 0;
                    while (_bits[at] == 0)
                    {
                        at++;
                        index += 64;
                    }
                    ulong bits = _bits[at], lowest = bits & (ulong)-(long)bits;
                    _bits[at] = bits ^ lowest;
                    _free[chunk]--;
                    if (++_used > _mostUsed)
                    {
                        _mostUsed = _used;
                    }
                    index += _table[(int)((lowest * TrailingZeros.Multiplier) >> TrailingZeros.Shift)];
                    uint offset = (uint)(index / _perWindow * _window + index % _perWindow * _stride);
                    address = _chunks[chunk] + offset;
                    handle = _handles[chunk] + offset;
                    break;
                }
            }
            if (_lock != null)
            {
                _lock.Release();
            }
            return address;
        }

        /// <summary>Takes one page more; another context may have done so meanwhile.</summary>
        private bool Grow(GfpFlags gfp)
        {
            uint address = _dma.AllocCoherent(_device, _chunkSize, gfp, out uint handle);
            if (address == 0)
            {
                return false;
            }
            if (_lock != null)
            {
                _lock.Acquire();
            }
            bool fits = _count < _chunks.Length;
            if (fits)
            {
                _chunks[_count] = address;
                _handles[_count] = handle;
                _free[_count] = _perChunk;
                int first = _count * _words;
                for (int i = 0; i < _words; i++)
                {
                    int left = _perChunk - 64 * i;
                    _bits[first + i] = left >= 64 ? ulong.MaxValue : (1UL << left) - 1;
                }
                _count++;
            }
            if (_lock != null)
            {
                _lock.Release();
            }
            if (!fits)
            {
                _dma.FreeCoherent(_device, _chunkSize, address, handle);
            }
            return true;
        }

        private int ChunkOf(uint address)
        {
            for (int chunk = 0; chunk < _count; chunk++)
            {
                if (address - _chunks[chunk] < (uint)_chunkSize)
                {
                    return chunk;
                }
            }
            return -1;
        }

        /// <summary>The object that begins at an offset of a page, or -1.</summary>
        private int IndexOf(int offset)
        {
            int inWindow = offset % _window;
            return inWindow % _stride == 0 && inWindow / _stride < _perWindow ? offset / _window * _perWindow + inWindow / _stride : -1;
        }

        private Exception WrongFree(uint address, uint handle, int chunk, int index)
        {
            string what = HexText.Of(address) + " (bus " + HexText.Of(handle) + ") ";
            string label = " of DMA pool '" + Name + "' (DMA device '" + _device.Name + "', objects of " + ObjectSize.ToString() + " bytes)";
            if (index < 0)
            {
                what += chunk < 0 ? "is in no page" : "is inside an object";
            }
            else if ((_bits[chunk * _words + (index >> 6)] >> (index & 63) & 1) != 0)
            {
                what += "is a free object";
            }
            else
            {
                int entry = _dma.Table.Find(address, ObjectSize);
                what += entry >= 0
                    ? "holds " + DmaMisuse.Describe(_dma.Table, entry) + ", as an object"
                    : "has another handle, " + HexText.Of(_handles[chunk] + (address - _chunks[chunk])) + ", as an object";
            }
            return new InvalidOperationException("wrong free: " + what + label
                + ". Expected address and handle that Alloc returned and that have not been freed since");
        }

        private static Exception Bad(string parameter, string name, string what) =>
            new ArgumentOutOfRangeException(parameter, "DMA pool '" + name + "': " + what);
    }
}
