using System;

namespace Carveout.Memory
{
    /// <summary>What hardening found: the latest findings, and how many there were in all.</summary>
    /// <remarks>
    /// A ring of fixed size: a finding that finds it full replaces the oldest, which <see cref="Overwritten"/> counts. Findings
    /// are recorded, not thrown: the caller that finds an overwritten byte is rarely the one that wrote it. Nothing is allocated after construction.
    /// Not synchronized: the allocators that share a log share a lock, and record while they hold it.
    /// </remarks>
    public sealed class FindingLog
    {
        /// <summary>The most findings that a log holds.</summary>
        internal const int MaxFindings = 4096;

        /// <summary>Bytes of a finding that <see cref="FoundAt"/> keeps at most.</summary>
        internal const int MaxBytes = 8;

        // By place in the ring.
        private readonly byte[] _kinds, _owners, _counts, _expected;
        private readonly uint[] _addresses;
        private readonly int[] _sizes, _offsets;
        private readonly ulong[] _found;
        private readonly string?[] _caches;

        /// <summary>The place that the next finding gets.</summary>
        private int _next;

        /// <summary>An empty log.</summary>
        /// <param name="capacity">Findings to hold: 1 to 4096.</param>
        /// <exception cref="ArgumentOutOfRangeException">The capacity is not 1 to 4096.</exception>
        public FindingLog(int capacity)
        {
            if (capacity < 1 || capacity > MaxFindings)
            {
                throw new ArgumentOutOfRangeException(nameof(capacity), capacity.ToString() + " findings: expected 1 to " + MaxFindings.ToString());
            }
            _kinds = new byte[capacity];
            _owners = new byte[capacity];
            _counts = new byte[capacity];
            _expected = new byte[capacity];
            _addresses = new uint[capacity];
            _sizes = new int[capacity];
            _offsets = new int[capacity];
            _found = new ulong[capacity];
            _caches = new string[capacity];
        }

        /// <summary>Findings that it can hold.</summary>
        public int Capacity { get { return _kinds.Length; } }

        /// <summary>Findings that it holds: those with the indices 0, the oldest, to <see cref="Count"/> - 1.</summary>
        public int Count { get { return Total < _kinds.Length ? (int)Total : _kinds.Length; } }

        /// <summary>Findings that there ever were. The latest has this number.</summary>
        public long Total { get; private set; }

        /// <summary>Findings that later ones took the place of.</summary>
        public long Overwritten { get { return Total - Count; } }

        /// <summary>What kind of finding it is.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, from the oldest.</param>
        /// <returns>Which guard was found broken.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such finding.</exception>
        public FindingKind KindAt(int index) { return (FindingKind)_kinds[Place(index)]; }

        /// <summary>First address of the object or block of pages.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, from the oldest.</param>
        /// <returns>Physical.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such finding.</exception>
        public uint AddressAt(int index) { return _addresses[Place(index)]; }

        /// <summary>Bytes of the object or block, without what guards it.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, from the oldest.</param>
        /// <returns>1 or more.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such finding.</exception>
        public int SizeAt(int index) { return _sizes[Place(index)]; }

        /// <summary>The number of its owner or, if it was free, of its last owner.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, from the oldest.</param>
        /// <returns>A number of <see cref="PageAllocator.RegisterOwner"/>, or <see cref="PageOwner.Unknown"/>.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such finding.</exception>
        public PageOwner OwnerAt(int index) { return (PageOwner)_owners[Place(index)]; }

        /// <summary>The name of the cache that the object comes from; null for pages.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, from the oldest.</param>
        /// <returns>A name, or null.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such finding.</exception>
        public string? CacheAt(int index) { return _caches[Place(index)]; }

        /// <summary>The first byte that is not what it should be, counted from <see cref="AddressAt"/>; negative in front of it.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, from the oldest.</param>
        /// <returns>Bytes; <see cref="SizeAt"/> or more behind it.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such finding.</exception>
        public int OffsetAt(int index) { return _offsets[Place(index)]; }

        /// <summary>The bytes found from <see cref="OffsetAt"/> on, the first in the lowest eight bits.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, from the oldest.</param>
        /// <returns>As many bytes as <see cref="FoundBytesAt"/> says; those above are 0.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such finding.</exception>
        public ulong FoundAt(int index) { return _found[Place(index)]; }

        /// <summary>How many bytes <see cref="FoundAt"/> holds: 1 to 8.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, from the oldest.</param>
        /// <returns>The count.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such finding.</exception>
        public int FoundBytesAt(int index) { return _counts[Place(index)]; }

        /// <summary>The byte that should be there.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, from the oldest.</param>
        /// <returns>0 to 255.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such finding.</exception>
        public int ExpectedAt(int index) { return _expected[Place(index)]; }

        /// <summary>The finding's number: they count from 1.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, from the oldest.</param>
        /// <returns>1 or more; those before the oldest were overwritten.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such finding.</exception>
        public long SequenceAt(int index)
        {
            Place(index);
            return Overwritten + index + 1;
        }

        /// <summary>Forgets every finding and begins to count from 1 again.</summary>
        public void Clear()
        {
            Total = 0;
            _next = 0;
        }

        /// <summary>Records a finding; see the methods of the same names.</summary>
        internal void Record(FindingKind kind, uint address, int size, PageOwner owner, string? cache, int offset, ulong found, int foundBytes,
            byte expected)
        {
            int place = _next;
            _next = place + 1 == _kinds.Length ? 0 : place + 1;
            Total++;
            _kinds[place] = (byte)kind;
            _addresses[place] = address;
            _sizes[place] = size;
            _owners[place] = (byte)owner;
            _caches[place] = cache;
            _offsets[place] = offset;
            _found[place] = found;
            _counts[place] = (byte)foundBytes;
            _expected[place] = expected;
        }

        private int Place(int index)
        {
            int count = Count;
            if ((uint)index >= (uint)count)
            {
                throw new ArgumentOutOfRangeException(nameof(index), "finding " + index.ToString() + ": expected 0 to " + (count - 1).ToString());
            }
            int place = _next - count + index;
            return place < 0 ? place + _kinds.Length : place;
        }
    }
}
