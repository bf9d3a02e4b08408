using System;

namespace Carveout.Memory
{
    /// <summary>A modelled translation look-aside buffer: it keeps the page table's latest answers and counts how often they were enough.</summary>
    /// <remarks>
    /// <para>Direct-mapped: a virtual page can lie in one entry only, its number modulo the number of entries. That is one index and one
    /// compare on an interpreter which pays for every instruction, it needs no replacement policy, and the counts of an access pattern
    /// follow from its addresses alone. A second way would keep two areas from pushing each other out while a loop walks both side by side. For
    /// neighbours the guard page does that: areas of 2^n pages lie 2^n + 1 pages apart, so pages at the same place of both areas have
    /// different entries.</para>
    /// <para>Only pages that are mapped are ever in it: <see cref="Vmalloc.Free"/> invalidates its own. Not synchronized, as
    /// <see cref="Vmalloc"/> is not.</para>
    /// </remarks>
    internal sealed class Tlb
    {
        /// <summary>The most entries, 8 KB of them.</summary>
        internal const int MaxEntries = 1024;

        private const int Empty = -1;

        private readonly int[] _pages, _frames;
        private readonly int _mask;
        private long _hits, _misses;

        /// <summary>A buffer with nothing in it.</summary>
        /// <param name="entries">A power of two from 1 to 1024.</param>
        /// <exception cref="ArgumentOutOfRangeException">The number is not such a power of two.</exception>
        public Tlb(int entries)
        {
            if (entries < 1 || entries > MaxEntries || (entries & (entries - 1)) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(entries), entries.ToString()
                    + " TLB entries: expected a power of two from 1 to " + MaxEntries.ToString());
            }
            _pages = new int[entries];
            _frames = new int[entries];
            _mask = entries - 1;
            Invalidate();
        }

        /// <summary>How many pages it can hold.</summary>
        public int Entries { get { return _pages.Length; } }

        /// <summary>Look-ups that were answered.</summary>
        public long Hits { get { return _hits; } }

        /// <summary>Look-ups that the page table had to answer. One that found no page there is a fault and counts as neither.</summary>
        public long Misses { get { return _misses; } }

        /// <summary>The frame of a page.</summary>
        /// <param name="page">A virtual page's number, 0 or more.</param>
        /// <returns>The page frame number, or 0 where the page is not in the buffer.</returns>
        public int Lookup(int page)
        {
            int entry = page & _mask;
            if (_pages[entry] != page)
            {
                return 0;
            }
            _hits++;
            return _frames[entry];
        }

        /// <summary>Takes in what the page table answered, in place of whatever was in that entry, and counts a miss.</summary>
        /// <param name="page">A virtual page's number, 0 or more.</param>
        /// <param name="frame">Its page frame number, not 0.</param>
        public void Fill(int page, int frame)
        {
            int entry = page & _mask;
            _pages[entry] = page;
            _frames[entry] = frame;
            _misses++;
        }

        /// <summary>Forgets everything; the counts stay.</summary>
        public void Invalidate()
        {
            for (int entry = 0; entry < _pages.Length; entry++)
            {
                _pages[entry] = Empty;
            }
        }

        /// <summary>Forgets <paramref name="count"/> pages from <paramref name="first"/> on; the others and the counts stay.</summary>
        /// <param name="first">A virtual page's number, 0 or more.</param>
        /// <param name="count">0 or more.</param>
        public void Invalidate(int first, int count)
        {
            int[] pages = _pages;
            // No more steps than there are entries: a run as long as the buffer passes through every one of them.
            int steps = count < pages.Length ? count : pages.Length;
            for (int i = 0; i < steps; i++)
            {
                int entry = (first + i) & _mask;
                if ((uint)(pages[entry] - first) < (uint)count)
                {
                    pages[entry] = Empty;
                }
            }
        }
    }
}
