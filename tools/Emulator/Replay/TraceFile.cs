using System.IO.Compression;
using System.Numerics;

namespace Carveout.Emulator.Replay;

/// <summary>A recorded sequence of allocations and frees.</summary>
/// <remarks>Text, one operation a line: <c>a ID SIZE ALIGN</c>, <c>t ID SIZE</c> where the tail of a block is given back, <c>f ID</c>; behind
/// them, where it is known, <c>time=MILLISECONDS</c> and <c>by=OWNER</c>. <c># loop N</c> marks a loop of the movie, other lines that begin
/// with # are comments. Ids are never reused. A name that ends in .gz is gzip. docs/trace-format.md</remarks>
internal sealed class TraceFile
{
    /// <summary>A limit that no board's trace reaches and that keeps an id from asking for gigabytes of table.</summary>
    private const int MostIds = 50_000_000;

    /// <summary>Begins the comment that says where a trace is from.</summary>
    private const string HeaderMark = "# trace ";

    private readonly Dictionary<string, long> _header = [];
    private readonly List<TraceOperation> _operations = [];
    private readonly List<int> _loopStarts = [], _loopNumbers = [], _restarts = [];
    private readonly HashSet<int> _refused = [];

    private TraceFile(string name)
    {
        Name = name;
    }

    /// <summary>The comment behind which the frees of everything stand that a device which starts anew has lost.</summary>
    public const string Restart = "# the device starts anew";

    /// <summary>The comment before a request that the device refused, which the trace therefore frees at once.</summary>
    public const string Refused = "# refused";

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>The operations in order.</summary>
    public IReadOnlyList<TraceOperation> Operations => _operations;

    /// <summary>Index into <see cref="Operations"/> of the first one of each marked loop; empty where none is marked.</summary>
    public IReadOnlyList<int> LoopStarts => _loopStarts;

    /// <summary>By marked loop, the number that the mark says; its place among the marks, from 0, where it says none.</summary>
    public IReadOnlyList<int> LoopNumbers => _loopNumbers;

    /// <summary>Index into <see cref="Operations"/> of the first one after each time when the device started anew.</summary>
    public IReadOnlyList<int> Restarts => _restarts;

    /// <summary>Requests that the device refused.</summary>
    public int RefusedCount => _refused.Count;

    /// <summary>One more than the largest id.</summary>
    public int IdCount { get; private set; }

    /// <summary>A number of the comment that says where the trace is from, as <c>page=4096</c>; null where it says nothing.</summary>
    public long? Said(string key) => _header.TryGetValue(key, out long value) ? value : null;

    /// <summary>Whether an operation is a request that the device refused.</summary>
    /// <param name="operation">Its index.</param>
    public bool IsRefused(int operation) => _refused.Contains(operation);

    /// <summary>The number of the marked loop in which an operation falls; null before the first mark.</summary>
    /// <param name="operation">Its index.</param>
    public int? LoopOf(int operation)
    {
        int place = _loopStarts.BinarySearch(operation);
        // Several loops may begin at one operation: the last of them it is that the operation falls into.
        for (place = place < 0 ? ~place - 1 : place; place + 1 < _loopStarts.Count && _loopStarts[place + 1] == operation;)
        {
            place++;
        }
        return place < 0 ? null : _loopNumbers[place];
    }

    /// <summary>Reads a trace.</summary>
    /// <exception cref="UsageException">The file cannot be read or a line is none of the format; names the file and the line.</exception>
    public static TraceFile Read(string path)
    {
        try
        {
            using Stream file = File.OpenRead(path);
            using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var reader = new StreamReader(stream);
            return Parse(path, reader);
        }
        catch (InvalidDataException)
        {
            throw new UsageException($"{path}: not gzip, as its name says, or cut off or damaged");
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.Of(path, e);
        }
    }

    private static TraceFile Parse(string path, TextReader reader)
    {
        var trace = new TraceFile(Path.GetFileName(path));
        var seen = new HashSet<int>();
        var live = new Dictionary<int, int>();
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                trace.Note(line);
                continue;
            }
            TraceOperation operation = ParseLine(path, number, line);
            if (operation.IsAllocation ? !seen.Add(operation.Id) : !live.ContainsKey(operation.Id))
            {
                throw Bad(path, number, line, operation.IsAllocation ? "the id was allocated before" : "the id is not allocated");
            }
            if (operation.IsTrim && operation.Size > live[operation.Id])
            {
                throw Bad(path, number, line, $"the block has {live[operation.Id]} bytes");
            }
            live[operation.Id] = operation.Size;
            if (operation.Size == 0)
            {
                live.Remove(operation.Id);
            }
            trace._operations.Add(operation);
            trace.IdCount = Math.Max(trace.IdCount, operation.Id + 1);
        }
        return trace._operations.Count > 0
            ? trace
            : throw new UsageException($"{path}: no operation in it; expected lines 'a ID SIZE ALIGN' and 'f ID'");
    }

    /// <summary>Keeps what a comment says.</summary>
    private void Note(string comment)
    {
        const string LoopMark = "# loop ";
        if (comment.StartsWith(LoopMark, StringComparison.Ordinal))
        {
            string word = comment[LoopMark.Length..].Trim();
            _loopNumbers.Add(int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : _loopStarts.Count);
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
        else if (comment.StartsWith(HeaderMark, StringComparison.Ordinal))
        {
            foreach (string[] pair in comment.Split(' ').Select(word => word.Split('=')).Where(pair => pair.Length == 2))
            {
                if (long.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out long value))
                {
                    _header[pair[0]] = value;
                }
            }
        }
    }

    private static TraceOperation ParseLine(string path, int number, string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int count = words.Length;
        string? owner = Said("by="), time = Said("time=");
        TraceOperation operation;
        switch (words[..count])
        {
            case ["a", var id, var size, var alignment]:
                int bytes = Number(size, 1, int.MaxValue), align = Number(alignment, 1, 1 << 30);
                if ((align & (align - 1)) != 0)
                {
                    throw Bad(path, number, line, "the alignment is not a power of two");
                }
                operation = new TraceOperation(number, Number(id, 0, MostIds), bytes, align);
                break;
            case ["t", var id, var size]:
                operation = new TraceOperation(number, Number(id, 0, MostIds), Number(size, 1, int.MaxValue), 0);
                break;
            case ["f", var id]:
                operation = new TraceOperation(number, Number(id, 0, MostIds), 0, 0);
                break;
            default:
                throw Bad(path, number, line, "expected 'a ID SIZE ALIGN', 't ID SIZE' or 'f ID', and behind it 'time=MILLISECONDS', 'by=OWNER' or both");
        }
        return operation with { Time = time is null ? null : Number(time, 0, long.MaxValue), Owner = owner };

        // The last word that is not taken yet, if that is what it says.
        string? Said(string key) => words[count - 1].StartsWith(key, StringComparison.Ordinal) && count > 1 ? words[--count][key.Length..] : null;

        T Number<T>(string word, T least, T most)
            where T : struct, IBinaryInteger<T> =>
            T.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out T value) && value >= least && value <= most
                ? value
                : throw Bad(path, number, line, $"'{word}' is not a number from {least} to {most}");
    }

    private static UsageException Bad(string path, int number, string line, string why) =>
        new($"{path}({number}): {why}: {(line.Length > 60 ? line[..60] + "…" : line)}");
}
