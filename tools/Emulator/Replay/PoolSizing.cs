namespace Carveout.Emulator.Replay;

/// <summary>A pool of buffers of one size, in the memory that is reserved for a trace.</summary>
/// <param name="Offset">Its offset in the reservation, in bytes.</param>
/// <param name="BufferSize">Bytes of a buffer, whole pages.</param>
/// <param name="Count">How many buffers there are: as many as are ever live at once.</param>
internal sealed record SizedPool(long Offset, int BufferSize, int Count)
{
    /// <summary>Bytes of all buffers.</summary>
    public long Bytes => (long)BufferSize * Count;
}

/// <summary>The contract of a trace: pools for its large requests, with as many buffers of each size as are ever live at once. Pools that
/// are never in use at the same time overlap, as those of a preview and of a still picture do.</summary>
/// <remarks>Similar sizes may share a pool with buffers of the largest of them; the division that needs least memory is chosen. Pools are
/// placed by falling size, each at the lowest place that is free of pools in use at the same time. If a trace has more than <see
/// cref="MostSizes"/> sizes, neighbours are joined first.</remarks>
internal sealed class PoolSizing
{
    private const int MostSizes = 16;

    private PoolSizing(IReadOnlyList<SizedPool> pools)
    {
        Pools = pools;
        Bytes = pools.Count == 0 ? 0 : pools.Max(pool => pool.Offset + pool.Bytes);
    }

    /// <summary>The pools, by rising size.</summary>
    public IReadOnlyList<SizedPool> Pools { get; }

    /// <summary>Bytes of the reservation.</summary>
    public long Bytes { get; }

    /// <summary>The pools in words: "1 buffer of 4194304 bytes, 10 of 102400".</summary>
    public string InWords => string.Join(", ", Pools.Reverse().Select((pool, i) =>
        i == 0 ? $"{CountText.Of(pool.Count, "buffer")} of {pool.BufferSize} bytes" : $"{pool.Count} of {pool.BufferSize}"));

    /// <summary>Sizes the pools.</summary>
    /// <param name="trace">The trace; read twice.</param>
    /// <param name="from">A request of at least so many bytes is a buffer.</param>
    /// <param name="pageSize">Bytes of a page.</param>
    public static PoolSizing Of(ITraceSource trace, int from, int pageSize)
    {
        int[] sizes = [.. trace.Operations.Where(operation => operation.IsAllocation && operation.Size >= from)
            .Select(operation => SizeFor(operation, pageSize)).Distinct().Order()];
        if (sizes.Length > MostSizes)
        {
            int all = sizes.Length;
            sizes = [.. Enumerable.Range(1, MostSizes).Select(i => sizes[(i * all / MostSizes) - 1])];
        }
        var use = new PoolUse(trace, sizes, from, pageSize);
        return new PoolSizing(sizes.Length == 0 ? []
            : Enumerable.Range(1, sizes.Length).Select(pools => LaidOut(use, use.Divide(pools))).MinBy(pools => pools.Max(pool => pool.Offset + pool.Bytes))!);
    }

    /// <summary>Bytes of a buffer that holds a request.</summary>
    public static int SizeFor(TraceOperation request, int pageSize)
    {
        long whole = BufferLayout.RoundUp(Math.Max(request.Size, request.Alignment), pageSize);
        return whole <= int.MaxValue ? (int)whole
            : throw new UsageException($"line {request.Line}: a buffer of {request.Size} bytes in whole pages is none: expected less than 2 GB");
    }

    private static SizedPool[] LaidOut(PoolUse use, IReadOnlyList<(int First, int Last)> ranges)
    {
        var placed = new List<(SizedPool Pool, int First, int Last)>();
        foreach ((int first, int last) in ranges.OrderByDescending(range => use.Bytes(range.First, range.Last)))
        {
            var pool = new SizedPool(0, use.Size(last), use.MostLive(first, last));
            // The lowest place from which on all of it is free: the start, or the end of a pool that is in use at the same time.
            SizedPool[] others = [.. placed.Where(other => use.AreTogether(first, last, other.First, other.Last)).Select(other => other.Pool)];
            long offset = others.Select(other => other.Offset + other.Bytes).Append(0).Order()
                .First(at => others.All(other => at >= other.Offset + other.Bytes || at + pool.Bytes <= other.Offset));
            placed.Add((pool with { Offset = offset }, first, last));
        }
        return [.. placed.Select(one => one.Pool).OrderBy(pool => pool.BufferSize)];
    }

    /// <summary>How the sizes of a trace are used.</summary>
    private sealed class PoolUse
    {
        private readonly int[] _sizes;

        /// <summary>By the smallest and the largest of successive sizes: the most buffers of these sizes that are ever live at
        /// once.</summary>
        private readonly int[,] _mostLive;

        /// <summary>By size: a bit for each size that is live at the same time.</summary>
        private readonly int[] _together;

        public PoolUse(ITraceSource trace, int[] sizes, int from, int pageSize)
        {
            _sizes = sizes;
            _mostLive = new int[sizes.Length, sizes.Length];
            _together = new int[sizes.Length];
            int[] live = new int[sizes.Length];
            var kinds = new Dictionary<int, int>();
            foreach (TraceOperation operation in trace.Operations.Where(operation => !operation.IsTrim))
            {
                if (operation.IsAllocation && operation.Size >= from)
                {
                    int kind = Array.FindIndex(sizes, size => size >= SizeFor(operation, pageSize));
                    kinds.Add(operation.Id, kind);
                    live[kind]++;
                    Count(live, kind);
                }
                else if (!operation.IsAllocation && kinds.Remove(operation.Id, out int freed))
                {
                    live[freed]--;
                }
            }
        }

        public int Size(int kind) => _sizes[kind];

        public int MostLive(int first, int last) => _mostLive[first, last];

        public long Bytes(int first, int last) => (long)_sizes[last] * _mostLive[first, last];

        public bool AreTogether(int first, int last, int otherFirst, int otherLast) =>
            Enumerable.Range(first, last - first + 1).Any(kind => (_together[kind] >> otherFirst & ((2 << (otherLast - otherFirst)) - 1)) != 0);

        /// <summary>The division of the sizes into so many pools that needs least memory if no pools overlap.</summary>
        public IReadOnlyList<(int First, int Last)> Divide(int pools)
        {
            // By number of pools, and of sizes in them: the fewest bytes, and the first size of the last pool.
            long[,] least = new long[pools + 1, _sizes.Length + 1];
            int[,] begins = new int[pools + 1, _sizes.Length + 1];
            for (int count = 0; count <= pools; count++)
            {
                for (int end = 0; end <= _sizes.Length; end++)
                {
                    least[count, end] = count == 0 && end == 0 ? 0 : long.MaxValue;
                    for (int first = count - 1; count > 0 && first < end; first++)
                    {
                        long before = least[count - 1, first];
                        if (before != long.MaxValue && before + Bytes(first, end - 1) < least[count, end])
                        {
                            least[count, end] = before + Bytes(first, end - 1);
                            begins[count, end] = first;
                        }
                    }
                }
            }
            var ranges = new List<(int, int)>();
            for (int count = pools, end = _sizes.Length; count > 0; end = begins[count, end], count--)
            {
                ranges.Add((begins[count, end], end - 1));
            }
            return ranges;
        }

        private void Count(int[] live, int taken)
        {
            for (int kind = 0; kind < live.Length; kind++)
            {
                if (live[kind] > 0)
                {
                    _together[kind] |= 1 << taken;
                    _together[taken] |= 1 << kind;
                }
            }
            int below = 0;
            for (int first = taken; first >= 0; first--)
            {
                below += live[first];
                int sum = below;
                _mostLive[first, taken] = Math.Max(_mostLive[first, taken], sum);
                for (int last = taken + 1; last < live.Length; last++)
                {
                    sum += live[last];
                    _mostLive[first, last] = Math.Max(_mostLive[first, last], sum);
                }
            }
        }
    }
}
