namespace Carveout.Emulator.Capture;

/// <summary>What was read of a device between two starts of its ring.</summary>
internal sealed class CaptureSession
{
    private readonly SortedDictionary<long, (CapturedRecord Record, long Lost)> _records = [];
    private readonly Dictionary<int, string> _owners = [];
    private CaptureLine.Header? _header;
    private long _highest;

    /// <summary>The operations in the device's order, each once.</summary>
    public IEnumerable<CapturedRecord> Records => _records.Values.Select(entry => entry.Record);

    /// <summary>Bytes of a page; null if no header was received.</summary>
    public int? PageSize => _header?.PageSize;

    /// <summary>How many operations the device's ring overwrote before they were dumped.</summary>
    public long LostInRing => Gaps().Sum(gap => gap.InRing);

    /// <summary>How many operations were dumped, according to the dump, but not received in a valid line.</summary>
    public long Missing => Gaps().Sum(gap => gap.Length - gap.InRing);

    /// <summary>An owner's name, or its number if the name was not received.</summary>
    public string OwnerName(int owner) => _owners.GetValueOrDefault(owner, $"owner-{owner}");

    /// <summary>Sets an owner's name.</summary>
    public void Name(CaptureLine.Owner owner) => _owners[owner.Number] = owner.Name;

    /// <summary>Whether a header can belong to this session: the number of operations never decreases.</summary>
    public bool CanGoOnWith(CaptureLine.Header header) =>
        header.Recorded >= _highest && header.Recorded >= (_header?.Recorded ?? 0) && header.PageSize == (_header?.PageSize ?? header.PageSize);

    /// <summary>Whether an operation can belong to this session: each has a number of its own.</summary>
    public bool CanGoOnWith(CapturedRecord record) => !_records.TryGetValue(record.Sequence, out var known) || known.Record == record;

    /// <summary>Whether the same operation was read before.</summary>
    public bool Has(CapturedRecord record) => _records.TryGetValue(record.Sequence, out var known) && known.Record == record;

    /// <summary>Notes the state of the dump.</summary>
    public void Add(CaptureLine.Header header) => _header = header;

    /// <summary>Adds an operation.</summary>
    /// <returns>False if it was there already.</returns>
    public bool Add(CaptureLine.Operation operation)
    {
        _highest = Math.Max(_highest, operation.Record.Sequence);
        return _records.TryAdd(operation.Record.Sequence, (operation.Record, operation.Lost));
    }

    /// <summary>The gaps between the numbers, and how many of the missing operations the dump itself reports as missed.</summary>
    private IEnumerable<(long Length, long InRing)> Gaps()
    {
        long sequence = 0, lost = 0;
        foreach ((CapturedRecord record, long lostBefore) in _records.Values)
        {
            yield return Gap(record.Sequence - sequence - 1, lostBefore - lost);
            (sequence, lost) = (record.Sequence, lostBefore);
        }
        if (_header is not null && _header.Recorded > sequence)
        {
            yield return Gap(_header.Recorded - sequence, _header.Lost - lost);
        }

        static (long, long) Gap(long length, long lost) => (length, Math.Clamp(lost, 0, length));
    }
}
