using Carveout.Diagnostics;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Diagnosis;

/// <summary>The verdict on a trace: a short form of what <c>investigate --trace</c> finds.</summary>
internal static class TraceVerdict
{
    /// <summary>Tries the policies on a trace.</summary>
    /// <param name="file">The trace.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <param name="cancel">Ends the trial.</param>
    /// <exception cref="UsageException">The trace cannot be read.</exception>
    public static Finding Of(string file, Action<double> progress, CancellationToken cancel)
    {
        TraceFile trace = TraceFile.Read(file, cancel: cancel);
        TraceInvestigation found = TraceInvestigation.Run(trace, new TraceQuestion(null, null, ReplayOptions.DefaultPoolFrom, 0, 0), false, progress, cancel);
        TraceFinding shown = found.Shown;
        IReadOnlyList<string> conclusions = TraceConclusions.Of(found);
        Cause cause = shown.Cause switch
        {
            Investigation.Cause.Fragmentation => Cause.Fragmented, Investigation.Cause.Leak => Cause.Leak, Investigation.Cause.TooLarge => Cause.TooLarge, Investigation.Cause.Exhaustion => Cause.ShortOfMemory,
            _ => Cause.NothingFailed,
        };
        var dump = new Dump("trace", MemorySystem.Carveout, new DumpLine("", new DumpPlace(file, 1), null, null, false))
        {
            Request = shown.Failure is null ? null : new MemoryRequest(RequestKind.Pages) { Bytes = shown.Failure.Request.Size },
        };
        var finding = new Finding(cause, conclusions[0].TrimEnd('.'), dump) { Wanted = shown.Failure?.Request.Size };
        finding.Arithmetic.AddRange(found.Findings.Select(one => $"{one.Setting.Title}: {one.Verdict}" + (one.Refused > 0 ? $" ({CountText.Of(one.Refused, "request")} refused)" : "")));
        finding.Arithmetic.AddRange(conclusions.Skip(1));
        finding.Arithmetic.AddRange(Kept(found));
        finding.Unknown.AddRange(TraceConclusions.Limits(found));
        finding.Commands.Add($"carveout investigate --trace {file} --out report");
        return finding;
    }

    /// <summary>Owners that have several blocks at the end without being accused; each is mentioned.</summary>
    private static IEnumerable<string> Kept(TraceInvestigation found)
    {
        TraceLedger ledger = found.Ledger;
        return from owner in Enumerable.Range(0, ledger.Accounts.Count)
               let account = ledger.Accounts[owner]
               where account.Requests - account.Frees > 1 && !ledger.Suspects.Concat(ledger.Undecided).Any(suspect => suspect.Owner == owner)
               orderby account.BytesAtEnd descending
               select $"{ledger.Owners.Names[owner]} keeps {account.Requests - account.Frees} blocks, {SizeText.Of(account.BytesAtEnd)}, at the end: worth a look, too little to accuse";
    }
}
