namespace Carveout.Emulator.Planning;

/// <summary>Memory that firmware has to keep from the runtime for a plan, in one piece.</summary>
/// <param name="Start">First address, of a page.</param>
/// <param name="Bytes">Whole pages.</param>
/// <param name="FrameBytes">Those for frames, at its end; a page before them is the page allocator's in one of the regions.</param>
/// <param name="Buffers">By stream, how many of its buffers lie in it.</param>
/// <param name="Region">The board's region in which it begins.</param>
internal sealed record PlannedRegion(uint Start, long Bytes, long FrameBytes, IReadOnlyList<int> Buffers, MemoryRegion Region)
{
    private const int Page = MemoryMap.DefaultPageSize;

    /// <summary>The regions of a plan, in the order in which firmware numbers them: PSRAM before internal memory.</summary>
    public static IReadOnlyList<PlannedRegion> Of(Plan plan)
    {
        MemoryMap map = plan.Board.Map;
        List<PlannedRegion> regions = [.. plan.Layout.Parts.Select(part =>
            new PlannedRegion(part.Start, part.Bytes, part.Bytes, part.Buffers, map.FindRegion(part.Start)!))];
        int roomy = regions.FindIndex(region => ZoneOf(map, region.Start - Page) is not null && IsOneRun(map, region.Start - Page, region.Start));
        if (roomy >= 0)
        {
            PlannedRegion region = regions[roomy];
            regions[roomy] = region with { Start = region.Start - Page, Bytes = region.Bytes + Page, Region = map.FindRegion(region.Start - Page)! };
        }
        else
        {
            ZonePlan zone = ZoneOf(map, plan.Layout.Board.Main.Start) ?? map.ZoneAt(0);
            regions.Add(new PlannedRegion(zone.Start, Page, 0, [.. plan.Layout.Streams.Select(_ => 0)], map.FindRegion(zone.Start)!));
        }
        return [.. regions.OrderBy(region => region.Region.Kind == MemoryKind.Psram ? 0 : 1)];
    }

    private static bool IsOneRun(MemoryMap map, uint below, uint address) =>
        map.FindRegion(below) is { } region && map.EndOfRun(region) > address;

    private static ZonePlan? ZoneOf(MemoryMap map, uint address) =>
        Enumerable.Range(0, map.ZoneCount).Select(map.ZoneAt).FirstOrDefault(zone => address - zone.Start < zone.Size);
}
