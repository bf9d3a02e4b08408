using Carveout.Emulator.Maps;

namespace Carveout.Emulator.MapImport;

/// <summary>A memory map while it is made from another file. It makes names valid and unique, and cuts overlaps.</summary>
/// <param name="name">The map's name.</param>
internal sealed class MapDraft(string name)
{
    private const uint Page = MemoryMap.DefaultPageSize;

    private readonly List<MemoryRegion> _regions = [];
    private readonly List<ZonePlan> _zones = [];
    private readonly List<(ulong Start, ulong End, string Name)> _taken = [];
    private readonly HashSet<string> _names = [];

    /// <summary>Remarks for the user, beside the map.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>The regions so far.</summary>
    public IReadOnlyList<MemoryRegion> Regions => _regions;

    /// <summary>Adds a region.</summary>
    public void AddRegion(string name, MemoryKind kind, ulong start, ulong size, DmaEngines dma, int cacheLine)
    {
        if (_regions.Count == MapReader.MostEntries)
        {
            throw new UsageException($"{name}: more than {MapReader.MostEntries} regions of memory, which no board has");
        }
        _regions.Add(new MemoryRegion(Unique(name), kind, (uint)start, (uint)size, dma, cacheLine));
    }

    /// <summary>The region that contains a whole span; null if none does.</summary>
    public MemoryRegion? RegionOf(ulong start, ulong end) =>
        start <= uint.MaxValue ? _regions.Find(region => region.Start <= start && end <= (ulong)region.Start + region.Size) : null;

    /// <summary>Marks a span as taken. It ignores bytes outside all regions; bytes that are marked already keep their first
    /// owner.</summary>
    public void Take(string name, ulong start, ulong end)
    {
        foreach (MemoryRegion region in _regions)
        {
            ulong line = (ulong)Math.Max(region.CacheLine, 4), first = region.Start, last = first + region.Size;
            // No owner may share a cache line with its neighbour.
            ulong from = Math.Max(start / line * line, first), to = Math.Min((end + line - 1) / line * line, last);
            foreach ((ulong free, ulong freeEnd) in Free(from, to))
            {
                _taken.Add((free, freeEnd, name));
            }
        }
    }

    /// <summary>Plans a zone of the whole pages in a span of one region.</summary>
    /// <returns>Whether there is such a page.</returns>
    public bool AddZone(string name, ulong start, ulong end)
    {
        MemoryRegion? region = RegionOf(start, end);
        (start, end) = ((start + Page - 1) / Page * Page, end / Page * Page);
        if (region is null || start >= end || start == 0 || Free(start, end) is not [var whole] || whole != (start, end))
        {
            return false;
        }
        bool isReached = region.Dma != DmaEngines.None;
        // A CMA area may have more pages than a map of runs can count.
        PageMapKind pages = (end - start) / Page <= (ulong)PageMap.MaxPages(PageMapKind.Runs) ? PageMapKind.Runs : PageMapKind.FreeBlocks;
        _zones.Add(new ZonePlan(Unique(name), isReached ? ZoneKind.Dma : ZoneKind.Normal, (uint)start, (uint)(end - start), region.Dma, pages));
        _taken.Add((start, end, ""));
        return true;
    }

    /// <summary>The highest place in a span at which so many bytes are free.</summary>
    /// <returns>Its address; null if there is none.</returns>
    public ulong? HighestPlace(ulong size, ulong alignment, ulong from, ulong to)
    {
        ulong? best = null;
        foreach (MemoryRegion region in _regions)
        {
            foreach ((ulong start, ulong end) in Free(Math.Max(from, region.Start), Math.Min(to, (ulong)region.Start + region.Size)))
            {
                if (end - start >= size && (end - size) / alignment * alignment is var place && place >= start && place != 0 && place >= (best ?? 0))
                {
                    best = place;
                }
            }
        }
        return best;
    }

    /// <summary>The map; what is marked as taken becomes reservations.</summary>
    public ImportedMap ToMap()
    {
        var map = new MemoryMap(Clean(name), MemoryMap.DefaultPageSize);
        foreach (MemoryRegion region in _regions)
        {
            map.Add(region);
        }
        (ulong Start, ulong End, string Name)[] reservations = [.. Joined().Where(one => one.Name.Length > 0)];
        if (reservations.Length > MapReader.MostEntries)
        {
            throw new UsageException($"{reservations.Length} pieces of memory in use: expected at most {MapReader.MostEntries}");
        }
        foreach ((ulong start, ulong end, string owner) in reservations)
        {
            map.Add(new Reservation(Unique(owner), (uint)start, (uint)(end - start)));
        }
        foreach (ZonePlan zone in _zones)
        {
            map.Add(zone);
        }
        return new ImportedMap(map, Remarks);
    }

    /// <summary>A name that nothing else has, with printable characters only, and no longer than a board file allows.</summary>
    private string Unique(string wish)
    {
        string clean = Clean(wish), unique = clean;
        for (int number = 2; !_names.Add(unique); number++)
        {
            string suffix = $"#{number}";
            unique = clean[..Math.Min(clean.Length, MapReader.LongestName - suffix.Length)] + suffix;
        }
        return unique;
    }

    private static string Clean(string text)
    {
        string clean = new([.. text.Trim().Select(c => c == ' ' ? '-' : c).Where(c => c is > ' ' and <= '~')]);
        return clean.Length == 0 ? "memory" : clean[..Math.Min(clean.Length, MapReader.LongestName)];
    }

    /// <summary>The free parts of a span, in order of address.</summary>
    private List<(ulong Start, ulong End)> Free(ulong from, ulong to)
    {
        var free = new List<(ulong, ulong)>();
        foreach ((ulong start, ulong end, _) in _taken.Where(one => one.End > from && one.Start < to).OrderBy(one => one.Start))
        {
            if (start > from)
            {
                free.Add((from, start));
            }
            from = Math.Max(from, end);
        }
        if (from < to)
        {
            free.Add((from, to));
        }
        return free;
    }

    /// <summary>The taken spans, in order of address; adjacent ones of the same owner are joined.</summary>
    private List<(ulong Start, ulong End, string Name)> Joined()
    {
        var pieces = new List<(ulong Start, ulong End, string Name)>();
        foreach ((ulong Start, ulong End, string Name) one in _taken.OrderBy(one => one.Start))
        {
            if (pieces.Count > 0 && pieces[^1] is var last && last.End == one.Start && last.Name == one.Name
                && RegionOf(last.Start, one.End) is not null)
            {
                pieces[^1] = last with { End = one.End };
            }
            else
            {
                pieces.Add(one);
            }
        }
        return pieces;
    }
}
