using System.Text.RegularExpressions;

namespace Carveout.Emulator.Import;

/// <summary>Reads the kernel's memory events as ftrace, trace-cmd report, perf script and babeltrace print them.</summary>
/// <remarks>Sources: Linux include/trace/events/kmem.h and cma.h (2.6.32 to 6.x), kernel/trace/trace_output.c (lines, latency columns) and
/// trace_functions_graph.c (events as comments), trace-cmd and libtraceevent, tools/perf/builtin-script.c, lttng-modules kmem.h.
/// Differences: a frame's number is decimal before 5.13 and hexadecimal with 0x since then, but always hexadecimal in cma events; a pointer
/// is an address, a hash of one, or (nil); free was mm_page_free_direct before 3.3; cma_alloc_finish was cma_alloc before 5.13.</remarks>
/// <param name="options">Which sizes and owners to use.</param>
internal sealed partial class KernelEvents(ImportOptions options) : TracerFormat(options)
{
    /// <summary>The largest order of any architecture: MAX_ORDER was at most 64 MB of pages.</summary>
    private const long MostOrder = 20;

    /// <summary>Digits of a pointer that the kernel prints without 0x, with 32 and with 64 bits.</summary>
    private const int ShortPointer = 8, LongPointer = 16;

    /// <summary>kmalloc of 0 bytes gives an address up to this one, without memory behind it: ZERO_SIZE_PTR.</summary>
    private const ulong ZeroSizePointer = 16;

    /// <inheritdoc/>
    public override string Name => "kernel";

    /// <inheritdoc/>
    public override string Title => "kernel events (ftrace, trace-cmd, perf script, LTTng)";

    /// <inheritdoc/>
    protected override LineMeaning Read(in TracerLine line)
    {
        string text = line.Said;
        if (LostIn(text) is long lost)
        {
            Events.Lost += lost;
            return LineMeaning.Read;
        }
        // All of them print a colon behind the name, and hardly any other text does.
        if (!text.Contains("page", StringComparison.Ordinal) && !text.Contains("kmalloc", StringComparison.Ordinal)
            && !text.Contains("kmem_", StringComparison.Ordinal) && !text.Contains("kfree", StringComparison.Ordinal)
            && !text.Contains("cma_", StringComparison.Ordinal))
        {
            return LineMeaning.Foreign;
        }
        Match match = EventName().Match(text);
        if (!match.Success)
        {
            return LineMeaning.Foreign;
        }
        string said = text[(match.Index + match.Length)..];
        // A function graph prints an event as a comment.
        bool isClosed = said.EndsWith("*/", StringComparison.Ordinal);
        var fields = new EventFields(isClosed ? said[..^2] : said);
        var by = Source.Of(text[..match.Index], fields, line);
        bool isRead = (fields.IsClosed || !said.Contains('{', StringComparison.Ordinal))
            && Take(match.Groups["name"].Value, fields, by, line.IsWhole || isClosed || fields.IsClosed);
        return isRead ? LineMeaning.Read : LineMeaning.Damaged;
    }

    private bool Take(string name, EventFields fields, Source by, bool isWhole)
    {
        switch (name)
        {
            case "mm_page_alloc":
                return fields.Has("gfp_flags") && Order(fields, true) is long order && Frame(fields, false) is ulong frame
                    && Page(frame == 0 || frame == ulong.MaxValue ? HeapEventKind.Refuse : HeapEventKind.Take, frame, order, by);
            case "mm_page_free" or "mm_page_free_direct" or "mm_pagevec_free":
                return Order(fields, isWhole) is long freed && Frame(fields, false) is ulong first && Page(HeapEventKind.Free, first, freed, by);
            case "mm_page_free_batched":
                return fields.Has("order") && Frame(fields, false) is ulong batched && Page(HeapEventKind.FreeInBatch, batched, 0, by);
            case "cma_alloc_start" or "cma_alloc_busy_retry" or "cma_alloc_info":
                return true;
            case "cma_alloc_finish" or "cma_alloc":
                return Area(name == "cma_alloc_finish", fields, by, isWhole);
            case "cma_release":
                if (Count(fields, isWhole) is not long count || Frame(fields, true) is not ulong released)
                {
                    return false;
                }
                Add(HeapEventKind.FreeArea, released, count, 0, by);
                return true;
            case "kfree" or "kmem_cache_free":
                if (Pointer(fields, isWhole) is not ulong pointer)
                {
                    return false;
                }
                Free(pointer > ZeroSizePointer ? pointer : 0, by.Time, by.Task);
                return true;
            default:
                return Object(fields, by);
        }
    }

    private bool Object(EventFields fields, Source by)
    {
        if (!fields.Has("gfp_flags") || Pointer(fields, true) is not ulong pointer
            || !TracerNumber.IsSize(fields["bytes_req"], out long asked) || !TracerNumber.IsSize(fields["bytes_alloc"], out long given))
        {
            return false;
        }
        if (asked > 0 || pointer > ZeroSizePointer)
        {
            Take(pointer > ZeroSizePointer ? pointer : 0, Options.Allocated ? given : asked, by.Time, Owner(by.Command, Site(fields["call_site"])),
                ObjectAlignment, by.Task);
        }
        return true;
    }

    private bool Area(bool saysError, EventFields fields, Source by, bool isWhole)
    {
        if (Count(fields, true) is not long count || Frame(fields, true) is not ulong frame || !TracerNumber.IsSize(fields["align"], out long align)
            || align > MostOrder || (saysError && !fields.Has("errorno")) || !(saysError || isWhole || align > 2))
        {
            return false;
        }
        bool failed = frame is 0 or ulong.MaxValue || (saysError && fields["errorno"] != "0");
        Add(failed ? HeapEventKind.Refuse : HeapEventKind.TakeArea, frame, count, (byte)align, by);
        return true;
    }

    private bool Page(HeapEventKind kind, ulong frame, long order, Source by)
    {
        Add(kind, frame, 1L << (int)order, (byte)order, by);
        return true;
    }

    private void Add(HeapEventKind kind, ulong frame, long pages, byte alignment, Source by) =>
        Events.Add(new HeapEvent(kind, TraceLevel.Pages, alignment, Events.OwnerOf(by.Command), by.Task, by.Time, frame, pages));

    /// <summary>An order. If the line may be cut behind it, and it could be the first of two digits, it is not used.</summary>
    private static long? Order(EventFields fields, bool isWhole) =>
        TracerNumber.IsSize(fields["order"], out long order) && order <= MostOrder && (isWhole || order is not (1 or 2)) ? order : null;

    private static long? Count(EventFields fields, bool isWhole) =>
        isWhole && TracerNumber.IsSize(fields["count"], out long count) && count is > 0 and < int.MaxValue ? count : null;

    private static ulong? Frame(EventFields fields, bool isHexadecimal)
    {
        string word = fields["pfn"];
        if (isHexadecimal || word.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return TracerNumber.IsAddress(word, out ulong address) ? address : null;
        }
        return ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ulong frame) ? frame : null;
    }

    private static ulong? Pointer(EventFields fields, bool isWhole)
    {
        string word = fields["ptr"];
        bool isBare = word.Length > 0 && char.IsAsciiHexDigit(word[0]) && !word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (isBare && word.Length is not (ShortPointer or LongPointer))
        {
            return null;
        }
        return (isWhole || (isBare && word.Length == LongPointer)) && TracerNumber.IsAddress(word, out ulong pointer) ? pointer : null;
    }

    private static string? Site(string site) => site.Length == 0 || TracerNumber.IsAddress(site, out ulong address) && address == 0 ? null : site;

    private static long? LostIn(string line)
    {
        if (!line.Contains("LOST", StringComparison.Ordinal) && !line.Contains("EVENTS DROPPED", StringComparison.Ordinal))
        {
            return null;
        }
        Match match = LostEvents().Match(line);
        return match.Success && long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long lost) ? lost : null;
    }

    [GeneratedRegex(@"(?:^|[\s:])(?:kmem[:_]|cma[:_])?(?<name>mm_page_alloc|mm_page_free(?:_direct|_batched)?|mm_pagevec_free|kmalloc(?:_node)?|kfree"
        + @"|kmem_cache_(?:alloc(?:_node)?|free)|cma_alloc(?:_start|_finish|_busy_retry|_info)?|cma_release):\s")]
    private static partial Regex EventName();

    [GeneratedRegex(@"(?:\[LOST ([0-9]{1,18}) EVENTS\]|\[([0-9]{1,18}) EVENTS DROPPED\]|PERF_RECORD_LOST(?:_SAMPLES)?:? (?:lost )?([0-9]{1,18}))")]
    private static partial Regex LostEvents();

    /// <summary>The task and the time, from the text before an event's name.</summary>
    private readonly partial record struct Source(string? Command, long Task, long Time)
    {
        /// <summary>The longest name of a task: TASK_COMM_LEN without its end.</summary>
        private const int LongestCommand = 15;

        public static Source Of(string before, EventFields fields, in TracerLine line)
        {
            if (Ftrace().Match(before) is { Success: true } ftrace)
            {
                return new Source(CommandOf(ftrace.Groups[1].Value, ftrace.Groups[2].Value), Number(ftrace.Groups[2]), TimeOf(ftrace.Groups[3].Value));
            }
            if (Perf().Match(before) is { Success: true } perf)
            {
                return new Source(CommandOf(perf.Groups[1].Value, perf.Groups[2].Value), Number(perf.Groups[2]), TimeOf(perf.Groups[3].Value));
            }
            if (Latency().Match(before) is { Success: true } latency)
            {
                return new Source(CommandOf(latency.Groups[1].Value, latency.Groups[2].Value), Number(latency.Groups[2]), Number(latency.Groups[3]) * 1000);
            }
            if (Graph().Match(before) is { Success: true } graph)
            {
                return new Source(null, 0, TimeOf(graph.Groups[1].Value));
            }
            string name = fields["procname"].Trim('"');
            return new Source(name.Length > 0 ? name : null, TracerNumber.IsSize(fields["tid"], out long task) ? task : 0, line.Time);
        }

        private static string CommandOf(string name, string task)
        {
            name = name.Trim();
            // A logger's words may precede the name, which itself may contain blanks.
            while (name.Length > LongestCommand && name.IndexOf(' ') is int blank and >= 0)
            {
                name = name[(blank + 1)..].TrimStart();
            }
            return name == "<...>" ? "pid-" + task : name;
        }

        private static long TimeOf(string seconds) => TracerNumber.IsSeconds(seconds, out long time) ? time : HeapEvent.Untimed;

        private static long Number(Group digits) =>
            long.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

        [GeneratedRegex(@"(\S.{0,60}?)-([0-9]{1,8})\s+(?:\(\s*[-0-9]{1,8}\)\s+)?\[[0-9]{1,5}\]\s+(?:[^\s0-9:]\S{0,7}\s+|\S{4,5}\s+)?([0-9]{1,12}\.[0-9]{1,9}):\s*$")]
        private static partial Regex Ftrace();

        [GeneratedRegex(@"(\S.{0,60}?)\s+(?:[0-9]{1,8}/)?([0-9]{1,8})\s+\[[0-9]{1,5}\]\s+([0-9]{1,12}\.[0-9]{1,9}):\s*(?:kmem:|cma:)?\s*$")]
        private static partial Regex Perf();

        [GeneratedRegex(@"(\S.{0,20}?)-([0-9]{1,8})\s+\S{1,8}\s+([0-9]{1,12})us\S?\s*:\s*$")]
        private static partial Regex Latency();

        [GeneratedRegex(@"^\s*([0-9]{1,12}\.[0-9]{1,9})\s*\|")]
        private static partial Regex Graph();
    }
}
