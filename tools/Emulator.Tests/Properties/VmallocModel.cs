namespace Carveout.Emulator.Tests.Properties;

/// <summary>A slow model of virtual memory's contract: a mark for every page, an array with the bytes of every area, and a dictionary for
/// the TLB.</summary>
internal sealed class VmallocModel(int pageCount, int areaCount, int pageSize, int tlbEntries)
{
    private readonly bool[] _taken = new bool[pageCount];
    private readonly Dictionary<int, int> _tlb = [];

    /// <summary>Areas by their first page.</summary>
    public SortedDictionary<int, VmallocModelArea> Areas { get; } = [];

    public long Hits { get; private set; }

    public long Misses { get; private set; }

    /// <summary>The lowest first page that an area of a size can have, or -1.</summary>
    public int FindPlace(int size)
    {
        int wanted = Pages(size) + 1;
        for (int first = 0; Areas.Count < areaCount && first + wanted <= pageCount; first++)
        {
            if (!_taken.AsSpan(first, wanted).Contains(true))
            {
                return first;
            }
        }
        return -1;
    }

    public VmallocModelArea Add(int first, int size, PageOwner owner)
    {
        _taken.AsSpan(first, Pages(size) + 1).Fill(true);
        return Areas[first] = new VmallocModelArea(first, Pages(size), owner, new byte[size]);
    }

    public void Remove(VmallocModelArea area)
    {
        _taken.AsSpan(area.First, area.Pages + 1).Clear();
        Areas.Remove(area.First);
        for (int page = area.First; page < area.First + area.Pages; page++)
        {
            if (_tlb.TryGetValue(page % tlbEntries, out int held) && held == page)
            {
                _tlb.Remove(page % tlbEntries);
            }
        }
    }

    /// <summary>Applies an access to a span of an area to the TLB.</summary>
    public void Touch(VmallocModelArea area, int offset, int length)
    {
        for (int page = area.First + offset / pageSize; length > 0 && page <= area.First + (offset + length - 1) / pageSize; page++)
        {
            if (_tlb.TryGetValue(page % tlbEntries, out int held) && held == page)
            {
                Hits++;
            }
            else
            {
                Misses++;
                _tlb[page % tlbEntries] = page;
            }
        }
    }

    public int Pages(int size) => (size + pageSize - 1) / pageSize;
}
