using Carveout.Diagnostics;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>Writes the conclusions of a trace's investigation: sentences that rest only on its own figures, and what the trace cannot
/// tell.</summary>
internal static class TraceConclusions
{
    /// <summary>All conclusions; at least one sentence.</summary>
    public static IReadOnlyList<string> Of(TraceInvestigation found)
    {
        var lines = new List<string>();
        TraceFinding shown = found.Shown;
        if (found.Trace.RefusedCount > 0)
        {
            int first = found.Trace.FirstRefused;
            TraceOperation request = found.Trace.Operations[first];
            lines.Add($"{Refused(found)}, the first at {Place(found, first + 1, found.Trace.LoopOf(first), request.Time)}: {SizeText.Of(request.Size)}"
                + (request.Owner is string owner ? $" for {owner}." : "."));
        }
        if (shown.Failure is { } failure)
        {
            lines.Add($"{shown.Setting.Title}: the first request that fails is {Place(found, failure)}: {shown.Verdict}.");
            if (Tearing(shown) is string tearing)
            {
                lines.Add(tearing);
            }
        }
        lines.AddRange(Accusation(found));
        string[] served = [.. found.Findings.Where(finding => finding.Cause == Cause.None).Select(finding => finding.Setting.Title)];
        string arena = SizeText.Of(found.Arena.Size);
        lines.Add(served.Length == found.Findings.Count ? $"In {arena} every policy serves every request: a smaller --arena shows which fails first."
            : served.Length == 0 ? $"In {arena} nothing that was tried serves every request."
            : $"In {arena} every request is served by: {string.Join("; ", served)}.");
        return lines;
    }

    /// <summary>How many requests the device itself refused, in words.</summary>
    public static string Refused(TraceInvestigation found) =>
        $"The device refused {found.Trace.RefusedCount} of {CountText.Of(found.Ledger.Accounts.Sum(account => account.Requests), "request")}";

    /// <summary>What the trace does not contain, and what that means for the conclusions; empty if the trace is complete.</summary>
    public static IReadOnlyList<string> Limits(TraceInvestigation found)
    {
        TraceLedger ledger = found.Ledger;
        var lines = new List<string>();
        if (found.Arena.Source == TraceArena.Guessed)
        {
            string times = TraceArena.Spare.ToString(CultureInfo.InvariantCulture), peak = SizeText.Of(ledger.PeakBytes);
            lines.Add($"The size of the device's memory is not in the trace. The arena is {SizeText.Of(found.Arena.Size)}, {times} times the "
                + $"{peak} that are live at most; --arena sets it.");
        }
        if (found.Trace.Header.Zones is { Count: > 1 } zones)
        {
            lines.Add($"The device has {zones.Count} zones, {string.Join(", ", zones.Select(zone => $"{zone.Name} {SizeText.Of(zone.Bytes)}"))}. Here they "
                + "are one piece of memory, in which a block may lie across their borders.");
        }
        if (!ledger.Owners.AreNamed)
        {
            lines.Add("The trace names no owners. Requests are told apart by size class instead, the power of two that holds them: "
                + "what grows can be told, not who.");
        }
        if (!ledger.Windows.AreLoops && ledger.IsJudged)
        {
            lines.Add($"The trace marks {(found.Trace.LoopStarts.Count == 0 ? "no loops" : "too few loops")}. Growth is judged over "
                + $"{LeakSuspects.MostSpans + 1} equal parts of {ledger.Windows.Noun} each"
                + (ledger.Windows.EndsEarly ? ", up to where requests go on being refused." : "."));
        }
        if (!ledger.Axis.IsTime)
        {
            lines.Add(ledger.Axis.Milliseconds is long time
                ? $"All of it happens within {time} ms of the device's clock, so pictures go by operations."
                : "Operations do not tell their times, so pictures go by operations.");
        }
        if (found.Trace.Header.Said("lost") is long lost and > 0)
        {
            lines.Add($"{lost} operations were lost in the device's ring, which keeps the latest ones. What was allocated before them and never "
                + "freed is missing: that memory counts as free here, and its owner as smaller.");
        }
        else if (found.Trace.Header.Said("records") is not null)
        {
            lines.Add("What the device allocated before tracing began is missing: that memory counts as free here.");
        }
        if (found.Trace.Header.Said("missing") is long missing and > 0)
        {
            lines.Add($"{missing} operations were damaged on the way from the device; the frees that must have been among them were put in.");
        }
        if (found.Trace.RefusedCount > 0)
        {
            lines.Add("What the device refused is tried here and freed at once: had it been served, nobody knows for how long it would have been kept. "
                + "So a policy that serves every request here may still refuse some on the device.");
        }
        if (found.Trace.Restarts.Count > 0)
        {
            lines.Add($"The device started anew {CountText.Of(found.Trace.Restarts.Count, "time")}, which frees everything; leaks are looked for in the longest "
                + "stretch in between.");
        }
        return lines;
    }

    /// <summary>Where a failure lies in the trace: its operation, loop and time, as far as the trace has them.</summary>
    public static string Place(TraceInvestigation found, TraceFailure failure) => Place(found, failure.Operation, failure.Loop, failure.Request.Time);

    private static string Place(TraceInvestigation found, int operation, int? inLoop, long? time)
    {
        string loop = inLoop is int number ? string.Create(CultureInfo.InvariantCulture, $", loop {number}") : "";
        string after = time is long milliseconds ? ", after " + TraceAxis.Seconds(milliseconds / 1000.0) : "";
        return string.Create(CultureInfo.InvariantCulture, $"operation {operation} of {found.Trace.Operations.Count}") + loop + after;
    }

    /// <summary>Whose pages tore the blocks for a policy that failed; null if none did.</summary>
    public static string? Tearing(TraceFinding finding) =>
        finding.Failure?.Torn is { Blocks.Count: > 0 } torn
            ? torn.InWords(finding.Setting.Options.PageSize, finding.Setting.Options.Tail == DmaTail.Trim ? "a trimmed request" : null)
            : null;

    private static IEnumerable<string> Accusation(TraceInvestigation found)
    {
        TraceLedger ledger = found.Ledger;
        string window = ledger.Windows.Noun;
        foreach (LeakSuspect suspect in ledger.Suspects)
        {
            yield return Said(suspect, "leaks") + ".";
        }
        foreach (LeakSuspect suspect in ledger.Undecided)
        {
            yield return Said(suspect, "may leak") + ". Whether that goes on at the end, the trace is too short to tell: a long start, or a cache that "
                + "is almost full, looks the same. Record longer.";
        }
        if (ledger.Suspects.Count + ledger.Undecided.Count == 0)
        {
            yield return ledger.IsJudged
                ? "Nobody is accused of leaking: no owner grows all the time and keeps what it took."
                : "Nobody can be accused of leaking: the trace is too short, or too little is given back in it, to tell what stays from what comes and goes.";
        }

        string Said(LeakSuspect suspect, string verb)
        {
            string name = ledger.Owners.Names[suspect.Owner], since = ledger.Windows.Name(suspect.SinceLoop);
            return (ledger.Owners.AreNamed ? $"{name} {verb}: it" : $"Somebody {verb}: {name}")
                + $" grows by {SizeText.Of((long)suspect.BytesPerLoop)} every {window}, and {SizeText.Of(suspect.NeverFreed)} of what was taken since "
                + $"{since} were never given back";
        }
    }
}
