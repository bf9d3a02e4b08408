namespace Carveout.IlCounter;

/// <summary>The costs of many calls in IL instructions, one record for each call.</summary>
/// <remarks>
/// Percentiles are by nearest rank: the smallest recorded value that at least this percentage of the records does not exceed. So they are
/// values that occurred, without interpolation, and repeat exactly. Every query of an empty distribution throws <see
/// cref="InvalidOperationException"/>.
/// </remarks>
public sealed class IlDistribution
{
    private readonly List<long> _records;
    private long[]? _sorted;
    private long _sum;
    private long _worst = long.MinValue;
    private int _worstCall = -1;

    /// <param name="expectedCalls">Room for this many calls is taken at once, so that recording them does not allocate.</param>
    public IlDistribution(int expectedCalls = 0) => _records = new List<long>(expectedCalls);

    /// <summary>The number of calls recorded.</summary>
    public int Count => _records.Count;

    /// <summary>The arithmetic mean, in IL instructions a call.</summary>
    public double Mean => (double)_sum / NonEmptyCount();

    /// <summary>The 50th percentile; of an even number of records the lower of the two middle ones.</summary>
    public long Median => Percentile(50);

    /// <summary>The 99th percentile.</summary>
    public long P99 => Percentile(99);

    /// <summary>The most instructions of one call.</summary>
    public long Worst => NonEmptyCount() > 0 ? _worst : 0;

    /// <summary>The index of the worst record, counted from 0; the first of several.</summary>
    public int WorstCall => NonEmptyCount() > 0 ? _worstCall : 0;

    /// <summary>Records the instructions of one call.</summary>
    public void Add(long instructions)
    {
        if (instructions > _worst)
        {
            _worst = instructions;
            _worstCall = _records.Count;
        }
        _sum += instructions;
        _records.Add(instructions);
        _sorted = null;
    }

    /// <summary>The nearest-rank percentile.</summary>
    /// <param name="percent">1 to 100; otherwise <see cref="ArgumentOutOfRangeException"/>.</param>
    public long Percentile(int percent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(percent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        long rank = ((long)NonEmptyCount() * percent + 99) / 100;
        return Sorted()[rank - 1];
    }

    /// <summary>For example <c>1000 calls: mean 20.1, median 20, p99 31, worst 109 IL (call 17)</c>.</summary>
    public override string ToString() => Count == 0
        ? "0 calls"
        : FormattableString.Invariant($"{Count} calls: mean {Mean:0.0}, median {Median}, p99 {P99}, worst {Worst} IL (call {WorstCall})");

    private long[] Sorted()
    {
        if (_sorted == null)
        {
            _sorted = _records.ToArray();
            Array.Sort(_sorted);
        }
        return _sorted;
    }

    private int NonEmptyCount() => Count > 0 ? Count : throw new InvalidOperationException("No call has been recorded.");
}
