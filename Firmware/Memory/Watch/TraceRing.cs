using System;

namespace Carveout.Memory
{
    /// <summary>The latest operations of a page allocator, for a host to replay: <see cref="WatchedPages.Trace"/>.</summary>
    /// <remarks>
    /// A ring of fixed size: an operation that finds it full replaces the oldest one. The numbers of the operations tell a reader
    /// how many are missing. A free is recorded by address and length, not by the number of its allocation, which would cost a table by page:
    /// as the records stand in the order of the operations, the block that a free gives back is the one that was last taken there.
    /// Nothing is allocated after construction. Records are written under the lock of the allocator, and read under it by
    /// <see cref="CopyFrom"/>, so that a dump may go on while others allocate, interrupts included.
    /// </remarks>
    public sealed class TraceRing
    {
        /// <summary>The most records, 15 bytes each.</summary>
        public const int MaxRecords = 65536;

        // By place in the ring.
        private readonly byte[] _kinds, _owners;

        /// <summary>The alignment as a power of two, plus 1; 0 for none.</summary>
        private readonly byte[] _alignments;
        private readonly int[] _times, _sizes;
        private readonly uint[] _addresses;
        private readonly TraceClock? _clock;

        private AllocatorLock? _lock;
        private bool _used;
        private long _recorded;

        /// <summary>The place that the next record gets.</summary>
        private int _next;

        /// <summary>An empty ring.</summary>
        /// <param name="capacity">Records to hold: 1 to <see cref="MaxRecords"/>.</param>
        /// <param name="clock">When operations happen; null records 0.</param>
        /// <exception cref="ArgumentOutOfRangeException">The capacity is out of its range.</exception>
        public TraceRing(int capacity, TraceClock? clock)
        {
            if (capacity < 1 || capacity > MaxRecords)
            {
                throw new ArgumentOutOfRangeException(nameof(capacity), capacity.ToString() + " records: expected 1 to " + MaxRecords.ToString());
            }
            _kinds = new byte[capacity];
            _owners = new byte[capacity];
            _alignments = new byte[capacity];
            _times = new int[capacity];
            _sizes = new int[capacity];
            _addresses = new uint[capacity];
            _clock = clock;
        }

        /// <summary>Records that it can hold.</summary>
        public int Capacity { get { return _kinds.Length; } }

        /// <summary>Operations that there ever were. The latest has this number.</summary>
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

        /// <summary>How many of them later ones have replaced, whether or not somebody read them before.</summary>
        public long Overwritten
        {
            get
            {
                long recorded = Recorded;
                return recorded > _kinds.Length ? recorded - _kinds.Length : 0;
            }
        }

        /// <summary>Copies the oldest operation that the ring holds and that has at least this number.</summary>
        /// <remarks>Operations between the two numbers are lost to this reader.</remarks>
        /// <param name="sequence">From 1.</param>
        /// <param name="record">Where to; unchanged where there is no such operation.</param>
        /// <returns>Whether there is one.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="record"/> is null.</exception>
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

        /// <summary>Records that the application begins the next round of what it repeats. Memory that grows from round to round is a leak.</summary>
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

        /// <summary>Takes the lock of the allocator that will fill the ring.</summary>
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
        /// <param name="kind">What is done.</param>
        /// <param name="address">Where.</param>
        /// <param name="size">Bytes.</param>
        /// <param name="alignmentShift">The alignment as a power of two, or -1 for none.</param>
        /// <param name="owner">Whose.</param>
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
