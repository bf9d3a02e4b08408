using System;

namespace Carveout.Memory
{
    /// <summary>What hardening found: the latest findings, and how many there have been.</summary>
    /// <remarks>A ring of fixed size: when it is full, a new finding replaces the oldest, and <see cref="Overwritten"/> counts that. Findings are
    /// recorded, not thrown, because the caller that finds an overwritten byte is rarely the one that wrote it. Nothing is allocated after
    /// construction. Not synchronized: the allocators that share a log share a lock and record under it.</remarks>
    public sealed class FindingLog
    {
        internal const int MaxFindings = 4096;

        /// <summary>The most bytes of a finding that <see cref="FoundAt"/> keeps.</summary>
        internal const int MaxBytes = 8;

        // These arrays are indexed by the place in the ring.
        private readonly byte[] _kinds, _owners, _counts, _expected;
        private readonly uint[] _addresses;
        private readonly int[] _sizes, _offsets;
        private readonly ulong[] _found;
        private readonly string?[] _caches;
        private int _next;

        /// <summary>An empty log.</summary>
        /// <param name="capacity">Findings to hold: 1 to 4096.</param>
        /// <exception cref="ArgumentOutOfRangeException">The capacity is not 1 to 4096.</exception>
        public FindingLog(int capacity)
        {
            Misuse.CheckRange(nameof(capacity), capacity, " findings", 1, MaxFindings);
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

        /// <summary>How many findings it can hold.</summary>
        public int Capacity { get { return _kinds.Length; } }

        /// <summary>How many findings it holds. They have the indices 0, the oldest, to <see cref="Count"/> - 1.</summary>
        public int Count { get { return Total < _kinds.Length ? (int)Total : _kinds.Length; } }

        /// <summary>How many findings there have been. This is also the number of the latest.</summary>
        public long Total { get; private set; }

        /// <summary>How many findings were replaced by later ones.</summary>
        public long Overwritten { get { return Total - Count; } }

        /// <summary>What kind of finding it is.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, from the oldest.</param>
        /// <returns>What was found overwritten.</returns>
        public FindingKind KindAt(int index) { return (FindingKind)_kinds[Place(index)]; }

        /// <summary>First address of the object or block of pages.</summary>
        /// <inheritdoc cref="KindAt(int)"/>
        /// <returns>Physical.</returns>
        public uint AddressAt(int index) { return _addresses[Place(index)]; }

        /// <summary>Bytes of the object or block, without red zones.</summary>
        /// <inheritdoc cref="KindAt(int)"/>
        /// <returns>1 or more.</returns>
        public int SizeAt(int index) { return _sizes[Place(index)]; }

        /// <summary>The number of its owner, or of its last owner if it was free.</summary>
        /// <inheritdoc cref="KindAt(int)"/>
        /// <returns>A number of <see cref="PageAllocator.RegisterOwner"/>, or <see cref="PageOwner.Unknown"/>.</returns>
        public PageOwner OwnerAt(int index) { return (PageOwner)_owners[Place(index)]; }

        /// <summary>The name of the cache that the object comes from; null for pages.</summary>
        /// <inheritdoc cref="KindAt(int)"/>
        /// <returns>A name, or null.</returns>
        public string? CacheAt(int index) { return _caches[Place(index)]; }

        /// <summary>The offset of the first wrong byte from <see cref="AddressAt"/>; negative if it lies before that.</summary>
        /// <inheritdoc cref="KindAt(int)"/>
        /// <returns>Bytes; <see cref="SizeAt"/> or more if it lies behind the object or block.</returns>
        public int OffsetAt(int index) { return _offsets[Place(index)]; }

        /// <summary>The bytes found from <see cref="OffsetAt"/> on, the first in the lowest eight bits.</summary>
        /// <inheritdoc cref="KindAt(int)"/>
        /// <returns>As many bytes as <see cref="FoundBytesAt"/> says; those above are 0.</returns>
        public ulong FoundAt(int index) { return _found[Place(index)]; }

        /// <summary>How many bytes <see cref="FoundAt"/> holds: 1 to 8.</summary>
        /// <inheritdoc cref="KindAt(int)"/>
        /// <returns>The count.</returns>
        public int FoundBytesAt(int index) { return _counts[Place(index)]; }

        /// <summary>The byte that should be there.</summary>
        /// <inheritdoc cref="KindAt(int)"/>
        /// <returns>0 to 255.</returns>
        public int ExpectedAt(int index) { return _expected[Place(index)]; }

        /// <summary>The finding's number, counted from 1.</summary>
        /// <inheritdoc cref="KindAt(int)"/>
        /// <returns>1 or more. Findings with lower numbers than the oldest one's were overwritten.</returns>
        public long SequenceAt(int index)
        {
            Place(index);
            return Overwritten + index + 1;
        }

        /// <summary>Forgets every finding and counts from 1 again.</summary>
        public void Clear()
        {
            Total = 0;
            _next = 0;
        }

        /// <summary>Records a finding. The parameters have the names of the methods that return them.</summary>
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
            Misuse.CheckIndex("finding", index, count);
            int place = _next - count + index;
            return place < 0 ? place + _kinds.Length : place;
        }
    }
}
