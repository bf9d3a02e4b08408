using Carveout.Emulator.Capture;
using Carveout.Emulator.Logs;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Commands;

/// <summary>What stands behind --trace: a trace, or a device's log, of which one is made as <c>capture</c> does it.</summary>
internal sealed class TraceInput
{
    /// <summary>Characters in which a trace shows that it is one: none of its lines is longer.</summary>
    private const int Beginning = TraceReader.LongestLine;

    private readonly string? _text;

    /// <summary>Makes a trace of a file that is a log.</summary>
    /// <param name="path">Its name as given.</param>
    /// <param name="cancel">Ends the reading with an OperationCanceledException.</param>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public TraceInput(string path, CancellationToken cancel)
    {
        if (path == StandardInput.Name || !File.Exists(path) || IsTrace(path, cancel))
        {
            return;
        }
        var log = new CaptureLog();
        LogInput.Read(path, LogInput.LongestLine, (line, _) => log.Add(line), cancel);
        cancel.ThrowIfCancellationRequested();
        var trace = new TraceAssembly(log.Sessions);
        if (trace.Allocations > 0)
        {
            _text = string.Join('\n', trace.Lines.Prepend(CaptureText.TraceHeader(log))) + "\n";
            ArenaSize = log.Zones.Values.Sum();
            PageSize = log.Sessions[0].PageSize ?? 0;
        }
    }

    /// <summary>Of a log, the bytes of the device's zones; 0 where it does not say.</summary>
    public long ArenaSize { get; }

    /// <summary>Of a log, the bytes of the device's pages; 0 where it does not say.</summary>
    public int PageSize { get; }

    /// <summary>Opens the trace; null where the file is no log, or can be read once only.</summary>
    public TextReader? Open() => _text is null ? null : new StringReader(_text);

    /// <summary>Whether the first line that has anything in it is one of a trace; also where there is none, or the file cannot be looked at.</summary>
    private static bool IsTrace(string path, CancellationToken cancel)
    {
        using StreamReader text = TraceReader.Open(path, out FileStream? file, cancel);
        if (file is not { CanSeek: true })
        {
            return true;
        }
        char[] beginning = new char[Beginning];
        string[] words;
        try
        {
            words = new string(beginning, 0, text.ReadBlock(beginning)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (e is InvalidDataException || FileFault.Is(e))
        {
            return true;
        }
        return words.Length == 0 || words[0][0] == '#' || words[0].Split(' ')[0] is "a" or "t" or "f";
    }
}
