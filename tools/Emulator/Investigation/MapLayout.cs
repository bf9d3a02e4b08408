namespace Carveout.Emulator.Investigation;

/// <summary>Divides the zones of memory maps into slices, so that a large memory makes a small picture.</summary>
internal sealed class MapLayout
{
    /// <summary>The most slices of a map; a few more if zones do not divide evenly.</summary>
    private const int MostSlices = 256;

    /// <summary>Makes the layout of zones with the given names and pages.</summary>
    public MapLayout(params IReadOnlyList<(string Name, int Pages)> zones)
    {
        while (zones.Sum(zone => zone.Pages) / SlicePages > MostSlices)
        {
            SlicePages *= 2;
        }
        var places = new List<MapZone>();
        int first = 0;
        foreach ((string name, int pages) in zones)
        {
            places.Add(new MapZone(name, first, (pages + SlicePages - 1) / SlicePages));
            first += places[^1].Slices;
        }
        Zones = places;
    }

    /// <summary>The zones in their order.</summary>
    public IReadOnlyList<MapZone> Zones { get; }

    /// <summary>Pages of a slice.</summary>
    public int SlicePages { get; } = 1;

    /// <summary>Makes a map.</summary>
    /// <param name="at">The time of the map.</param>
    /// <param name="owners">How many owners there are.</param>
    /// <param name="ownersByPage">By zone: the owner of each page, or -1 if the page is free.</param>
    public MapSample Sample(double at, int owners, Func<int, short[]> ownersByPage)
    {
        int slices = Zones.Sum(zone => zone.Slices);
        var sample = new MapSample(at, new short[slices], new bool[slices]);
        int[] counts = new int[owners];
        for (int i = 0; i < Zones.Count; i++)
        {
            short[] pages = ownersByPage(i);
            for (int slice = 0; slice < Zones[i].Slices; slice++)
            {
                Span<short> part = pages.AsSpan(slice * SlicePages, Math.Min(SlicePages, pages.Length - (slice * SlicePages)));
                Array.Clear(counts);
                int taken = 0, most = -1;
                foreach (short owner in part)
                {
                    if (owner >= 0)
                    {
                        taken++;
                        counts[owner]++;
                        most = most < 0 || counts[owner] > counts[most] ? owner : most;
                    }
                }
                sample.Owners[Zones[i].First + slice] = (short)most;
                sample.Sparse[Zones[i].First + slice] = 2 * taken < part.Length;
            }
        }
        return sample;
    }
}
