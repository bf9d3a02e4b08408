using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Carveout.Emulator.Logs;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Finds dumps of all formats in lines of logs, file by file.</summary>
internal sealed partial class DumpLog
{
    /// <summary>Bytes after which a line is taken to have ended: CMA's bitmaps are the longest lines that are any good.</summary>
    public const int LongestLine = 65536;

    /// <summary>Characters of any other line; what follows is no dump's.</summary>
    private const int LongestText = LogInput.LongestLine;

    /// <summary>How a trace begins: docs/trace-format.md.</summary>
    private const string TraceMark = "# trace v";

    /// <summary>Longer than any line that is nothing but a time.</summary>
    private const int LongestTime = 48;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789 ");

    private readonly DumpReader[] _readers;
    private readonly bool[] _wants;
    private string _file = "", _before = "";
    private long _line;
    private int _longest;
    private double? _time;
    private bool _isTrace;

    /// <summary>A log of nothing yet.</summary>
    /// <param name="found">Told of every dump as it is over.</param>
    public DumpLog(Action<Dump> found)
    {
        // The generic reader last: it takes what no other knows.
        _readers =
        [
            new PageFailureReader { Found = found }, new BuddyInfoReader { Found = found }, new CmaReader { Found = found }, new HolderReader { Found = found },
            new ProcMemoryReader { Found = found }, new EspHeapReader { Found = found }, new RtosHeapReader { Found = found },
            new ManagedHeapReader { Found = found }, new OwnConsoleReader { Found = found }, new FreeBytesReader { Found = found },
        ];
        _wants = new bool[_readers.Length];
    }

    /// <summary>Files that are traces of ours, which replaying judges.</summary>
    public List<string> Traces { get; } = [];

    /// <summary>Lines read of all files.</summary>
    public long Lines { get; private set; }

    /// <summary>A file begins; the one before it is over.</summary>
    public void Begin(string file)
    {
        End();
        (_file, _before, _longest, _line, _time, _isTrace) = (file, "", 0, 0, null, false);
    }

    /// <summary>Reads a line.</summary>
    /// <param name="raw">As it came.</param>
    /// <param name="isWhole">Whether a line break followed.</param>
    public void Add(string raw, bool isWhole)
    {
        _line++;
        Lines++;
        if (_isTrace)
        {
            return;
        }
        if (_line == 1 && raw.StartsWith(TraceMark, StringComparison.Ordinal) && File.Exists(_file))
        {
            _isTrace = true;
            Traces.Add(_file);
            return;
        }
        if (raw.Contains('\0'))
        {
            // UTF-16, as PowerShell writes what it redirects: of such text every other byte is none.
            raw = raw.Replace("\0", "", StringComparison.Ordinal).Replace("\u00ff\u00fe", "", StringComparison.Ordinal);
        }
        if (raw.Length == 0)
        {
            return;
        }
        string before = _before;
        _before = raw;
        if (raw.Length > LongestText && raw.AsSpan(LongestText).ContainsAnyExcept(s_digits))
        {
            (raw, isWhole) = (raw[..LongestText], false);
        }
        bool any = raw.Length <= LongestTime;
        for (int i = 0; i < _readers.Length; i++)
        {
            _wants[i] = _readers[i].IsOpen || raw.AsSpan().ContainsAny(_readers[i].Words);
            any |= _wants[i];
        }
        if (!any)
        {
            return;
        }
        LogLine clean = LogLine.Parse(raw, isWhole);
        if (isWhole && _longest > clean.Text.Length && _longest > LogLine.TerminalWidth)
        {
            // Something wider came through: this line is as wide as a terminal by chance.
            clean = clean with { IsCut = false };
        }
        _longest = Math.Max(_longest, raw.Length);
        double? time = clean.Uptime ?? clean.Clock;
        if (clean.Text.Length == 0 || Marker(clean.Text, ref time))
        {
            // A line that is nothing but a time is the time of what follows.
            _time = time ?? _time;
            return;
        }
        var line = new DumpLine(clean.Text, new DumpPlace(_file, _line), time ?? _time, clean.Speaker, clean.IsCut, before);
        for (int i = 0; i < _readers.Length; i++)
        {
            if (_wants[i] && _readers[i].Read(line))
            {
                return;
            }
        }
    }

    /// <summary>All files are over.</summary>
    public void End()
    {
        foreach (DumpReader reader in _readers)
        {
            reader.End();
        }
    }

    /// <summary>A line such as "=== t=300 ===", or /proc/uptime.</summary>
    private static bool Marker(string text, ref double? time)
    {
        if (text.Length > LongestTime || TimeMarker().Match(text) is not { Success: true } match)
        {
            return false;
        }
        double unit = match.Groups["unit"].Value switch { "ms" => 1e-3, "min" or "m" => 60, "h" => 3600, _ => 1 };
        time = double.Parse(match.Groups["value"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * unit;
        return true;
    }

    [GeneratedRegex(@"^\W{0,8}(?:(?:t|time|uptime|elapsed)\s*[=:]\s*(?<value>\d{1,12}(?:\.\d{1,6})?)\s*(?<unit>ms|s|sec|seconds|m|min|h)?|(?<value>\d{1,10}\.\d\d) \d{1,12}\.\d\d)\W{0,8}$")]
    private static partial Regex TimeMarker();
}
