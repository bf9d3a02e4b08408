namespace Carveout.Memory
{
    /// <summary>What a buffer of a device asks for, takes, moves and is aligned to. Whoever has to know it asks here: the device, its queue, the
    /// contract before the start, the allocator, and on a host the plan and the replay of traces.</summary>
    /// <remarks>Not synchronized: it belongs to whoever made it.</remarks>
    public sealed class BufferLayout
    {
        private readonly DmaDevice _device;
        private readonly int _pageSize;

        /// <summary>Of a device that is attached, for memory of its zones or its pool.</summary>
        /// <param name="pages">Whose zones they are.</param>
        /// <param name="device">The device.</param>
        /// <param name="moved">Bytes that the hardware moves, before they are rounded to whole steps of its own.</param>
        /// <param name="step">Bytes that addresses and lengths are multiples of for the hardware.</param>
        internal BufferLayout(PageAllocator pages, DmaDevice device, int moved, int step)
        {
            _device = device;
            _pageSize = pages.PageSize;
            Alignment = device.Alignment;
            Moved = (int)RoundUp(moved, step);
            Ask(Moved);
        }

        /// <summary>Bytes that are asked for; the least that a caller's own memory must have.</summary>
        public int Asked { get; private set; }

        /// <summary>Bytes that it takes where it lies: whole pages, a block, a pool's buffer, or in a reservation whole steps of its alignment.</summary>
        public long Taken { get; private set; }

        /// <summary>Bytes of it that the device moves, at most as many as are asked for.</summary>
        public int Moved { get; }

        /// <summary>Bytes, a power of two, that its bus address is a multiple of at least.</summary>
        public long Alignment { get; private set; }

        /// <summary>Pages that a request keeps: those that it needs, or where its tail stays with it a power of two.</summary>
        /// <param name="size">Bytes, 1 or more.</param>
        /// <param name="tail">What becomes of the tail; a pool's buffers are no matter of pages.</param>
        /// <param name="pageSize">Bytes of a page.</param>
        /// <returns>Whole pages.</returns>
        public static int PagesFor(int size, DmaTail tail, int pageSize)
        {
            int pages = (size - 1) / pageSize + 1;
            return tail == DmaTail.Keep ? 1 << PageMap.OrderOf(pages) : pages;
        }

        /// <summary>Rounds up to whole steps.</summary>
        /// <param name="size">Bytes, 0 or more.</param>
        /// <param name="alignment">Bytes of a step, above 0.</param>
        /// <returns>The next multiple of the step.</returns>
        public static long RoundUp(long size, long alignment)
        {
            return (size + alignment - 1) / alignment * alignment;
        }

        /// <summary>Asks for so many bytes, but never for fewer than the hardware moves.</summary>
        internal void Ask(int size)
        {
            Asked = size > Moved ? size : Moved;
            Taken = _device.TailPolicy == DmaTail.Pool ? _device.TailPool.BufferSize
                : (long)PagesFor(Asked, _device.TailPolicy, _pageSize) * _pageSize;
        }

        /// <summary>Lays it into a reservation: no page is asked for, so it shares no cache line and crosses no boundary of the device's.</summary>
        /// <param name="cacheLine">Of the reservation's region; 0 where the CPU does not cache it.</param>
        /// <returns>False where it is longer than the boundary allows.</returns>
        internal bool LayInReservation(int cacheLine)
        {
            int unit = UnitBehind(cacheLine);
            Alignment = unit;
            if (_device.CrossMask != 0)
            {
                if ((uint)(Asked - 1) >= _device.Boundary)
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

        /// <summary>What the device's pieces of it are multiples of: where it does not see the CPU's cache, whole lines.</summary>
        internal int UnitBehind(int cacheLine)
        {
            return _device.IsCoherent || cacheLine < _device.Alignment ? _device.Alignment : cacheLine;
        }
    }
}
