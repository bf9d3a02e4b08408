namespace Carveout.Memory
{
    /// <summary>The size of a device's buffer: the bytes that are requested, taken and moved, and their alignment. This is the only place
    /// that computes them: for the device, its queue, the contract before the start, the allocator and, on a host, the plan and the replay
    /// of traces.</summary>
    /// <remarks>Not synchronized.</remarks>
    public sealed class BufferLayout
    {
        internal readonly DmaDevice Device;

        private readonly int _pageSize;

        /// <summary>For a device that is attached, in memory of its zones or its pool.</summary>
        /// <param name="moved">Bytes that the hardware moves, before they are rounded up to its steps.</param>
        /// <param name="step">The hardware's step: addresses and lengths are multiples of so many bytes.</param>
        internal BufferLayout(PageAllocator pages, DmaDevice device, int moved, int step)
        {
            Device = device;
            _pageSize = pages.PageSize;
            Alignment = device.Alignment;
            Moved = (int)RoundUp(moved, step);
            Ask(Moved);
        }

        /// <summary>Bytes that are requested; memory of the caller must have at least so many.</summary>
        public int Asked { get; private set; }

        /// <summary>Bytes that the buffer takes in memory: whole pages, a block, a pool's buffer or, in a reservation, a multiple of its
        /// alignment.</summary>
        public long Taken { get; private set; }

        /// <summary>Bytes of it that the device moves: at most those that are requested.</summary>
        public int Moved { get; }

        /// <summary>Bytes, a power of two: its bus address is a multiple of this.</summary>
        public long Alignment { get; private set; }

        /// <summary>Pages that a request keeps: those that it needs or, if it keeps its tail, a power of two.</summary>
        /// <param name="size">Bytes, 1 or more.</param>
        /// <param name="tail">What happens to the tail. This is not for the buffers of a pool, which have no pages.</param>
        /// <param name="pageSize">Bytes of a page.</param>
        /// <returns>Whole pages.</returns>
        public static int PagesFor(int size, DmaTail tail, int pageSize)
        {
            int pages = (size - 1) / pageSize + 1;
            return tail == DmaTail.Keep ? 1 << PageMap.OrderOf(pages) : pages;
        }

        /// <summary>Rounds up to a multiple.</summary>
        /// <param name="size">Bytes, 0 or more.</param>
        /// <param name="alignment">Bytes of a step, above 0.</param>
        /// <returns>The next multiple of the step.</returns>
        public static long RoundUp(long size, long alignment) => (size + alignment - 1) / alignment * alignment;

        /// <summary>Requests so many bytes, or what the hardware moves if that is more.</summary>
        internal void Ask(int size)
        {
            Asked = size > Moved ? size : Moved;
            Taken = Device.TailPolicy == DmaTail.Pool ? Device.TailPool.BufferSize
                : (long)PagesFor(Asked, Device.TailPolicy, _pageSize) * _pageSize;
        }

        /// <summary>Lays it into a reservation. No pages are requested there, so it must not share a cache line or cross a boundary of the
        /// device.</summary>
        /// <param name="cacheLine">Bytes of a line of the reservation's region; 0 if the CPU does not cache it.</param>
        /// <returns>False if it is longer than the boundary allows.</returns>
        internal bool LayInReservation(int cacheLine)
        {
            int unit = UnitBehind(cacheLine);
            Alignment = unit;
            if (Device.CrossMask != 0)
            {
                if ((uint)(Asked - 1) >= Device.Boundary)
                {
                    return false;
                }
                // A block of a power of two, at a multiple of its size, crosses no larger boundary.
                while (Alignment < Asked)
                {
                    Alignment <<= 1;
                }
            }
            Taken = RoundUp(Asked, Alignment);
            return true;
        }

        /// <summary>Bytes of which the device's pieces of it are multiples: whole cache lines, unless the device sees the CPU's cache.</summary>
        internal int UnitBehind(int cacheLine) => Device.IsCoherent || cacheLine < Device.Alignment ? Device.Alignment : cacheLine;
    }
}
