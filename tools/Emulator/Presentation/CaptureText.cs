using Carveout.Emulator.Capture;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes what a capture contains, and what is missing in it.</summary>
internal static class CaptureText
{
    /// <summary>The trace's first line, a comment.</summary>
    public static string FirstLine(CaptureLog log) =>
        $"# trace v1 captured records={log.Records} lost={Lost(log)} missing={Missing(log)}"
            + (log.Sessions[0].PageSize is int page ? $" page={page}" : "")
            + (log.Zones.Values.Sum() is > 0 and var arena ? $" arena={arena}" : "")
            + string.Concat(log.Zones.Where(zone => zone.Value > 0).Select(zone => $" {TraceHeader.ZoneMark}{zone.Key}={zone.Value}"));

    /// <summary>A few lines for people.</summary>
    public static string Summary(CaptureLog log, TraceAssembly trace)
    {
        IEnumerable<string> lines =
        [
            $"records   {log.Records} read; {Lost(log)} lost in the device's ring before they were dumped; "
                + $"{Missing(log)} missing, cut or garbled on the way",
            $"lines     {log.Cut} cut, {log.Garbled} garbled, {log.Doubled} doubled; {log.Other} of other output",
            $"trace     {CountText.Of(trace.Allocations, "request")} ({trace.Refused} refused by the device), {CountText.Of(trace.Frees, "free")}, {CountText.Of(trace.Trims, "trim")}, "
                + $"{CountText.Of(trace.Loops, "loop")}",
            $"repaired  {CountText.Of(trace.Unknown, "free")} or trims of unknown blocks left out; {CountText.Of(trace.Deduced, "free")} put in that must have happened",
        ];
        if (log.Sessions.Count > 1)
        {
            lines = lines.Append($"restarts  {log.Sessions.Count - 1}; the trace frees everything at each");
        }
        if (log.ForeignVersion != 0)
        {
            lines = lines.Append($"warning   the device writes version {log.ForeignVersion} of the format, this reads version "
                + $"{Diagnostics.TraceText.Version}");
        }
        if (log.Records > 0 && log.Sessions.Any(session => session.PageSize is null))
        {
            lines = lines.Append("warning   no header came through: the page size is unknown, and so is how much the blocks take");
        }
        return string.Join(Environment.NewLine, lines) + Environment.NewLine;
    }

    private static long Lost(CaptureLog log) => log.Sessions.Sum(session => session.LostInRing);

    private static long Missing(CaptureLog log) => log.Sessions.Sum(session => session.Missing);
}
