using System;
using Carveout.Board;

namespace Carveout
{
    /// <summary>Takes as much of the managed heap as is wanted, the largest arrays first, but leaves the application its share.</summary>
    /// <remarks>
    /// <para>nanoFramework's heap is a chain of clusters of 786,420 bytes. No array spans two clusters, and no call tells how much is free. So the
    /// search first takes banks of whole pages, each as large as the heap allows, which it finds by bisection. Then it takes the application's share,
    /// in ever smaller pieces. If there is too little for that, it shrinks the last banks. At the end the pieces go back to the collector.</para>
    /// <para>If the heap has everything, it refuses no array. Each array that it refuses costs two collections and a compaction.</para>
    /// </remarks>
    internal class BankSearch
    {
        /// <summary>A bank is worth taking if it has at least what was taken before, divided by this.</summary>
        private const int Worth = 16;

        /// <summary>Bytes that the library's own objects need: in all, for each bank, for each page. The numbers are a little larger than
        /// those of docs/heap-budget.md.</summary>
        private const int OwnBytes = 2048, OwnBytesPerBank = 768, OwnBytesPerPage = 9;

        private readonly int _page, _maxPages;
        private MemoryBank[] _banks = new MemoryBank[0];
        private int _count, _pages;

        internal BankSearch(int pageSize)
        {
            _page = pageSize;
            _maxPages = ManagedMemory.MaxBankSize / pageSize;
        }

        /// <summary>Whether a bank is worth its region and its zone, beside what there is already.</summary>
        internal static bool IsWorth(int bank, int taken) => bank > 0 && bank >= taken / Worth;

        internal int Taken { get { return _pages * _page; } }

        /// <summary>Bytes that were still free, without what the library needs; there may be more.</summary>
        internal int Left { get; private set; }

        /// <summary>Why less was taken than was wanted; empty if all was taken.</summary>
        internal string WhyNotMore { get; private set; } = "";

        /// <summary>Takes banks.</summary>
        /// <param name="wanted">Bytes, a page at least; whole pages of them are taken.</param>
        /// <param name="leave">Bytes for the application, at most 256 banks of them.</param>
        /// <param name="isFirst">Whether the application's bytes come first. Otherwise, if the heap cannot hold both, each gets its share of
        /// what there is.</param>
        /// <returns>The banks, the largest first; none if nothing is left for them.</returns>
        internal MemoryBank[] Take(int wanted, int leave, bool isFirst)
        {
            int pages = wanted / _page, most = pages < _maxPages ? pages : _maxPages;
            _banks = new MemoryBank[pages / _maxPages + 1 + Worth];
            // Made before the banks: afterwards the heap may have no room for it.
            var held = new MemoryBank[leave / (_maxPages * _page) + 2 * Worth];
            TakeBanks(pages, most);
            // No word of text while the banks have the whole heap: it would need an object, and there is room for none.
            int least = _pages == pages ? 0 : Least() * _page;
            int own = OwnBytes + OwnBytesPerBank * (_count + 1) + OwnBytesPerPage * _pages;
            int needed = leave + own, free = FreeBytes(needed, _maxPages * _page, held);
            if (free < needed && !isFirst)
            {
                long share = ((long)Taken + free - own) * leave / ((long)wanted + leave);
                needed = own + (share < 0 ? 0 : (int)share);
            }
            bool isShort = free < needed;
            if (isShort)
            {
                free += GiveBack((needed - free - 1) / _page + 1) * _page;
            }
            Left = free - own < 0 ? 0 : free - own;
            WhyNotMore = isShort ? "the rest is left to the application"
                : least == 0 ? "" : "a bank of less than " + least.ToString() + " bytes is not worth its tables";
            var banks = new MemoryBank[_count];
            Array.Copy(_banks, 0, banks, 0, _count);
            return banks;
        }

        /// <summary>Takes an array from the heap. Only the slot refers to it: a local would keep it from the collector.</summary>
        /// <param name="slots">Gets the array.</param>
        /// <param name="index">Which slot gets it.</param>
        /// <param name="size">Bytes.</param>
        /// <returns>Whether the heap had one.</returns>
        protected internal virtual bool TryTake(MemoryBank[] slots, int index, int size)
        {
            try
            {
                slots[index] = new MemoryBank(size);
                return true;
            }
            catch (OutOfMemoryException)
            {
                return false;
            }
        }

        /// <summary>Leaves an array to the collector.</summary>
        /// <param name="index">Which slot has the array.</param>
        protected virtual void Drop(MemoryBank[] slots, int index) => Array.Clear(slots, index, 1);

        private int Least()
        {
            int least = _pages / Worth;
            return least < 1 ? 1 : least;
        }

        private void TakeBanks(int pages, int most)
        {
            while (_pages < pages && _count < _banks.Length && _count < ManagedMemory.MaxBanks)
            {
                int rest = pages - _pages, least = Least(), size = rest < most ? rest : most;
                if (size < least)
                {
                    return;
                }
                if (!TryTake(_banks, _count, size * _page))
                {
                    // The heap has no larger array than this, neither for this bank nor for the next ones.
                    most = Largest(least, size - 1);
                    size = most;
                    if (most == 0 || !TryTake(_banks, _count, most * _page))
                    {
                        return;
                    }
                }
                _count++;
                _pages += size;
            }
        }

        /// <summary>The most pages, within a range, for which the heap has an array now; 0 if it has none even for the fewest.</summary>
        private int Largest(int least, int most)
        {
            int found = least - 1;
            while (found < most)
            {
                int middle = found + (most - found + 1) / 2;
                if (TryTake(_banks, _count, middle * _page))
                {
                    found = middle;
                    Drop(_banks, _count);
                }
                else
                {
                    most = middle - 1;
                }
            }
            return found < least ? 0 : found;
        }

        /// <summary>Bytes that the heap still has, in pieces of a page or more; it stops looking once they are enough.</summary>
        /// <param name="largest">Bytes of the largest piece to look for.</param>
        /// <param name="held">Holds the pieces meanwhile; afterwards they are the collector's.</param>
        internal int FreeBytes(int needed, int largest, MemoryBank[] held)
        {
            int free = 0, size = largest, pieces = 0;
            while (free < needed && pieces < held.Length)
            {
                size = needed - free < size ? needed - free : size;
                if (TryTake(held, pieces, size))
                {
                    pieces++;
                    free += size;
                }
                else if (size <= _page)
                {
                    break;
                }
                else
                {
                    size = size / 2 < _page ? _page : size / 2;
                }
            }
            for (int i = 0; i < pieces; i++)
            {
                Drop(held, i);
            }
            return free;
        }

        /// <summary>Gives pages of the last banks back to the heap.</summary>
        /// <returns>How many pages went back: at most all that the banks have.</returns>
        private int GiveBack(int pages)
        {
            int before = _pages;
            while (pages > 0 && _count > 0)
            {
                int last = --_count, size = _banks[last].Size / _page, rest = size > pages ? size - pages : 0;
                Drop(_banks, last);
                if (rest > 0 && TryTake(_banks, last, rest * _page))
                {
                    _count++;
                }
                else
                {
                    rest = 0;
                }
                _pages -= size - rest;
                pages -= size - rest;
            }
            return before - _pages;
        }
    }
}
