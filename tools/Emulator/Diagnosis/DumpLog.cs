using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Carveout.Emulator.Logs;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Finds dumps of all formats in lines of logs, file by file.</summary>
internal sealed partial class DumpLog
{
    /// <summary>A line that is longer is cut here: CMA's bitmaps are the longest lines that are useful.</summary>
    public const int LongestLine = 65536;

    /// <summary>The longest text of any other line; no dump has longer ones.</summary>
    private const int LongestText = LogInput.LongestLine;

    /// <summary>The beginning of a trace: docs/trace-format.md.</summary>
    private const string TraceMark = "# trace v";

    /// <summary>A line that contains only a time is shorter than this.</summary>
    private const int LongestTime = 48;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789 ");

    private readonly DumpReader[] _readers;
    private readonly bool[] _wants;
    private string _file = "", _before = "";
    private long _line;
    private int _longest;
    private double? _time;
    private bool _isTrace;

    /// <summary>Makes a log that has read nothing yet.</summary>
    /// <param name="found">Called with every dump when it has ended.</param>
    public DumpLog(Action<Dump> found)
    {
        // The generic reader comes last: it takes what no other reader knows.
        _readers =
        [
            new PageFailureReader { Found = found }, new BuddyInfoReader { Found = found }, new CmaReader { Found = found }, new HolderReader { Found = found },
            new ProcMemoryReader { Found = found }, new EspHeapReader { Found = found }, new RtosHeapReader { Found = found },
            new ManagedHeapReader { Found = found }, new OwnConsoleReader { Found = found }, new FreeBytesReader { Found = found },
        ];
        _wants = new bool[_readers.Length];
    }

    /// <summary>Files that are Carveout traces, to be judged by replay.</summary>
    public List<string> Traces { get; } = [];

    /// <summary>How many lines have been read, in all files.</summary>
    public long Lines { get; private set; }

    /// <summary>Begins a file, and ends the one before it.</summary>
    public void Begin(string file)
    {
        End();
        (_file, _before, _longest, _line, _time, _isTrace) = (file, "", 0, 0, null, false);
    }

    /// <summary>Reads a line.</summary>
    /// <param name="raw">The line, unchanged.</param>
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
            // PowerShell writes redirected output as UTF-16; read as bytes, every other character of it is 0.
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
            // A longer line was not cut, so this one has the width of a terminal by chance.
            clean = clean with { IsCut = false };
        }
        _longest = Math.Max(_longest, raw.Length);
        double? time = clean.Uptime ?? clean.Clock;
        if (clean.Text.Length == 0 || Marker(clean.Text, ref time))
        {
            // A line that contains only a time gives the time of the lines that follow.
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

    /// <summary>Ends the last file.</summary>
    public void End()
    {
        foreach (DumpReader reader in _readers)
        {
            reader.End();
        }
    }

    /// <summary>Recognises a line such as "=== t=300 ===", or /proc/uptime.</summary>
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

    [GeneratedRegex(@"^\W{0,8}(?:(?:t|time|uptime|elapsed)\s*[=:]\s*(?<value>[0-9]{1,12}(?:\.[0-9]{1,6})?)\s*(?<unit>ms|s|sec|seconds|m|min|h)?|(?<value>[0-9]{1,10}\.[0-9][0-9]) [0-9]{1,12}\.[0-9][0-9])\W{0,8}$")]
    private static partial Regex TimeMarker();
}
