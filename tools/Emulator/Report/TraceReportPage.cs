using System.Text;
using Carveout.Diagnostics;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Presentation;

namespace Carveout.Emulator.Report;

/// <summary>Writes the investigation of a trace as one page.</summary>
internal static class TraceReportPage
{
    /// <summary>The most owners in the table, those with most memory.</summary>
    private const int MostOwners = 20;

    /// <summary>The page.</summary>
    public static string Of(TraceInvestigation found)
    {
        var body = new StringBuilder();
        body.Append(ReportParts.Conclusion(found.Trace.RefusedCount == 0 && found.Findings.All(finding => finding.Cause == Cause.None), TraceConclusions.Of(found)));
        IReadOnlyList<string> limits = TraceConclusions.Limits(found);
        if (limits.Count > 0)
        {
            body.Append("<h2>What the trace does not tell</h2>\n<ul class=\"limits\">")
                .AppendJoin("", limits.Select(line => $"<li>{Plot.Escape(line)}</li>\n")).Append("</ul>\n");
        }
        body.Append(Table(found)).Append(Detail(found)).Append(Owners(found));
        body.Append("<h2>Every policy</h2>\n<p>Colours as above; the dotted line is the first failure.</p>\n");
        foreach (TraceFinding finding in found.Findings)
        {
            if (finding.Recorder is { } recorder)
            {
                var picture = RunPicture.Of(found, recorder);
                body.Append(ReportParts.Small(finding.Setting.Title, $"{finding.Setting.Why} {Sentence(finding.Verdict)}.", picture,
                    new OwnerLook(picture)));
            }
        }
        body.Append(ReportParts.Command(Command(found)));
        string windows = found.Ledger.Windows.AreLoops ? "loops" : "parts";
        body.Append("<p class=\"dim\">The operations are the trace's, the memory is emulated. A policy that could not serve a request goes on "
            + $"without it. {ReportParts.LeakRule($"the trace's {windows}", "the device refuses requests")}</p>\n");
        body.Append(ReportParts.ToDo(Advice.Of(found)));
        return ReportParts.Page(Title(found), Scenario(found), body);
    }

    private static string Title(TraceInvestigation found)
    {
        int failed = found.Findings.Count(finding => finding.Cause != Cause.None);
        return found.Trace.RefusedCount > 0
            ? $"{TraceConclusions.Refused(found)}: {found.Trace.Name}"
            : failed == 0
            ? $"Every policy serves {found.Trace.Name}"
            : $"Why {failed} of {found.Findings.Count} policies fail on {found.Trace.Name}";
    }

    private static string Scenario(TraceInvestigation found)
    {
        TraceLedger ledger = found.Ledger;
        string loops = found.Trace.LoopStarts.Count == 0 ? "" : $", {CountText.Of(found.Trace.LoopStarts.Count, "loop")}";
        string time = ledger.Axis.Milliseconds is long milliseconds ? $", {TraceAxis.Seconds(milliseconds / 1000.0)}" : "";
        string owners = ledger.Owners.AreNamed ? $", {CountText.Of(ledger.Owners.Names.Count, "owner")}" : "";
        int requests = ledger.Accounts.Sum(account => account.Requests);
        return $"{CountText.Of(found.Trace.Operations.Count, "operation")}, {requests} of them requests{loops}{time}{owners}; at most "
            + $"{SizeText.Of(ledger.PeakBytes)} live at once, served from {SizeText.Of(found.Arena.Size)} in pages of "
            + $"{SizeText.Of(found.Arena.PageSize)}.";
    }

    private static string Table(TraceInvestigation found)
    {
        var text = new StringBuilder("<h2>What was tried</h2>\n<table class=\"settings\"><thead><tr><th>Policy</th>"
            + "<th>First failure</th><th>Why</th></tr></thead><tbody>\n");
        foreach (TraceFinding finding in found.Findings)
        {
            text.Append($"<tr><td>{Plot.Escape(finding.Setting.Title)}<small>{Plot.Escape(finding.Setting.Why)}</small></td><td class=\"life\">");
            if (finding.Result is not null)
            {
                double share = finding.Failure is null ? 1 : (double)finding.Failure.Operation / found.Trace.Operations.Count;
                text.Append(ReportParts.Bar(finding.Failure is null, share));
                text.Append(finding.Failure is { } failure
                    ? Plot.Escape(TraceConclusions.Place(found, failure))
                    : "<span class=\"lives\">none</span>");
                text.Append(CultureInfo.InvariantCulture, $"<small>{finding.Refused} of {CountText.Of(finding.Result.Allocations, "request")} failed</small>");
            }
            text.Append(ReportParts.Why(finding.Verdict, finding.Failure?.FragmentationIndex));
        }
        return text.Append("</tbody></table>\n").ToString();
    }

    private static string Detail(TraceInvestigation found)
    {
        TraceFinding finding = found.Shown;
        var picture = RunPicture.Of(found, finding.Recorder!);
        var look = new OwnerLook(picture);
        string looks = found.Ledger.Axis.IsTime ? "equal times" : "equal numbers of operations";
        string failure = picture.FailedAt is null ? "" : " The dotted line is the first failure; what failed is left out from there on.";
        string wanted = picture.WantedName;
        var text = new StringBuilder($"<h2>{(finding.Failure is null ? "One policy" : "The first failure")} in pictures</h2>\n"
            + $"<p>{Plot.Escape(finding.Setting.Title)}: {Plot.Escape(finding.Verdict)}.</p>\n");
        text.Append(ReportParts.Figure("Who has which memory", $"Columns are looks at {looks}; addresses rise from bottom to top. What stays through "
            + "all columns was never given back." + failure, MemoryMapFigure.Of(picture, look, ReportParts.Columns)));
        text.Append(ReportParts.Figure("What is free", $"/proc/buddyinfo: free memory by block size. Green holds {wanted}, brown does not.",
            FreeBlocksFigure.Of(picture)));
        text.Append(ReportParts.Figure($"The largest free block, and {wanted}", $"At {looks}.", LargestFreeFigure.Of(picture)));
        text.Append(ReportParts.Figure("Who grows", "Memory of each owner as the trace has it, whatever the policy."
            + (picture.Accused.Count == 0 ? "" : " Red is whoever is accused of leaking."), OwnersFigure.Of(picture, look)));
        if (finding.Failure?.Torn is { Blocks.Count: > 0 } torn)
        {
            text.Append(ReportParts.Figure("What tears the blocks", TraceConclusions.Tearing(finding) + " Each row is such a block, those nearest to "
                + "being whole first.", TornBlocksFigure.Of(picture, torn, look)));
        }
        string also = finding.Failure is null ? "" : " and at the failure";
        text.Append($"<h3>Buddyinfo</h3>\n<p class=\"dim\">Free blocks of order 0, 1, 2 … at some looks{also}; "
            + $"on the left {(found.Ledger.Axis.IsTime ? "the time" : "the operation")}.</p>\n{FreeBlocksFigure.Dumps(picture)}");
        return text.Append(ReportParts.Said(finding.Failure?.Report ?? "")).ToString();
    }

    private static string Owners(TraceInvestigation found)
    {
        TraceLedger ledger = found.Ledger;
        var text = new StringBuilder($"<h2>{(ledger.Owners.AreNamed ? "Owners" : "Requests by size")}</h2>\n<table class=\"owners\"><thead><tr>"
            + $"<th>{(ledger.Owners.AreNamed ? "Owner" : "Size")}</th><th>Requests</th><th>Frees</th><th>At most</th><th>In the end</th></tr></thead>"
            + "<tbody>\n");
        foreach (int owner in Enumerable.Range(0, ledger.Accounts.Count).OrderByDescending(owner => ledger.Accounts[owner].BytesAtEnd)
            .ThenByDescending(owner => ledger.Accounts[owner].PeakBytes).Take(MostOwners))
        {
            OwnerAccount account = ledger.Accounts[owner];
            string accused = Has(ledger.Suspects, owner) ? " class=\"dies\"" : "", undecided = Has(ledger.Undecided, owner) ? " <small>may leak</small>" : "";
            text.Append(CultureInfo.InvariantCulture, $"<tr><td{accused}>{Plot.Escape(ledger.Owners.Names[owner])}{undecided}</td><td>{account.Requests}</td>"
                + $"<td>{account.Frees}</td><td>{SizeText.Of(account.PeakBytes)}</td><td>{SizeText.Of(account.BytesAtEnd)}</td></tr>\n");
        }
        text.Append("</tbody></table>\n");
        int left = ledger.Accounts.Count - MostOwners;
        return text.Append(left > 0 ? $"<p class=\"dim\">{left} more have less.</p>\n" : "").ToString();

        static bool Has(IReadOnlyList<LeakSuspect> suspects, int owner) => suspects.Any(suspect => suspect.Owner == owner);
    }

    private static string Command(TraceInvestigation found)
    {
        TraceArena arena = found.Arena;
        return $"carveout investigate --trace {found.Trace.Name} --arena {arena.Size} --page {arena.PageSize}{found.Question.Options} --out DIR";
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
