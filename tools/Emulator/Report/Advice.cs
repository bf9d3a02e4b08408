using Carveout.Diagnostics;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Policies;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Report;

/// <summary>Suggests what to do after an investigation: a sentence, and the line of code or the command for it.</summary>
internal static class Advice
{
    /// <summary>The steps for a trace; at least one.</summary>
    public static IEnumerable<(string Words, string Line)> Of(TraceInvestigation found)
    {
        foreach (LeakSuspect suspect in found.Ledger.Suspects.Take(1))
        {
            yield return Owner(found.Ledger.Owners.Names[suspect.Owner]);
        }
        TraceFinding? serves = Array.Find(["pool", "exact", "kernel-keep", "lowest", "grouped"], key => Find(key) is { Cause: Cause.None }) is string best
            ? Find(best)
            : null;
        if (serves is null)
        {
            yield return ("Nothing that was tried serves every request in this memory. How much would, this says:",
                $"carveout plan --board BOARD --stream WxH:FORMAT:BUFFERS --trace {found.Trace.Name}");
        }
        else if (serves.Setting.Options.Tail == TailPolicy.Pool)
        {
            PoolSizing pools = PoolSizing.Of(found.Trace, serves.Setting.Options.PoolFrom, found.Arena.PageSize);
            yield return ("Take the large buffers once, from memory that no zone ever owns: in the board's map before the boot, and a pool for each size.",
                string.Create(CultureInfo.InvariantCulture, $"map.Reserve(\"frame-pool\", START, {pools.Bytes});\n")
                + string.Join('\n', pools.Pools.Select((pool, i) => string.Create(CultureInfo.InvariantCulture,
                    $"var pool{i + 1} = new ReservedPool(\"frames-{pool.BufferSize}\", START + {pool.Offset}, {pool.BufferSize}, {pool.Count});"))));
        }
        else if (serves.Setting.Options.Tail == TailPolicy.Exact)
        {
            yield return ("Let the zone hand out exact runs of pages: no power of two, so no tail.",
                $"new Zone(\"{found.Arena.Zone}\", ZoneKind.Dma, START, new RunMap({found.Arena.Size / found.Arena.PageSize}));");
        }
        else
        {
            yield return ($"This policy serves every request: {serves.Setting.Title}. A device is attached with what becomes of the tail:",
                $"dma.Attach(device, DmaTail.{serves.Setting.Options.Tail}, null);");
        }

        TraceFinding? Find(string key) => found.Findings.FirstOrDefault(finding => finding.Setting.Key == key);
    }

    /// <summary>How to find the place in the program where an owner allocates what it never frees.</summary>
    public static (string Words, string Line) Owner(string name) =>
        ($"{name} never gives back what it takes. On the device, a table of owners keeps when each block was taken, and prints it:",
            "var table = new OwnerTable(1024);\npages.TrackOwners(table);\nConsole.Write(OwnerText.PageOwner(table, pages));");
}
