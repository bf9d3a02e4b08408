using System.IO.Compression;
using System.Numerics;

namespace Carveout.Emulator.Replay;

/// <summary>A recorded sequence of allocations and frees, read as a whole. <c># loop N</c> marks a loop of the movie.
/// docs/trace-format.md</summary>
internal sealed class TraceFile : ITraceSource
{
    /// <summary>The most marks of loops, restarts and refusals that are kept beyond one for each operation.</summary>
    private const int MostMarks = 1_000_000;

    private readonly List<TraceOperation> _operations = [];
    private readonly List<int> _loopStarts = [], _loopNumbers = [], _restarts = [];
    private readonly HashSet<int> _refused = [];

    private TraceFile(string name)
    {
        Name = name;
    }

    /// <summary>The comment before the frees of everything that a device has lost by a restart.</summary>
    public const string Restart = "# the device starts anew";

    /// <summary>The comment before a request that the device refused. The trace frees it at once.</summary>
    public const string Refused = "# refused";

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>The operations in order.</summary>
    public IReadOnlyList<TraceOperation> Operations => _operations;

    /// <summary>Where the trace comes from.</summary>
    public TraceHeader Header { get; } = new();

    /// <summary>By marked loop: the index of its first operation in <see cref="Operations"/>. Empty if there are no marks.</summary>
    public IReadOnlyList<int> LoopStarts => _loopStarts;

    /// <summary>By marked loop: the number in the mark or, if it has none, the number of marks before it.</summary>
    public IReadOnlyList<int> LoopNumbers => _loopNumbers;

    /// <summary>By restart of the device: the index of the first operation after it in <see cref="Operations"/>.</summary>
    public IReadOnlyList<int> Restarts => _restarts;

    /// <summary>How many requests the device refused.</summary>
    public int RefusedCount => _refused.Count;

    /// <summary>The index of the first one that it refused; -1 where it refused none.</summary>
    public int FirstRefused => _refused.Count == 0 ? -1 : _refused.Min();

    /// <summary>One more than the largest id.</summary>
    public int IdCount { get; private set; }

    /// <summary>How many slots for live blocks the trace needs.</summary>
    public int SlotCount { get; private set; }

    /// <inheritdoc/>
    IEnumerable<TraceOperation> ITraceSource.Operations => _operations;

    /// <inheritdoc/>
    public double ShareAt(int operation) => (double)operation / _operations.Count;

    /// <summary>Whether an operation is a request that the device refused.</summary>
    /// <param name="operation">Its index.</param>
    public bool IsRefused(int operation) => _refused.Contains(operation);

    /// <summary>The number of the marked loop that an operation lies in; null before the first mark.</summary>
    /// <param name="operation">Its index.</param>
    public int? LoopOf(int operation)
    {
        int place = _loopStarts.BinarySearch(operation);
        // If several loops begin at one operation, it belongs to the last of them.
        for (place = place < 0 ? ~place - 1 : place; place + 1 < _loopStarts.Count && _loopStarts[place + 1] == operation;)
        {
            place++;
        }
        return place < 0 ? null : _loopNumbers[place];
    }

    /// <summary>Reads a trace.</summary>
    /// <param name="path">Its name as it was given; <c>-</c> for standard input.</param>
    /// <param name="progress">Called now and then with the share that has been read, 0 to 1; may be null.</param>
    /// <param name="open">Opens a trace that is converted from the file; its result is null if the file is a Carveout trace.</param>
    /// <param name="cancel">Ends the reading with an OperationCanceledException.</param>
    /// <exception cref="UsageException">The file cannot be read, or a line does not have the format; names the file and the
    /// line.</exception>
    public static TraceFile Read(string path, Action<double>? progress = null, Func<TextReader?>? open = null, CancellationToken cancel = default)
    {
        var trace = new TraceFile(TraceReader.NameOf(path));
        using TraceReader reader = TraceReader.Of(path, open, trace.Note, cancel);
        while (reader.TryRead(out TraceOperation operation))
        {
            trace._operations.Add(operation);
            trace.IdCount = Math.Max(trace.IdCount, operation.Id + 1);
            if ((reader.Count & 4095) == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke(reader.Share);
            }
        }
        trace.SlotCount = reader.SlotCount;
        return trace._operations.Count > 0 ? trace : throw Empty(path);
    }

    /// <summary>The refusal of a file without operations.</summary>
    public static UsageException Empty(string path) => new($"{TraceReader.InMessages(path)}: no operation in it; expected lines 'a ID SIZE ALIGN' and 'f ID'");

    /// <summary>Whether a comment marks a loop.</summary>
    /// <param name="comment">The whole line.</param>
    /// <param name="marks">The number of marks before it.</param>
    /// <param name="number">The number in the mark or, if it has none, the number of marks before it.</param>
    public static bool IsLoop(string comment, int marks, out int number)
    {
        const string LoopMark = "# loop ";
        number = marks;
        if (!comment.StartsWith(LoopMark, StringComparison.Ordinal))
        {
            return false;
        }
        if (WholeNumber.TryParse(comment.AsSpan(LoopMark.Length).Trim(), 0, int.MaxValue, out int said))
        {
            number = said;
        }
        return true;
    }

    /// <summary>Evaluates a comment.</summary>
    private void Note(string comment)
    {
        if (_loopStarts.Count + _restarts.Count > _operations.Count + MostMarks)
        {
            throw new UsageException($"{Name}: more than {MostMarks} marks of loops and starts with nothing between them");
        }
        if (IsLoop(comment, _loopStarts.Count, out int number))
        {
            _loopNumbers.Add(number);
            _loopStarts.Add(_operations.Count);
        }
        else if (comment == Refused)
        {
            _refused.Add(_operations.Count);
        }
        else if (comment == Restart)
        {
            _restarts.Add(_operations.Count);
        }
        else
        {
            Header.Note(comment);
        }
    }
}
