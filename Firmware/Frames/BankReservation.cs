using System;
using Carveout.Board;
using Carveout.Board.Boards;

namespace Carveout
{
    /// <summary>How much of the managed heap a board gives to Carveout, and how it is taken.</summary>
    internal static class BankReservation
    {
        /// <summary>Nominal: managed code cannot learn where its arrays lie.</summary>
        internal const uint Start = 0x10000000;

        /// <summary>A smaller bank would not have room for both a useful frame and an application.</summary>
        internal const int Least = 65536;

        internal const int MaxBytes = ManagedMemory.MaxBanks * ManagedMemory.MaxBankSize;

        /// <summary>The region that stock firmware has its managed heap in, or null where the map does not say.</summary>
        internal static MemoryRegion? HomeOf(MemoryMap board)
        {
            Reservation heap = board.FindReservation(BoardCatalog.HeapName);
            return heap == null ? null : board.FindRegion(heap.Start);
        }

        /// <summary>Bytes that the map gives to zones and pool. On stock firmware they come out of the managed heap, like the application's
        /// share. A last bank that is too small to be worth an array is left out.</summary>
        /// <exception cref="ArgumentException">The map gives no such bytes.</exception>
        internal static int SizeFor(MemoryMap board)
        {
            MemoryRegion? home = HomeOf(board);
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
            int bytes = size > MaxBytes ? MaxBytes : (int)size, bank = ManagedMemory.MaxBankSize / board.PageSize * board.PageSize;
            int last = bytes % bank;
            return BankSearch.IsWorth(last, bytes - last) ? bytes : bytes - last;
        }

        /// <summary>Bytes that stay with the application if the caller does not say how many: half of what the map gives to the runtime's heap,
        /// because runtime and libraries take from that at boot as well; and a sixteenth of <paramref name="size"/> if that is more or the
        /// map does not say.</summary>
        internal static int LeaveFor(MemoryMap board, int size)
        {
            Reservation heap = board.FindReservation(BoardCatalog.HeapName);
            long planned = heap == null ? 0 : (long)heap.Size / 2, least = size / 16;
            return (int)(planned < least ? least : planned > MaxBytes ? MaxBytes : planned);
        }

        /// <summary>Bytes of the board's pool, where it lies in <paramref name="home"/>.</summary>
        internal static uint PoolSize(MemoryMap board, MemoryRegion? home)
        {
            Reservation pool = board.FindReservation(BoardCatalog.PoolName);
            return pool == null || (home != null && !home.Contains(pool.Start, pool.Size)) ? 0 : pool.Size;
        }

        /// <summary>How the board's first zone there accounts for its pages.</summary>
        internal static PageMapKind PagesOf(MemoryMap board, MemoryRegion? home)
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

        /// <summary>The banks as people say them: "3 of 782336 bytes, 1 of 552960".</summary>
        internal static string Text(ManagedMemory memory)
        {
            string text = "";
            for (int i = 0, count = 1; i < memory.BankCount; i += count, count = 1)
            {
                int size = memory.BankSizeAt(i);
                while (i + count < memory.BankCount && memory.BankSizeAt(i + count) == size)
                {
                    count++;
                }
                text += (i == 0 ? "" : ", ") + count.ToString() + " of " + size.ToString() + (i == 0 ? " bytes" : "");
            }
            return text;
        }
    }
}
