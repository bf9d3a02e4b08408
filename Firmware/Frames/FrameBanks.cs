using System;
using Carveout.Board;

namespace Carveout
{
    /// <summary>Banks whose sizes somebody planned: taken exactly as they are asked for, or not at all.</summary>
    internal static class FrameBanks
    {
        /// <summary>Takes an array for each size, and looks whether the heap still has what the application is to be left.</summary>
        /// <exception cref="ArgumentOutOfRangeException">A size is no whole number of pages or no bank has it, or there are too few or too many
        /// of them.</exception>
        /// <exception cref="OutOfMemoryException">The heap has not one of the arrays, or not what is to be left: the message says
        /// which.</exception>
        internal static MemoryBank[] Take(int[] sizes, int leave, int pageSize)
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
            var banks = new MemoryBank[sizes.Length];
            for (int i = 0; i < sizes.Length; i++)
            {
                banks[i] = TryTake(sizes[i]);
                if (banks[i] == null)
                {
                    throw new OutOfMemoryException("bank " + i.ToString() + " of " + sizes.Length.ToString() + ", " + sizes[i].ToString()
                        + " bytes: the managed heap has no such array. Expected to be called before anything else takes memory, and the heap"
                        + " that was planned for");
                }
            }
            int free = FreeBytes(leave, pageSize);
            if (free < leave)
            {
                throw new OutOfMemoryException("the banks leave " + free.ToString() + " bytes of the managed heap to the application, of "
                    + leave.ToString() + " that were planned. Expected to be called before anything else takes memory, and the heap that was"
                    + " planned for");
            }
            return banks;
        }

        /// <summary>How many of some bytes the heap still has, in pieces of a page or more. The collector gets them back.</summary>
        private static int FreeBytes(int wanted, int pageSize)
        {
            var held = new MemoryBank[wanted / (ManagedMemory.MaxBankSize / 2) + 32];
            int free = 0, size = ManagedMemory.MaxBankSize;
            for (int pieces = 0; free < wanted && pieces < held.Length; )
            {
                size = wanted - free < size ? wanted - free : size;
                held[pieces] = TryTake(size);
                if (held[pieces] != null)
                {
                    pieces++;
                    free += size;
                }
                else if (size <= pageSize)
                {
                    break;
                }
                else
                {
                    size = size / 2 < pageSize ? pageSize : size / 2;
                }
            }
            return free;
        }

        private static MemoryBank TryTake(int size)
        {
            try
            {
                return new MemoryBank(size);
            }
            catch (OutOfMemoryException)
            {
                return null;
            }
        }
    }
}
