using Carveout.Emulator.Capture;
using Carveout.Emulator.Logs;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Commands;

/// <summary>The file behind --trace: a trace, or a device's log, which is converted as <c>capture</c> does it.</summary>
internal sealed class TraceInput
{
    /// <summary>How many characters are read to recognise a trace: none of its lines is longer.</summary>
    private const int Beginning = TraceReader.LongestLine;

    private readonly string? _text;

    /// <summary>Converts a file if it is a log.</summary>
    /// <param name="path">Its name as it was given.</param>
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

    /// <summary>Bytes of the device's zones, if the file is a log; 0 if it does not say.</summary>
    public long ArenaSize { get; }

    /// <summary>Bytes of the device's pages, if the file is a log; 0 if it does not say.</summary>
    public int PageSize { get; }

    /// <summary>Opens the converted trace; null if the file is not a log, or can be read only once.</summary>
    public TextReader? Open() => _text is null ? null : new StringReader(_text);

    /// <summary>Whether the first line that is not empty belongs to a trace. Also true if there is none, or the file cannot be
    /// read.</summary>
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
