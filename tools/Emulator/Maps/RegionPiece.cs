namespace Carveout.Emulator.Maps;

/// <summary>Who owns a part of a region.</summary>
internal enum PieceOwner
{
    /// <summary>A DMA zone.</summary>
    DmaZone,

    /// <summary>A NORMAL zone.</summary>
    NormalZone,

    /// <summary>A reservation.</summary>
    Reserved,

    /// <summary>Nobody in the map: it is left to the runtime.</summary>
    Unassigned,

    /// <summary>Several owners, or an owner where there is no memory: a fault.</summary>
    AtFault,
}

/// <summary>A range of a region's addresses that has one owner, none, or the same conflicting owners.</summary>
/// <param name="Start">First address.</param>
/// <param name="Size">Bytes, above 0.</param>
/// <param name="Owner">Who owns it.</param>
/// <param name="Name">The owner's name; "unassigned"; or all names if there are several.</param>
internal sealed record RegionPiece(ulong Start, ulong Size, PieceOwner Owner, string Name)
{
    /// <summary>The name of a piece without an owner.</summary>
    public const string Unassigned = "unassigned";

    /// <summary>All pieces of a region, in order of address.</summary>
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

    /// <summary>The parts of reservations and zones that lie in no region, in order of address.</summary>
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

    /// <summary>All reservations and zones. Empty ones are left out, since they claim nothing and must not split another's piece.</summary>
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
