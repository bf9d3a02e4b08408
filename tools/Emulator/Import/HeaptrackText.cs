namespace Carveout.Emulator.Import;

/// <summary>Reads Heaptrack's data, unpacked: as heaptrack_interpret writes it, or raw from the traced program.</summary>
/// <remarks>Source: heaptrack src/interpret/heaptrack_interpret.cpp, src/track/libheaptrack.cpp, src/analyze/accumulatedtracedata.cpp.
/// Numbers are hexadecimal; <c>v</c> is the version, <c>s</c> a string (after its length since version 3 of the format), <c>i</c> an
/// instruction, <c>t</c> a place (an instruction and its caller's place), <c>a</c> a size at a place, <c>+</c> and <c>-</c> a request and a
/// free of one of those, <c>c</c> the milliseconds. In raw data, <c>+</c> has size, place and address, and <c>-</c> the address.
/// Interpreted data does not say which of two live blocks of one size and place is freed; the one that was allocated last is
/// assumed.</remarks>
/// <param name="options">Which sizes and owners to use.</param>
internal sealed class HeaptrackText(ImportOptions options) : TracerFormat(options)
{
    /// <summary>The version of the format since which a string has its length before it.</summary>
    private const ulong LengthsSince = 3;

    private readonly List<string> _strings = [];
    private readonly List<(ulong Address, ulong Module, ulong Function)> _instructions = [];
    private readonly List<ulong> _places = [];
    private readonly List<(long Size, ulong Place)> _requests = [];
    private readonly Dictionary<ulong, Stack<ulong>> _live = [];
    private ulong _version, _taken;
    private long _time;
    private bool _isOpen, _isRaw;

    /// <inheritdoc/>
    public override string Name => "heaptrack";

    /// <inheritdoc/>
    public override string Title => "heaptrack's data, unpacked";

    /// <inheritdoc/>
    protected override LineMeaning Read(in TracerLine line)
    {
        string text = line.Clean;
        if (text.Length < 2 || text[1] != ' ')
        {
            return LineMeaning.Foreign;
        }
        string[] words = text.TrimEnd().Split(' ');
        if (text[0] == 'v' && words.Length is 2 or 3 && TracerNumber.IsHex(words[1], out ulong program) && program >= 0x10000)
        {
            Begin(words);
            return LineMeaning.Read;
        }
        if (!_isOpen)
        {
            return LineMeaning.Foreign;
        }
        // If the line has no end, its last number may be cut. The content of a string does not matter.
        if (!line.IsWhole && text[0] != 's')
        {
            return "abcimtXxIRSA+-".Contains(text[0], StringComparison.Ordinal) ? LineMeaning.Damaged : LineMeaning.Foreign;
        }
        return text[0] switch
        {
            's' => String(text),
            'i' => Instruction(words),
            't' => Place(words),
            'a' => Request(words),
            'c' => Clock(words),
            '+' => Taken(words),
            '-' => Freed(words),
            'X' or 'x' or 'I' or 'R' or 'm' or 'S' or 'A' => LineMeaning.Read,
            '#' => LineMeaning.Read,
            _ => LineMeaning.Foreign,
        };
    }

    private void Begin(string[] words)
    {
        _isOpen = true;
        _version = words.Length == 3 && TracerNumber.IsHex(words[2], out ulong version) ? version : 0;
        _strings.Clear();
        _instructions.Clear();
        _places.Clear();
        _requests.Clear();
    }

    private LineMeaning String(string text)
    {
        string said = text[2..];
        if (_version >= LengthsSince && said.IndexOf(' ') is int blank and > 0)
        {
            said = said[(blank + 1)..];
        }
        _strings.Add(said);
        return LineMeaning.Read;
    }

    private LineMeaning Instruction(string[] words)
    {
        ulong module = 0, function = 0;
        bool isRead = words.Length >= 2 && TracerNumber.IsHex(words[1], out _) && (words.Length < 3 || TracerNumber.IsHex(words[2], out module))
            && (words.Length < 4 || TracerNumber.IsHex(words[3], out function));
        // An instruction that cannot be read keeps its number, since the others are known by theirs.
        _instructions.Add(isRead && TracerNumber.IsHex(words[1], out ulong address) ? (address, module, function) : default);
        return isRead ? LineMeaning.Read : LineMeaning.Damaged;
    }

    private LineMeaning Place(string[] words)
    {
        bool isRead = words.Length == 3 && TracerNumber.IsHex(words[2], out _);
        ulong instruction = 0;
        isRead = isRead && TracerNumber.IsHex(words[1], out instruction);
        _places.Add(instruction);
        return isRead ? LineMeaning.Read : LineMeaning.Damaged;
    }

    private LineMeaning Request(string[] words)
    {
        ulong size = 0, place = 0;
        bool isRead = words.Length == 3 && TracerNumber.IsHex(words[1], out size) && TracerNumber.IsHex(words[2], out place) && size <= long.MaxValue;
        _requests.Add(isRead ? ((long)size, place) : (-1, 0));
        return isRead ? LineMeaning.Read : LineMeaning.Damaged;
    }

    private LineMeaning Clock(string[] words)
    {
        if (words.Length != 2 || !TracerNumber.IsHex(words[1], out ulong milliseconds) || milliseconds > uint.MaxValue)
        {
            return LineMeaning.Damaged;
        }
        _time = (long)milliseconds * 1_000_000;
        return LineMeaning.Read;
    }

    private LineMeaning Taken(string[] words)
    {
        if (words.Length == 4 && TracerNumber.IsHex(words[1], out ulong size) && TracerNumber.IsHex(words[2], out ulong place)
            && TracerNumber.IsHex(words[3], out ulong address) && size <= long.MaxValue)
        {
            _isRaw = true;
            Take(address, (long)size, _time, OwnerOf(place));
            return LineMeaning.Read;
        }
        if (words.Length != 2 || !TracerNumber.IsHex(words[1], out ulong request) || request >= (ulong)_requests.Count
            || _requests[(int)request].Size < 0)
        {
            return LineMeaning.Damaged;
        }
        (long bytes, ulong where) = _requests[(int)request];
        if (!_live.TryGetValue(request, out Stack<ulong>? live))
        {
            _live.Add(request, live = []);
        }
        live.Push(++_taken);
        Take(_taken, bytes, _time, OwnerOf(where));
        return LineMeaning.Read;
    }

    private LineMeaning Freed(string[] words)
    {
        if (words.Length != 2 || !TracerNumber.IsHex(words[1], out ulong what))
        {
            return LineMeaning.Damaged;
        }
        // None of these blocks is live: the free of an unknown block, which the rules count.
        ulong address = _isRaw ? what : _live.TryGetValue(what, out Stack<ulong>? live) && live.Count > 0 ? live.Pop() : ulong.MaxValue;
        Free(address, _time);
        return LineMeaning.Read;
    }

    private string? OwnerOf(ulong place)
    {
        if (place == 0 || place > (ulong)_places.Count)
        {
            return null;
        }
        ulong instruction = _places[(int)place - 1];
        if (_isRaw || instruction == 0 || instruction > (ulong)_instructions.Count)
        {
            return Owner(null, instruction == 0 ? null : $"0x{instruction:x}");
        }
        (ulong address, ulong module, ulong function) = _instructions[(int)instruction - 1];
        return Owner(null, StringOf(function) ?? $"{FileName(StringOf(module))}0x{address:x}");
    }

    private string? StringOf(ulong index) => index == 0 || index > (ulong)_strings.Count ? null : _strings[(int)index - 1];

    private static string FileName(string? path) => path is null ? "" : path[(path.LastIndexOf('/') + 1)..] + "+";
}
