using Carveout.Emulator.Import;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes what an import found, what was damaged, and what was corrected.</summary>
internal static class ImportText
{
    /// <summary>A few lines for people.</summary>
    public static string Summary(TraceImport import, ImportOptions options, TraceBuilder trace)
    {
        TracerFormat format = import.Format!;
        var lines = new List<string>
        {
            $"format    {format.Title}",
            $"lines     {format.Lines} read, {import.Damaged} damaged and left out, {import.OtherLines} of other output"
                + (import.TooLong > 0 ? $", {import.TooLong} longer than {TraceImport.LongestLine} characters" : ""),
            $"events    {format.Events.Count}" + (format.Events.Lost > 0 ? $"; {format.Events.Lost} more that the tracer says it lost" : ""),
            $"trace     {CountText.Of(trace.Requests, "request")} ({trace.Refused} refused), {CountText.Of(trace.Frees, "free")}, {CountText.Of(trace.Trims, "trim")}",
            $"repaired  {CountText.Of(trace.Unknown, "free")} of what was not live left out; {CountText.Of(trace.Deduced, "free")} put in that must have happened",
        };
        if (trace.TooLarge > 0)
        {
            lines.Add($"too large {CountText.Of(trace.TooLarge, "request")} of more than 2 GB left out: a trace cannot say them");
        }
        if (format.Events.FreesWithoutTime > 0)
        {
            lines.Add($"untimed   {CountText.Of(format.Events.FreesWithoutTime, "free")} of which the dump does not tell when: put in as late as can be");
        }
        if (format.Events.FailedReallocations > 0)
        {
            lines.Add($"realloc   {format.Events.FailedReallocations} failed, and did nothing");
        }
        if (import.HasBothLevels)
        {
            lines.Add($"level     {(import.Level == TraceLevel.Pages ? "pages" : "objects")}, of a trace that tells both; --level "
                + (import.Level == TraceLevel.Pages ? "objects takes what lies in them" : "pages takes what they lie in"));
        }
        if (import.Level == TraceLevel.Objects && format is KernelEvents)
        {
            lines.Add(options.Allocated
                ? "sizes     as given, bytes_alloc; --bytes req takes what was asked for"
                : "sizes     as asked for, bytes_req; --bytes alloc takes what was given");
        }
        if (import.Level == TraceLevel.Pages)
        {
            lines.Add($"pages     of {options.PageSize} bytes; the tracer does not say, --page does");
        }
        foreach (TracerFormat other in import.OtherFormats)
        {
            lines.Add($"warning   {other.Events.Count} events of another format are left out: {other.Title}; --format {other.Name} takes those");
        }
        if (format.AtTheEdge > 0)
        {
            lines.Add($"warning   {format.AtTheEdge} lines are 80 characters wide: if a terminal cut them, their last numbers are wrong");
        }
        return string.Concat(lines.Select(line => line + Environment.NewLine));
    }

    /// <summary>The text if nothing was found, with the formats that are recognised.</summary>
    public static string Nothing(TraceImport import, ImportOptions options)
    {
        var lines = new List<string> { $"no request in it: {CountText.Of(import.OtherLines, "line")} of other output, {import.Damaged} damaged" };
        if (import.DumpLines > 0)
        {
            lines.Add($"{import.DumpLines} of them are of a dump of Carveout's own: carveout capture makes a trace of it");
        }
        if (import.TraceLines > 0)
        {
            lines.Add("it looks like a trace already: carveout replay --trace and investigate --trace take it");
        }
        lines.Add(options.Format is null ? "what is known:" : $"what --format {options.Format} knows:");
        lines.AddRange((options.Format is null ? TraceImport.Formats : TraceImport.Formats.Where(format => format.Name == options.Format))
            .Select(format => $"  {format.Name,-16}{format.Title}"));
        return string.Concat(lines.Select(line => line + Environment.NewLine));
    }
}
