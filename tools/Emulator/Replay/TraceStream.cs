namespace Carveout.Emulator.Replay;

/// <summary>A trace file that is read while it is replayed, so that of ten million operations only the live blocks are in memory.</summary>
/// <param name="path">Its name as it was given; <c>-</c> for standard input, once.</param>
/// <param name="open">Opens a trace that is converted from the file; its result is null if the file is a Carveout trace.</param>
/// <param name="cancel">Ends the wait for standard input with an OperationCanceledException.</param>
internal sealed class TraceStream(string path, Func<TextReader?>? open = null, CancellationToken cancel = default) : ITraceSource
{
    private TraceReader? _reader;
    private int _marks;
    private int? _loop;

    /// <summary>Receives each comment before the operation that follows it; may be null.</summary>
    public Action<string>? Noted { get; set; }

    /// <inheritdoc/>
    public string Name { get; } = TraceReader.NameOf(path);

    /// <inheritdoc/>
    /// <exception cref="UsageException">The file cannot be read, or a line does not have the format.</exception>
    public IEnumerable<TraceOperation> Operations
    {
        get
        {
            _marks = 0;
            _loop = null;
            using var reader = TraceReader.Of(path, open, Note, cancel);
            _reader = reader;
            while (reader.TryRead(out TraceOperation operation))
            {
                yield return operation;
            }
            if (reader.Count == 0)
            {
                throw TraceFile.Empty(path);
            }
        }
    }

    /// <inheritdoc/>
    public int? LoopOf(int operation) => _loop;

    /// <inheritdoc/>
    public double ShareAt(int operation) => _reader?.Share ?? 0;

    private void Note(string comment)
    {
        if (TraceFile.IsLoop(comment, _marks, out int number))
        {
            _marks++;
            _loop = number;
        }
        Noted?.Invoke(comment);
    }
}
