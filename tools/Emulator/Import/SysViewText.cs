using System.Text.RegularExpressions;

namespace Carveout.Emulator.Import;

/// <summary>Reads heap events that ESP-IDF sends to the host, as sysviewtrace_proc.py prints them.</summary>
/// <remarks>Source: esp-idf tools/esp_app_trace/espytrace/apptrace.py, HeapTraceEvent and BaseHeapTraceDataProcessorImpl. The report at its
/// end repeats the blocks that nobody freed. So everything behind its heading is skipped, unless there is nothing else.</remarks>
/// <param name="options">Which sizes and owners to use.</param>
internal sealed partial class SysViewText(ImportOptions options) : TracerFormat(options)
{
    private bool _isReport, _hasEvents;

    /// <inheritdoc/>
    public override string Name => "sysview";

    /// <inheritdoc/>
    public override string Title => "heap events of ESP-IDF (sysviewtrace_proc.py)";

    /// <inheritdoc/>
    protected override LineMeaning Read(in TracerLine line)
    {
        string text = line.Clean;
        if (text.Contains("HEAP TRACE REPORT", StringComparison.Ordinal))
        {
            _isReport = true;
            return LineMeaning.Read;
        }
        if (!text.Contains("HEAP: ", StringComparison.Ordinal))
        {
            return LineMeaning.Foreign;
        }
        Match match = Event().Match(text);
        if (!match.Success || !TracerNumber.IsSeconds(match.Groups["time"].ValueSpan, out long time)
            || !TracerNumber.IsAddress(match.Groups["address"].ValueSpan, out ulong address))
        {
            return LineMeaning.Damaged;
        }
        bool isFree = match.Groups["kind"].Value == "Freed";
        long size = 0;
        if (!isFree && !TracerNumber.IsSize(match.Groups["size"].ValueSpan, out size))
        {
            return LineMeaning.Damaged;
        }
        if (_isReport && _hasEvents)
        {
            return LineMeaning.Read;
        }
        _hasEvents |= !_isReport;
        if (isFree)
        {
            Free(address, time);
            return LineMeaning.Read;
        }
        string caller = match.Groups["caller"].Value;
        Take(address, size, time, Owner(TaskOf(match.Groups["context"].Value), caller.Length > 0 ? caller : null));
        return LineMeaning.Read;
    }

    /// <summary>A task's name stands between quotation marks.</summary>
    private static string TaskOf(string context) => context.Split('"') is [_, { Length: > 0 } name, ..] ? name : context;

    [GeneratedRegex(@"\[\s*(?<time>[0-9]{1,10}\.[0-9]{1,9})\] HEAP: (?<kind>Allocated|Freed) (?:(?<size>[0-9]{1,20}) )?bytes @ (?<address>0x[0-9a-fA-F]{1,16})"
        + @" from (?<context>.{1,80}?) on core [0-9]{1,3} by:(?: ?(?<caller>0x[0-9a-fA-F]{1,16}))?")]
    private static partial Regex Event();
}
