using System;

namespace Carveout.Memory
{
    /// <summary>A model of a translation look-aside buffer: it keeps the page table's latest answers and counts how often they were enough.</summary>
    /// <remarks>
    /// <para>Direct-mapped: a virtual page can lie in one entry only, its number modulo the number of entries. So a look-up is one index and one
    /// compare, on an interpreter that pays for every instruction. No replacement policy is needed, and the counts of an access pattern follow from
    /// its addresses alone. A second way would help a loop that walks two areas side by side and lets each push out the other. For neighbouring areas
    /// the guard page does that: areas of 2^n pages lie 2^n + 1 pages apart, so pages at the same place of both areas have different entries.</para>
    /// <para>It only ever holds pages that are mapped, because <see cref="Vmalloc.Free"/> invalidates those that it unmaps. Not synchronized; <see
    /// cref="Vmalloc"/> uses it under its lock.</para>
    /// </remarks>
    internal sealed class Tlb
    {
        /// <summary>The most entries, 8 KB of them.</summary>
        internal const int MaxEntries = 1024;

        private const int Empty = -1;

        private readonly int[] _pages, _frames;
        private readonly int _mask;
        private long _hits, _misses;

        /// <summary>An empty buffer.</summary>
        /// <param name="entries">A power of two from 1 to 1024.</param>
        /// <exception cref="ArgumentOutOfRangeException">The number is not a power of two in this range.</exception>
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

        /// <summary>How many look-ups it answered.</summary>
        public long Hits { get { return _hits; } }

        /// <summary>How many look-ups the page table had to answer. A look-up that found no page there is a fault and is not counted.</summary>
        public long Misses { get { return _misses; } }

        /// <summary>The frame of a page.</summary>
        /// <param name="page">A virtual page's number, 0 or more.</param>
        /// <returns>The page frame number, or 0 if the page is not in the buffer.</returns>
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

        /// <summary>Stores an answer of the page table, in place of whatever its entry held, and counts a miss.</summary>
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
            // At most as many steps as there are entries: a run of that length passes through all of them.
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
