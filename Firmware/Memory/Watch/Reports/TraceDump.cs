using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>Writes a trace ring's records as text, one line at a time, for Debug, a serial port or anything else that takes lines.</summary>
    /// <remarks>It may be asked now and then while the allocator works: it continues where it stopped, and every line says how many operations the
    /// ring has overwritten meanwhile. For one context. Allocations need not wait for it.</remarks>
    public sealed class TraceDump
    {
        /// <summary>After so many records the header and the owners' names are repeated, for a reader who joins late.</summary>
        internal const int HeaderInterval = 128;

        private readonly PageAllocator _pages;
        private readonly TraceRing _ring;
        private readonly TraceRecord _record = new TraceRecord();

        /// <summary>By owner: whether its name has been written since the header was last repeated.</summary>
        private readonly bool[] _named = new bool[PageAllocator.MaxOwners];

        /// <summary>Whether <see cref="_record"/> has still to be written.</summary>
        private bool _waiting;
        private long _next = 1;
        private int _records;
        private int _untilHeader;

        /// <summary>A dump from the oldest record on.</summary>
        /// <param name="ring">The ring, in use or no longer in use.</param>
        public TraceDump(PageAllocator pages, TraceRing ring)
        {
            Misuse.Given(pages);
            Misuse.Given(ring, nameof(ring));
            _pages = pages;
            _ring = ring;
        }

        /// <summary>How many operations the ring overwrote before this dump read them.</summary>
        public long Lost { get; private set; }

        /// <summary>The next line, without \n.</summary>
        /// <returns>The line; null if there is nothing to write now. A dump ends with a header, which says how many operations there were.</returns>
        public string? Next()
        {
            if (_untilHeader == 0)
            {
                for (int i = 0; i < _named.Length; i++)
                {
                    _named[i] = false;
                }
                _untilHeader = HeaderInterval;
                return Header();
            }
            if (!_waiting)
            {
                if (!_ring.CopyFrom(_next, _record))
                {
                    return _records == 0 ? null : Header();
                }
                Lost += _record.Sequence - _next;
                _next = _record.Sequence + 1;
                _waiting = true;
            }
            if (!_named[(int)_record.Owner])
            {
                _named[(int)_record.Owner] = true;
                return TraceText.Owner(_record.Owner, _pages.OwnerName(_record.Owner));
            }
            _waiting = false;
            _records++;
            _untilHeader--;
            return TraceText.Record(_record, Lost);
        }

        private string Header()
        {
            _records = 0;
            return TraceText.Header(_pages.PageSize, _ring, Lost);
        }
    }
}
