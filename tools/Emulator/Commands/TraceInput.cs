using System.Text;
using Carveout.Emulator.Capture;
using Carveout.Emulator.Logs;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Commands;

/// <summary>The input of --trace: a trace, or a device's log, which is converted as <c>capture</c> does it. It may be a file, a pipe or standard
/// input.</summary>
internal sealed class TraceInput
{
    /// <summary>How many bytes are read to recognise a trace and its source: none of its lines is longer.</summary>
    private const int Beginning = TraceReader.LongestLine;

    /// <summary>The trace that was converted from a log, or that came through a pipe and is read more than once.</summary>
    private string? _text;

    /// <summary>A trace from a pipe that nobody has read yet.</summary>
    private Stream? _pipe;

    /// <summary>Opens the input, and converts it if it is a log.</summary>
    /// <param name="path">Its name as it was given.</param>
    /// <param name="isReadAgain">Whether it is opened more than once.</param>
    /// <param name="cancel">Ends the reading with an OperationCanceledException.</param>
    /// <exception cref="UsageException">It cannot be read, or is neither.</exception>
    public TraceInput(string path, bool isReadAgain, CancellationToken cancel)
    {
        string named = TraceReader.InMessages(path);
        Stream stream = TraceReader.Open(path, out FileStream? file, cancel);
        byte[] bytes = new byte[Beginning];
        try
        {
            bytes = bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw TraceReader.Fault(named, e);
        }
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        bool isLog = lines.Length > 0 && lines[0][0] != '#' && lines[0].Split(' ')[0] is not ("a" or "t" or "f");
        bool isFile = file is { CanSeek: true };
        if (isFile)
        {
            stream.Dispose();
        }
        else
        {
            stream = new PrefixedStream(bytes, stream);
        }
        if (isLog)
        {
            _text = Assemble(path, named, isFile ? null : stream, cancel);
            lines = _text?.Split('\n', 2) ?? lines;
        }
        else if (!isFile && !isReadAgain)
        {
            _pipe = stream;
        }
        else if (!isFile)
        {
            using TextReader text = TraceReader.TextOf(stream);
            _text = text.ReadToEnd();
        }
        foreach (string line in lines.TakeWhile(line => line[0] == '#'))
        {
            Header.Note(line);
        }
    }

    /// <summary>What the trace says about its source.</summary>
    public TraceHeader Header { get; } = new();

    /// <summary>Opens the trace; null if it is the file itself.</summary>
    public TextReader? Open()
    {
        if (_text is not null)
        {
            return new StringReader(_text);
        }
        Stream? pipe = _pipe;
        _pipe = null;
        return pipe is null ? null : TraceReader.TextOf(pipe);
    }

    /// <summary>Converts a log to a trace. Null if it contains nothing of one; the reader of traces then reports what is wrong with
    /// it.</summary>
    private static string? Assemble(string path, string named, Stream? pipe, CancellationToken cancel)
    {
        var log = new CaptureLog();
        Action<string, bool> add = (line, _) => log.Add(line);
        string? failure = pipe is null ? LogInput.Read(path, LogInput.LongestLine, add, cancel)
            : LogInput.Read(named, () => pipe, LogInput.LongestLine, add, cancel);
        cancel.ThrowIfCancellationRequested();
        if (failure is not null)
        {
            Console.Error.WriteLine($"{named}: {failure}; what was read by then is taken");
        }
        var trace = new TraceAssembly(log.Sessions);
        return trace.Allocations > 0 ? string.Join('\n', trace.Lines.Prepend(CaptureText.FirstLine(log))) + "\n"
            : pipe is null && !log.HasDump ? null
            : throw new UsageException($"{named}: expected a trace, lines 'a ID SIZE ALIGN' and 'f ID', or a log with a dump that tells of an allocation, "
                + $"lines that begin with '{Diagnostics.TraceText.Mark.TrimEnd()}'");
    }
}
