using System.Text.Json;
using Carveout.Emulator.Investigation;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes the investigation of a trace for programs.</summary>
internal static class TraceInvestigationJson
{
    /// <summary>docs/trace-format.md documents the keys.</summary>
    public static string Of(TraceInvestigation found)
    {
        TraceLedger ledger = found.Ledger;
        return JsonSerializer.Serialize(
            new
            {
                Trace = found.Trace.Name, found.Arena.Size, found.Arena.PageSize, SizeFrom = found.Arena.Source,
                Operations = found.Trace.Operations.Count, Requests = ledger.Accounts.Sum(account => account.Requests), ledger.PeakBytes,
                RefusedByDevice = found.Trace.RefusedCount, Loops = found.Trace.LoopStarts.Count, DurationSeconds = ledger.Axis.Milliseconds / 1000.0,
                OwnersAreNamed = ledger.Owners.AreNamed, Lost = found.Trace.Header.Said("lost"), Missing = found.Trace.Header.Said("missing"),
                Restarts = found.Trace.Restarts.Count, Window = ledger.Windows.Noun, Conclusions = TraceConclusions.Of(found),
                Limits = TraceConclusions.Limits(found),
                Owners = ledger.Accounts.Select((account, owner) => new
                {
                    Name = ledger.Owners.Names[owner], account.Requests, account.Frees, account.PeakBytes, account.BytesAtEnd,
                }),
                Suspects = Of(ledger, ledger.Suspects), Undecided = Of(ledger, ledger.Undecided),
                Policies = found.Findings.Select(finding => new
                {
                    finding.Setting.Key, finding.Setting.Title, Cause = finding.Cause.ToString().ToLowerInvariant(), finding.Verdict,
                    Fits = finding.Result is not null, Failed = finding.Result is null ? (int?)null : finding.Refused,
                    FirstFailure = finding.Failure is not { } failure ? null : new
                    {
                        failure.Operation, failure.Request.Line, failure.Loop, Milliseconds = failure.Request.Time, failure.Request.Owner,
                        failure.Request.Size, failure.Request.Alignment, failure.Zone.FreeBytes, failure.Zone.LargestFreeBytes,
                        failure.FragmentationIndex,
                        TornBlocks = InvestigationJson.Of(failure.Torn),
                    },
                }),
            },
            JsonStyle.Results) + Environment.NewLine;
    }

    private static IEnumerable<object> Of(TraceLedger ledger, IReadOnlyList<LeakSuspect> suspects) => suspects.Select(suspect => new
    {
        Owner = ledger.Owners.Names[suspect.Owner], BytesPerWindow = suspect.BytesPerLoop, suspect.NeverFreed,
        Since = ledger.Windows.Name(suspect.SinceLoop), suspect.SpansKept, suspect.Spans,
    });
}
