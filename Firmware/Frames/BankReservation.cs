using System;
using Carveout.Board;
using Carveout.Board.Boards;

namespace Carveout
{
    /// <summary>How much of the managed heap a board gives to Carveout, and how it is taken.</summary>
    internal static class BankReservation
    {
        /// <summary>Nominal: managed code cannot learn where its arrays lie.</summary>
        private const uint Start = 0x10000000;

        /// <summary>A bank below this has no room for a frame of any size and an application.</summary>
        internal const int Least = 65536;

        /// <summary>The reservation in a board's map that is the application's share of the managed heap.</summary>
        private const string HeapName = "clr-heap";

        private const int MostBytes = ManagedMemory.MaxBanks * ManagedMemory.MaxBankSize;

        /// <summary>The region that stock firmware has its managed heap in, or null where the map does not say.</summary>
        internal static MemoryRegion HomeOf(MemoryMap board)
        {
            Reservation heap = board.FindReservation(HeapName);
            return heap == null ? null : board.FindRegion(heap.Start);
        }

        /// <summary>Bytes that the map gives to zones and pool beside the application's share of the heap: on stock firmware all of it is
        /// heap.</summary>
        /// <returns>Whole banks, and a last one where it is worth its while.</returns>
        /// <exception cref="ArgumentException">There are none.</exception>
        internal static int SizeFor(MemoryMap board)
        {
            MemoryRegion home = HomeOf(board);
            ulong size = PoolSize(board, home);
            for (int i = 0; i < board.ZoneCount; i++)
            {
                ZonePlan zone = board.ZoneAt(i);
                if (home == null || home.Contains(zone.Start, zone.Size))
                {
                    size += zone.Size;
                }
            }
            if (size < Least)
            {
                throw new ArgumentException("memory map " + board.Name + " plans " + size.ToString() + " bytes of zones and pool"
                    + (home == null ? "" : " in region " + home.Name + ", which has the managed heap") + ": expected at least "
                    + Least.ToString() + ", or a size of your own");
            }
            int bytes = size > MostBytes ? MostBytes : (int)size, last = bytes % ManagedMemory.MaxBankSize;
            return last < Least && last < bytes ? bytes - last : bytes;
        }

        /// <summary>Bytes of the board's pool, where it lies in <paramref name="home"/>.</summary>
        internal static uint PoolSize(MemoryMap board, MemoryRegion home)
        {
            Reservation pool = board.FindReservation(BoardCatalog.PoolName);
            return pool == null || (home != null && !home.Contains(pool.Start, pool.Size)) ? 0 : pool.Size;
        }

        /// <summary>How the board's first zone there accounts for its pages.</summary>
        internal static PageMapKind PagesOf(MemoryMap board, MemoryRegion home)
        {
            for (int i = 0; i < board.ZoneCount; i++)
            {
                ZonePlan zone = board.ZoneAt(i);
                if (home == null || home.Contains(zone.Start, zone.Size))
                {
                    return zone.Map;
                }
            }
            return PageMapKind.Runs;
        }

        /// <summary>Takes up to <paramref name="size"/> bytes: a bank less for as long as the heap says no, and of the last bank half as
        /// many, and half again.</summary>
        /// <exception cref="OutOfMemoryException">Not even <see cref="Least"/> bytes, or <paramref name="size"/> where that is less, are free
        /// in a row.</exception>
        internal static ManagedMemory Take(int size)
        {
            while (size > Least)
            {
                try
                {
                    return new ManagedMemory(Start, size);
                }
                catch (OutOfMemoryException)
                {
                    size = Less(size);
                }
            }
            return new ManagedMemory(Start, size);
        }

        private static int Less(int size)
        {
            if (size > ManagedMemory.MaxBankSize)
            {
                return (size - 1) / ManagedMemory.MaxBankSize * ManagedMemory.MaxBankSize;
            }
            return size / 2 < Least ? Least : size / 2;
        }
    }
}
