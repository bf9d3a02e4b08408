using Carveout.Emulator.Investigation;
using Carveout.Emulator.Policies;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Report;

/// <summary>Suggests what to do after an investigation: a sentence, and the command or the C# code for it.</summary>
internal static class Advice
{
    /// <summary>The steps for a trace; at least one.</summary>
    public static IEnumerable<(string Words, string Line)> Of(TraceInvestigation found)
    {
        foreach (LeakSuspect suspect in found.Ledger.Suspects.Take(1))
        {
            yield return Owner(found.Ledger.Owners.Names[suspect.Owner]);
        }
        string? serves = Array.Find(["pool", "exact", "kernel-keep", "lowest", "grouped"], key => Find(key) is { Cause: Cause.None });
        yield return serves is null
            ? ("Nothing that was tried serves every request in this memory. How much would, this says:",
                $"carveout plan --board BOARD --stream WxH:FORMAT:BUFFERS --trace {found.Trace.Name}")
            : Policy(Find(serves)!.Setting, found.Trace, found.Arena);

        TraceFinding? Find(string key) => found.Findings.FirstOrDefault(finding => finding.Setting.Key == key);
    }

    /// <summary>How to give a device a policy.</summary>
    public static (string Words, string Line) Policy(TraceSetting setting, TraceFile trace, TraceArena arena)
    {
        if (setting.Options.Tail == DmaTail.Pool)
        {
            PoolSizing pools = PoolSizing.Of(trace, setting.Options.PoolFrom, arena.PageSize);
            return ("Take the large buffers once, from memory that no zone ever owns: in the board's map before it boots, and a pool for each size. Where "
                + "they begin, your board says; for frames of a known format carveout plan finds the place and prints all of it.",
                Method("ReservedPool[] TakeFrames(MemoryMap map, uint start)",
                [
                    $"map.Add(new Reservation(\"frame-pool\", start, {pools.Bytes}));",
                    "return new ReservedPool[]",
                    "{",
                    .. pools.Pools.Select(pool => $"    new ReservedPool(\"frames-{pool.BufferSize}\", start + {pool.Offset}, {pool.BufferSize}, {pool.Count}),"),
                    "};",
                ]));
        }
        PageMapKind kind = setting.Options.Tail.PageMap(setting.Options.Grouping);
        string words = setting.Options.Tail == DmaTail.Exact
            ? "Let the zone hand out exact runs of pages: no power of two, so no tail."
            : $"This serves every request: {setting.Title}. The zone has such a map, and a device is attached with what becomes of its tails.";
        IReadOnlyList<(string Name, long Bytes)> zones = trace.Header.Zones.Count > 0 ? trace.Header.Zones : [(arena.Zone, arena.Size)];
        return (words, Method("void AddZones(MemoryMap map, uint[] starts, DmaEngines engines)",
                zones.Select((zone, i) => $"map.Add(new ZonePlan(\"{zone.Name}\", ZoneKind.Dma, starts[{i}], {zone.Bytes}, engines, PageMapKind.{kind}));"))
            + (setting.Options.Tail == DmaTail.Exact ? "" : "\n\n" + Method("void Attach(DmaAllocator dma, DmaDevice device)",
                [$"dma.Attach(device, DmaTail.{setting.Options.Tail}, null);"])));
    }

    /// <summary>How to find the place in the program where an owner allocates what it never frees.</summary>
    public static (string Words, string Line) Owner(string name) =>
        ($"{name} never gives back what it takes. On the device, a table of owners keeps when each block was taken: track from the boot on, and print it when "
            + "memory is short.",
            "static readonly OwnerTable Owners = new OwnerTable(1024);\n\n" + Method("void TrackOwners(PageAllocator pages)", ["pages.TrackOwners(Owners);"])
            + "\n\n" + Method("void TellOwners(PageAllocator pages)", ["Console.WriteLine(OwnerText.PageOwner(Owners, pages));"]));

    private static string Method(string head, IEnumerable<string> lines) =>
        $"static {head}\n{{\n{string.Concat(lines.Select(line => $"    {line}\n"))}}}";
}
