using System;

namespace Carveout.Memory
{
    /// <summary>The latest operations of a page allocator, for a host to replay: <see cref="WatchedPages.Trace"/>.</summary>
    /// <remarks>A ring of fixed size: when it is full, a new operation replaces the oldest. The operations' numbers tell a reader how many are
    /// missing. A free is recorded by address and length. The number of its allocation would need a table with an entry for each page, and is not
    /// needed: records stand in the order of the operations, so a free gives back the block that was last taken at its address. Nothing is allocated
    /// after construction. Records are written under the allocator's lock and read under it by <see cref="CopyFrom"/>, so a dump may go on while
    /// others allocate, also in interrupts.</remarks>
    public sealed class TraceRing
    {
        /// <summary>The most records, 15 bytes each.</summary>
        public const int MaxRecords = 65536;

        // These arrays are indexed by the place in the ring.
        private readonly byte[] _kinds, _owners;

        /// <summary>The alignment as a power of two, plus 1; 0 for none.</summary>
        private readonly byte[] _alignments;
        private readonly int[] _times, _sizes;
        private readonly uint[] _addresses;
        private readonly TraceClock? _clock;

        private AllocatorLock? _lock;
        private bool _used;
        private long _recorded;
        private int _next;

        /// <summary>An empty ring.</summary>
        /// <param name="capacity">Records to hold: 1 to <see cref="MaxRecords"/>.</param>
        /// <param name="clock">The time of the operations; null records 0.</param>
        public TraceRing(int capacity, TraceClock? clock)
        {
            Misuse.CheckRange(nameof(capacity), capacity, " records", 1, MaxRecords);
            _kinds = new byte[capacity];
            _owners = new byte[capacity];
            _alignments = new byte[capacity];
            _times = new int[capacity];
            _sizes = new int[capacity];
            _addresses = new uint[capacity];
            _clock = clock;
        }

        /// <summary>How many records it can hold.</summary>
        public int Capacity { get { return _kinds.Length; } }

        /// <summary>How many operations have been recorded. This is also the number of the latest.</summary>
        public long Recorded
        {
            get
            {
                Acquire();
                long recorded = _recorded;
                Release();
                return recorded;
            }
        }

        /// <summary>How many operations were replaced by later ones, whether or not anybody had read them.</summary>
        public long Overwritten
        {
            get
            {
                long recorded = Recorded;
                return recorded > _kinds.Length ? recorded - _kinds.Length : 0;
            }
        }

        /// <summary>Copies the oldest operation in the ring whose number is at least <paramref name="sequence"/>.</summary>
        /// <remarks>If the copied operation has a higher number, this reader has lost those between.</remarks>
        /// <param name="sequence">From 1.</param>
        /// <param name="record">Receives the copy; unchanged if there is no such operation.</param>
        /// <returns>Whether there is one.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
        public bool CopyFrom(long sequence, TraceRecord record)
        {
            Misuse.Given(record, nameof(record));
            if (sequence < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(sequence), "operation " + sequence.ToString() + ": expected 1 or more");
            }
            Acquire();
            bool there = sequence <= _recorded;
            if (there)
            {
                long back = _recorded - sequence + 1;
                int age = back < _kinds.Length ? (int)back : _kinds.Length;
                int place = _next - age;
                place = place < 0 ? place + _kinds.Length : place;
                record.Sequence = _recorded - age + 1;
                record.Kind = (TraceKind)_kinds[place];
                record.Time = _times[place];
                record.Address = _addresses[place];
                record.Size = _sizes[place];
                record.Alignment = _alignments[place] == 0 ? 0 : 1 << (_alignments[place] - 1);
                record.Owner = (PageOwner)_owners[place];
            }
            Release();
            return there;
        }

        /// <summary>Records that the application begins its next loop. Memory that grows from loop to loop is a leak.</summary>
        /// <param name="number">From 0.</param>
        /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
        public void MarkLoop(int number)
        {
            if (number < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(number), "loop " + number.ToString() + ": expected 0 or more");
            }
            Acquire();
            Record(TraceKind.Loop, 0, number, -1, PageOwner.Unknown);
            Release();
        }

        /// <summary>Takes over the lock of the allocator that will fill the ring.</summary>
        internal void Begin(AllocatorLock? allocatorLock)
        {
            if (_used || _recorded != 0)
            {
                throw WatchMisuse.UsedTraceRing(_recorded);
            }
            _used = true;
            _lock = allocatorLock;
        }

        /// <summary>Records an operation, under the lock.</summary>
        /// <param name="address">The block's or run's address, or 0.</param>
        /// <param name="alignmentShift">The alignment as a power of two, or -1 for none.</param>
        internal void Record(TraceKind kind, uint address, int size, int alignmentShift, PageOwner owner)
        {
            int place = _next;
            _next = place + 1 == _kinds.Length ? 0 : place + 1;
            _recorded++;
            _kinds[place] = (byte)kind;
            _times[place] = _clock == null ? 0 : _clock.Milliseconds;
            _addresses[place] = address;
            _sizes[place] = size;
            _alignments[place] = (byte)(alignmentShift + 1);
            _owners[place] = (byte)owner;
        }

        private void Acquire()
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
        }

        private void Release()
        {
            if (_lock != null)
            {
                _lock.Release();
            }
        }
    }
}
