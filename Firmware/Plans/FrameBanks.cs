using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;

namespace Carveout
{
    /// <summary>Banks whose sizes somebody planned, for pools of frames alone: taken exactly as they are asked for, or not at all. What
    /// <c>carveout plan --stock</c> prints.</summary>
    public static class FrameBanks
    {
        /// <summary>Takes banks from the managed heap.</summary>
        /// <remarks>A pool's frames lie one behind the other in the first bank that has room for one, then in the next: so pools that are made
        /// in the planned order lie where the plan says. A page of the last bank stays for the page allocator.</remarks>
        /// <param name="sizes">Bytes of each bank: whole pages of 4,096, at most 786,364.</param>
        /// <param name="leave">Bytes of the heap that must be left then, in pieces of a page or more.</param>
        /// <returns>The memory, with nothing of it taken.</returns>
        /// <exception cref="ArgumentOutOfRangeException">A size is none, there are no banks or more than 256, or <paramref name="leave"/> is
        /// negative.</exception>
        /// <exception cref="OutOfMemoryException">The heap has not one of the banks, or does not leave as much: the message says which.</exception>
        public static CarveoutMemory Reserve(int[] sizes, int leave = 0)
        {
            Misuse.Given(sizes, nameof(sizes));
            const int Page = MemoryMap.DefaultPageSize;
            var memory = new ManagedMemory(BankReservation.Start, Take(sizes, leave, Page));
            uint all = 0;
            for (int i = 0; i < sizes.Length; i++)
            {
                all += (uint)sizes[i];
            }
            var map = new ReservedMap(new MemoryMap("heap", Page), "planned banks", PageMapKind.Runs);
            map.AddBanks(memory, null, all - Page);
            string text = "planned banks: " + BankReservation.Text(memory) + " (" + SizeText.Of(all) + "), nominal addresses from "
                + HexText.Of(BankReservation.Start) + "; at least " + SizeText.Of(leave) + " left to the application";
            return new CarveoutMemory(map.Map, memory, new MemoryReservation(all, all, leave, "", text));
        }

        /// <summary>Takes an array for each size, and looks whether the heap still has what the application is to be left.</summary>
        private static MemoryBank[] Take(int[] sizes, int leave, int pageSize)
        {
            if (sizes.Length == 0 || sizes.Length > ManagedMemory.MaxBanks || leave < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(sizes), sizes.Length.ToString() + " banks, " + leave.ToString()
                    + " bytes left to the application: expected 1 to " + ManagedMemory.MaxBanks.ToString() + " banks, and 0 bytes or more");
            }
            for (int i = 0; i < sizes.Length; i++)
            {
                if (sizes[i] < pageSize || sizes[i] > ManagedMemory.MaxBankSize || sizes[i] % pageSize != 0)
                {
                    throw new ArgumentOutOfRangeException(nameof(sizes), "bank " + i.ToString() + " of " + sizes[i].ToString()
                        + " bytes: expected whole pages of " + pageSize.ToString() + ", at most " + ManagedMemory.MaxBankSize.ToString());
                }
            }
            var search = new BankSearch(pageSize);
            var banks = new MemoryBank[sizes.Length];
            for (int i = 0; i < sizes.Length; i++)
            {
                if (!search.TryTake(banks, i, sizes[i]))
                {
                    throw Unplanned("bank " + i.ToString() + " of " + sizes.Length.ToString() + ", " + sizes[i].ToString()
                        + " bytes: the managed heap has no such array");
                }
            }
            int free = search.FreeBytes(leave, ManagedMemory.MaxBankSize, new MemoryBank[leave / (ManagedMemory.MaxBankSize / 2) + 32]);
            if (free < leave)
            {
                throw Unplanned("the banks leave " + free.ToString() + " bytes of the managed heap to the application, of "
                    + leave.ToString() + " that were planned");
            }
            return banks;
        }

        private static OutOfMemoryException Unplanned(string what) =>
            new OutOfMemoryException(what + ". Expected to be called before anything else takes memory, and the heap that was planned for");
    }
}
