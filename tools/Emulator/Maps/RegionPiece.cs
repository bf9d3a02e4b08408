namespace Carveout.Emulator.Maps;

/// <summary>Whose a part of a region is.</summary>
internal enum PieceOwner
{
    /// <summary>A DMA zone's.</summary>
    DmaZone,

    /// <summary>A NORMAL zone's.</summary>
    NormalZone,

    /// <summary>A reservation's.</summary>
    Reserved,

    /// <summary>Nobody's in the map: left to the runtime.</summary>
    Unassigned,

    /// <summary>Claimed by several, or claimed where there is no memory: a fault.</summary>
    AtFault,
}

/// <summary>A run of a region's addresses that has one owner, none, or one set of quarrelling owners.</summary>
/// <param name="Start">First address.</param>
/// <param name="Size">Bytes, above 0.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Name">The owner's name; "unassigned"; or all the names where there are several.</param>
internal sealed record RegionPiece(ulong Start, ulong Size, PieceOwner Owner, string Name)
{
    /// <summary>What a piece is called that nobody owns.</summary>
    public const string Unassigned = "unassigned";

    /// <summary>All of a region, in order of address.</summary>
    public static IReadOnlyList<RegionPiece> Of(MemoryMap map, MemoryRegion region)
    {
        ulong start = region.Start, end = start + region.Size;
        List<RegionPiece> claims = Claims(map);
        var borders = new SortedSet<ulong> { start, end };
        foreach (RegionPiece claim in claims)
        {
            borders.Add(Math.Clamp(claim.Start, start, end));
            borders.Add(Math.Clamp(claim.Start + claim.Size, start, end));
        }
        ulong[] sorted = [.. borders];
        var pieces = new List<RegionPiece>();
        for (int i = 0; i + 1 < sorted.Length; i++)
        {
            (ulong from, ulong size) = (sorted[i], sorted[i + 1] - sorted[i]);
            List<RegionPiece> owners = claims.FindAll(claim => claim.Start <= from && from < claim.Start + claim.Size);
            pieces.Add(owners.Count switch
            {
                0 => new RegionPiece(from, size, PieceOwner.Unassigned, Unassigned),
                1 => owners[0] with { Start = from, Size = size },
                _ => new RegionPiece(from, size, PieceOwner.AtFault, string.Join(" + ", owners.Select(owner => owner.Name))),
            });
        }
        return pieces;
    }

    /// <summary>What a map gives away although no region holds it, in order of address.</summary>
    public static IReadOnlyList<RegionPiece> Outside(MemoryMap map)
    {
        MemoryRegion[] regions = [.. Enumerable.Range(0, map.RegionCount).Select(map.RegionAt)];
        var pieces = new List<RegionPiece>();
        foreach (RegionPiece claim in Claims(map).OrderBy(claim => claim.Start))
        {
            ulong end = claim.Start + claim.Size, at = claim.Start;
            foreach (MemoryRegion region in regions.Where(region => region.Size > 0).OrderBy(region => region.Start))
            {
                ulong gap = Math.Min(end, region.Start);
                if (at < gap)
                {
                    pieces.Add(new RegionPiece(at, gap - at, PieceOwner.AtFault, claim.Name));
                }
                at = Math.Max(at, (ulong)region.Start + region.Size);
            }
            if (at < end)
            {
                pieces.Add(new RegionPiece(at, end - at, PieceOwner.AtFault, claim.Name));
            }
        }
        return pieces;
    }

    /// <summary>Everything that a map gives away; what has no bytes claims none, and must not cut another's in two.</summary>
    private static List<RegionPiece> Claims(MemoryMap map)
    {
        var claims = new List<RegionPiece>();
        for (int i = 0; i < map.ReservationCount; i++)
        {
            Reservation reservation = map.ReservationAt(i);
            claims.Add(new RegionPiece(reservation.Start, reservation.Size, PieceOwner.Reserved, reservation.Name));
        }
        for (int i = 0; i < map.ZoneCount; i++)
        {
            ZonePlan zone = map.ZoneAt(i);
            PieceOwner owner = zone.Kind == ZoneKind.Dma ? PieceOwner.DmaZone : PieceOwner.NormalZone;
            claims.Add(new RegionPiece(zone.Start, zone.Size, owner, zone.Name));
        }
        claims.RemoveAll(claim => claim.Size == 0);
        return claims;
    }
}
