using System;
using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>A zone of 16 pages with memory behind it, and blocks with known content.</summary>
    internal static class MovableTestBoard
    {
        internal const uint Start = 0xC0000000;
        internal const int PageSize = 256, Pages = 16;

        internal static PageAllocator Allocator;
        internal static MovablePages Movable;
        internal static ManagedMemory Memory;

        /// <summary>The same memory as the allocator sees it.</summary>
        internal static FailingMemory Failing;

        internal static FlatLock Lock;

        private static byte[] s_buffer;

        /// <param name="map">Of the zone.</param>
        /// <param name="handles">How many there can be.</param>
        /// <param name="budget">The most pages that a request copies.</param>
        /// <param name="first">Pages of the memory before the zone.</param>
        internal static void Boot(PageMap map, int handles, int budget, int first = 0)
        {
            Memory = new ManagedMemory(Start, (first + map.Pages) * PageSize);
            Failing = new FailingMemory(Memory);
            Lock = new FlatLock();
            var zone = new Zone("DMA", ZoneKind.Dma, Start + (uint)(first * PageSize), map);
            Allocator = new PageAllocator(new[] { zone }, PageSize, Failing, Lock);
            Movable = new MovablePages(Allocator, handles, budget);
            s_buffer = new byte[PageSize];
        }

        /// <summary>A block of so many pages, each filled with its number in the block plus <paramref name="mark"/>.</summary>
        internal static int Take(int pages, int mark)
        {
            int handle = Movable.AllocPagesExact(pages * PageSize, GfpFlags.Dma, 0);
            Mark(handle, mark);
            return handle;
        }

        /// <summary>Fills the pages of a block, each with its number in the block plus <paramref name="mark"/>.</summary>
        internal static void Mark(int handle, int mark)
        {
            uint address = Movable.Pin(handle);
            for (int page = 0; page < Movable.SizeOf(handle) / PageSize; page++)
            {
                Memory.Fill(address + (uint)(page * PageSize), PageSize, (byte)(mark * 16 + page));
            }
            Movable.Unpin(handle);
        }

        /// <summary>A lock that does not nest, like an interrupt mask.</summary>
        internal sealed class FlatLock : AllocatorLock
        {
            internal bool IsHeld { get; private set; }

            /// <summary>How often the lock was taken.</summary>
            internal int Entered { get; private set; }

            public override void Acquire()
            {
                if (IsHeld)
                {
                    throw new NotSupportedException("the lock was taken twice");
                }
                IsHeld = true;
                Entered++;
            }

            public override void Release()
            {
                if (!IsHeld)
                {
                    throw new NotSupportedException("the lock was given back and not held");
                }
                IsHeld = false;
            }
        }

        /// <summary>The page at which a block lies now.</summary>
        internal static int PageOf(int handle)
        {
            uint address = Movable.Pin(handle);
            Movable.Unpin(handle);
            return (int)((address - Start) / PageSize);
        }

        /// <summary>Whether every byte of a block is as <see cref="Take"/> left it.</summary>
        internal static bool IsWhole(int handle, int mark)
        {
            uint address = Movable.Pin(handle);
            bool whole = true;
            for (int page = 0; page < Movable.SizeOf(handle) / PageSize; page++)
            {
                Memory.Read(address + (uint)(page * PageSize), s_buffer, 0, PageSize);
                for (int i = 0; i < PageSize; i++)
                {
                    whole = whole && s_buffer[i] == (byte)(mark * 16 + page);
                }
            }
            Movable.Unpin(handle);
            return whole;
        }
    }
}
