using System.Text.RegularExpressions;

namespace Carveout.Emulator.Import;

/// <summary>Reads calls with their results: <c>malloc(24) = 0x55d0</c>, as ltrace, valgrind --trace-malloc=yes and many wrappers print
/// them.</summary>
/// <remarks>Sources: ltrace output.c (threads, times, <c>&lt;unfinished ...&gt;</c>, <c>resumed</c>), valgrind coregrind/m_replacemalloc/
/// vg_replace_malloc.c. A free happens when it is called, an allocation when it returns. If a call within another call shows the same
/// memory, both are one event.</remarks>
/// <param name="options">Which sizes and owners to use.</param>
internal sealed partial class CallLog(ImportOptions options) : TracerFormat(options)
{
    /// <summary>Nanoseconds of a day. A clock that gives the time of day starts again at midnight.</summary>
    private const long Day = 86_400_000_000_000;

    /// <summary>A smaller number of seconds is no date. It may be the time since the previous line, as ltrace -r prints it.</summary>
    private const long ShortClock = 1_000_000_000_000_000;

    /// <summary>Stands for an address that may be cut at the end of the text; nobody can free this memory any more.</summary>
    private const ulong SomeAddress = ulong.MaxValue;

    private readonly Dictionary<long, Stack<Pending>> _pending = [];
    private long _days, _last = HeapEvent.Untimed;
    private bool _runsBackwards;

    /// <inheritdoc/>
    public override string Name => "calls";

    /// <inheritdoc/>
    public override string Title => "calls of malloc and free (ltrace, valgrind --trace-malloc, logs)";

    /// <summary>How many calls have no end in the text.</summary>
    public int Unfinished => _pending.Values.Sum(calls => calls.Count);

    /// <inheritdoc/>
    protected override LineMeaning Read(in TracerLine line)
    {
        string text = line.Said;
        if (!text.Contains("alloc", StringComparison.Ordinal) && !text.Contains("ree", StringComparison.Ordinal)
            && !text.Contains("_Z", StringComparison.Ordinal) && !text.Contains("memalign", StringComparison.Ordinal)
            && !text.Contains("operator ", StringComparison.Ordinal))
        {
            return LineMeaning.Foreign;
        }
        if (Resumed().Match(text) is { Success: true } resumed)
        {
            return Resume(resumed, text, line);
        }
        LineMeaning meaning = LineMeaning.Foreign;
        for (Match call = Call().Match(text); call.Success; call = call.NextMatch())
        {
            LineMeaning found = Enter(call, text, line);
            meaning = found == LineMeaning.Foreign ? meaning : found;
        }
        return meaning;
    }

    /// <inheritdoc/>
    public override void End()
    {
        if (!_runsBackwards)
        {
            return;
        }
        // The times were relative to the previous line, which a trace cannot use.
        for (int i = 0; i < Events.Count; i++)
        {
            Events[i] = Events[i] with { Time = HeapEvent.Untimed };
        }
    }

    private LineMeaning Enter(Match call, string text, in TracerLine line)
    {
        string name = NameOf(call.Groups["name"].Value);
        int start = call.Index + call.Length;
        (long task, string? site) = Before(text[..call.Index]);
        int unfinished = text.IndexOf("<unfinished", start, StringComparison.Ordinal);
        if (unfinished >= 0)
        {
            string[] said = Arguments(text[start..unfinished]);
            return Begin(new Pending(name, said, site, Events.Count), task, TimeOf(text, call.Index, line)) ? LineMeaning.Read : LineMeaning.Damaged;
        }
        int close = text.IndexOf(')', start);
        if (close < 0)
        {
            // Prose may contain a word and a parenthesis, but the text in that does not begin with a digit.
            return start < text.Length && (char.IsAsciiDigit(text[start]) || text[start] == '(') ? LineMeaning.Damaged : LineMeaning.Foreign;
        }
        string[] arguments = Arguments(text[start..close]);
        Match result = Result().Match(text, close + 1);
        if (name == "free")
        {
            if (arguments.Length == 0 || !TracerNumber.IsAddress(arguments[0], out ulong freed))
            {
                return LineMeaning.Foreign;
            }
            if (!IsOf(Pendings(task), "free", freed))
            {
                Free(freed, TimeOf(text, call.Index, line), task);
            }
            return LineMeaning.Read;
        }
        if (!result.Success)
        {
            // Valgrind prints the free behind a realloc to size 0 in the same line. A declaration has no result either.
            return name == "realloc" || arguments.Length == 0 || !char.IsAsciiDigit(arguments[0].Length > 0 ? arguments[0][0] : 'x')
                ? LineMeaning.Foreign : LineMeaning.Damaged;
        }
        return End(new Pending(name, arguments, site, Events.Count), result.Groups[1].Value, task, TimeOf(text, call.Index, line),
            line.IsWhole || result.Index + result.Length < text.Length) ? LineMeaning.Read : LineMeaning.Damaged;
    }

    private LineMeaning Resume(Match resumed, string text, in TracerLine line)
    {
        (long task, _) = Before(text[..resumed.Index]);
        string name = NameOf(resumed.Groups["name"].Value);
        Stack<Pending> calls = Pendings(task);
        // These inner calls never returned, or their returns were lost.
        while (calls.Count > 0 && calls.Peek().Name != name && calls.Any(call => call.Name == name))
        {
            calls.Pop();
        }
        if (calls.Count == 0 || calls.Peek().Name != name)
        {
            return LineMeaning.Damaged;
        }
        Pending begun = calls.Pop();
        if (name == "free")
        {
            return LineMeaning.Read;
        }
        Match result = Result().Match(text, resumed.Index + resumed.Length);
        bool isRead = result.Success && End(begun, result.Groups[1].Value, task, TimeOf(text, resumed.Index, line),
            line.IsWhole || result.Index + result.Length < text.Length);
        return isRead ? LineMeaning.Read : LineMeaning.Damaged;
    }

    /// <summary>Begins a call that has no end yet. What it frees counts as free from now on, if the call succeeds.</summary>
    private bool Begin(Pending call, long task, long time)
    {
        if (call.Name is "free" or "realloc" && (call.Arguments.Length == 0 || !TracerNumber.IsAddress(call.Arguments[0], out _)))
        {
            return false;
        }
        if (call.Name == "free")
        {
            TracerNumber.IsAddress(call.Arguments[0], out ulong address);
            if (!IsOf(Pendings(task), "free", address))
            {
                Free(address, time, task);
            }
        }
        else if (call.Name == "realloc")
        {
            TracerNumber.IsAddress(call.Arguments[0], out ulong old);
            Events.Add(new HeapEvent(HeapEventKind.Nothing, TraceLevel.Objects, 0, -1, task, time, old, 0));
        }
        Pendings(task).Push(call);
        return true;
    }

    private bool End(Pending call, string word, long task, long time, bool isWhole)
    {
        // The result may be cut; only a spelt-out null is certain.
        if (!TracerNumber.IsAddress(word, out ulong address) || (!isWhole && address == 0 && char.IsAsciiDigit(word[^1])))
        {
            return false;
        }
        address = isWhole || address == 0 ? address : SomeAddress;
        string[] said = call.Arguments;
        string? owner = Owner(task == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"task-{task}"), call.Site);
        long size;
        switch (call.Name)
        {
            case "realloc":
                if (said.Length < 2 || !TracerNumber.IsAddress(said[0], out ulong old) || !TracerNumber.IsSize(said[1], out size)
                    || (said.Length > 2 && said[2].Length > 0 && !TracerNumber.IsSize(said[2], out _)))
                {
                    return false;
                }
                return Reallocated(call, old, address, said.Length > 2 && TracerNumber.IsSize(said[2], out long count)
                    ? TracerNumber.Product(size, count) : size, task, time, owner);
            case "calloc":
                if (said.Length < 2 || !TracerNumber.IsSize(said[0], out long members) || !TracerNumber.IsSize(said[1], out size))
                {
                    return false;
                }
                return Taken(call, address, TracerNumber.Product(members, size), ObjectAlignment, task, time, owner);
            case "memalign":
                if (said.Length < 2 || !TracerNumber.IsSize(said[0], out long alignment) || !TracerNumber.IsSize(said[1], out size))
                {
                    return false;
                }
                return Taken(call, address, size, (ulong)alignment, task, time, owner);
            case "posix_memalign":
                // The result is an error number; the address of the memory is not printed.
                return false;
            default:
                return said.Length > 0 && TracerNumber.IsSize(said[0], out size)
                    && Taken(call, address, size, call.Name == "valloc" ? (ulong)Options.PageSize : ObjectAlignment, task, time, owner);
        }
    }

    private bool Taken(Pending call, ulong address, long size, ulong alignment, long task, long time, string? owner)
    {
        if (!Shown(call, HeapEventKind.Take, address, task))
        {
            Take(address, size, time, owner, alignment, task);
        }
        return true;
    }

    private bool Reallocated(Pending call, ulong old, ulong address, long size, long task, long time, string? owner)
    {
        bool isUnfinished = call.Since < Events.Count && Events[call.Since] is { Kind: HeapEventKind.Nothing } begun && begun.Address == old
            && begun.Task == task;
        if (!isUnfinished)
        {
            Reallocate(old, address, size, time, owner, task);
            return true;
        }
        if (address == 0 && size > 0)
        {
            Events.FailedReallocations++;
            return true;
        }
        if (old != 0 && !Shown(call, HeapEventKind.Free, old, task))
        {
            Events[call.Since] = Events[call.Since] with { Kind = HeapEventKind.Free };
        }
        if (address != 0 && !Shown(call, HeapEventKind.Take, address, task))
        {
            Take(address, size, time, owner, ObjectAlignment, task);
        }
        return true;
    }

    /// <summary>Whether a call inside an unfinished one has shown the same event.</summary>
    private bool Shown(Pending call, HeapEventKind kind, ulong address, long task)
    {
        for (int i = Events.Count - 1; i >= call.Since; i--)
        {
            if (Events[i].Kind == kind && Events[i].Task == task && (Events[i].Address == address || address == SomeAddress))
            {
                return true;
            }
        }
        return false;
    }

    private Stack<Pending> Pendings(long task)
    {
        if (!_pending.TryGetValue(task, out Stack<Pending>? calls))
        {
            _pending.Add(task, calls = []);
        }
        return calls;
    }

    private static bool IsOf(Stack<Pending> calls, string name, ulong address) =>
        calls.Any(call => call.Name == name && TracerNumber.IsAddress(call.Arguments[0], out ulong other) && other == address);

    /// <summary>The thread and the call site, from the text before a call.</summary>
    private static (long Task, string? Site) Before(string text)
    {
        Match thread = Thread().Match(text);
        Match place = Place().Match(text);
        return (thread.Success ? long.Parse(thread.Groups[1].Success ? thread.Groups[1].Value : thread.Groups[2].Value, CultureInfo.InvariantCulture) : 0,
            place.Success ? place.Value.Trim('[', ']') : null);
    }

    private long TimeOf(string text, int call, in TracerLine line)
    {
        long time = line.Time;
        bool isShort = false;
        Match stamp = Stamp().Match(text[..call]);
        if (stamp.Success)
        {
            string word = stamp.Groups[1].Value;
            time = word.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(word, CultureInfo.InvariantCulture, out TimeSpan day)
                ? day.Ticks * 100
                : TracerNumber.IsSeconds(word, out long seconds) ? seconds : HeapEvent.Untimed;
            isShort = !word.Contains(':', StringComparison.Ordinal) && time < ShortClock;
        }
        if (time == HeapEvent.Untimed)
        {
            return time;
        }
        time += _days;
        if (_last != HeapEvent.Untimed && time < _last)
        {
            if (_last - time > Day / 2)
            {
                _days += Day;
                time += Day;
            }
            else
            {
                _runsBackwards |= isShort;
            }
        }
        _last = time;
        return time;
    }

    private static string[] Arguments(string text) =>
        [.. text.Split(',').Select(word => word.Trim()).Select(word => word.LastIndexOf(' ') is int blank and >= 0 ? word[(blank + 1)..] : word)
            .Where(word => word.Length > 0)];

    private static string NameOf(string name) => name switch
    {
        "cfree" or "vPortFree" or "heap_caps_free" or "k_free" or "kfree" or "vfree" or "kvfree" => "free",
        "heap_caps_calloc" or "pvPortCalloc" or "k_calloc" or "kcalloc" => "calloc",
        "heap_caps_realloc" or "pvPortRealloc" or "k_realloc" or "krealloc" or "reallocarray" => "realloc",
        "aligned_alloc" or "heap_caps_aligned_alloc" or "k_aligned_alloc" => "memalign",
        "pvalloc" => "valloc",
        _ when name.StartsWith("_Zd", StringComparison.Ordinal) || name.StartsWith("operator delete", StringComparison.Ordinal) => "free",
        _ when name.StartsWith("_Zn", StringComparison.Ordinal) || name.StartsWith("operator new", StringComparison.Ordinal) => "malloc",
        "pvPortMalloc" or "heap_caps_malloc" or "k_malloc" or "kmalloc" or "kzalloc" or "vmalloc" or "kvmalloc" => "malloc",
        _ => name,
    };

    private const string Names = @"(?<name>malloc|calloc|realloc|reallocarray|free|cfree|memalign|aligned_alloc|posix_memalign|valloc|pvalloc"
        + @"|_Zn[wa][jm]\w{0,40}|_Zd[la]Pv\w{0,40}|operator (?:new|delete)(?:\[\])?(?:\([\w ,:*&]{0,60}\))?"
        + @"|pvPort(?:Malloc|Calloc|Realloc)|vPortFree|heap_caps_(?:malloc|calloc|realloc|free|aligned_alloc)"
        + @"|k_(?:malloc|calloc|realloc|free|aligned_alloc)|k(?:malloc|zalloc|calloc|realloc|free|vmalloc|vfree)|vmalloc|vfree)";

    [GeneratedRegex(@"(?<![\w.])" + Names + @"(?:@[\w.+-]{1,60})?\(")]
    private static partial Regex Call();

    [GeneratedRegex(@"<\.\.\. (?:[\w.+-]{1,60}->)?" + Names + @"(?:@[\w.+-]{1,60})? resumed>")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"\G[\s)]{0,300}(?:=|->|returns|returned)\s*(0[xX][0-9a-fA-F]{1,16}|\(nil\)|\(null\)|nil|NULL|[0-9a-fA-F]{1,16})\b?(?![\w.])")]
    private static partial Regex Result();

    [GeneratedRegex(@"\[pid ([0-9]{1,9})\]|^\s*([0-9]{1,9})\s")]
    private static partial Regex Thread();

    [GeneratedRegex(@"\[0x[0-9a-fA-F]{1,16}\]")]
    private static partial Regex Place();

    [GeneratedRegex(@"(?:^|\s)([0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:\.[0-9]{1,9})?|[0-9]{1,10}\.[0-9]{3,9})\s")]
    private static partial Regex Stamp();

    /// <summary>A call that has begun.</summary>
    /// <param name="Name">The name; calls that do the same have one name.</param>
    /// <param name="Arguments">The arguments as printed.</param>
    /// <param name="Site">The call site, or null.</param>
    /// <param name="Since">The number of the first event after its beginning.</param>
    private sealed record Pending(string Name, string[] Arguments, string? Site, int Since);
}
