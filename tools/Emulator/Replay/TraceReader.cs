using System.IO.Compression;
using Carveout.Emulator.Input;

namespace Carveout.Emulator.Replay;

/// <summary>Reads a trace operation by operation, and checks each against the earlier ones. Its memory depends on how much is live at
/// once.</summary>
/// <remarks>A trace is text with one operation a line: <c>a ID SIZE ALIGN</c>, <c>t ID SIZE</c> to give back the tail of a block, <c>f
/// ID</c>; then, if known, <c>time=MILLISECONDS</c> and <c>by=OWNER</c>. Lines that begin with # are comments. Ids are never reused. If the
/// file's name ends in .gz it is gzip. docs/trace-format.md</remarks>
internal sealed class TraceReader : IDisposable
{
    /// <summary>The longest line: Carveout's own operations and comments are far shorter.</summary>
    public const int LongestLine = 4096;

    /// <summary>No board's trace reaches this limit; it keeps a wrong id from asking for gigabytes of table.</summary>
    private const int MostIds = 50_000_000;

    /// <summary>The most owners whose names are kept; all further ones share the name of this one.</summary>
    private const int MostOwners = 1_000_000;

    /// <summary>Bytes that are read from standard input at once.</summary>
    private const int InputBuffer = 65536;

    private readonly string _path;
    private readonly Action<string> _note;
    private readonly FileStream? _file;
    private readonly TextReader _text;
    private readonly BoundedLines _lines;
    private readonly HashSet<string> _owners = [];
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _ownersBySpan;

    /// <summary>By id of a live block: its slot and its bytes.</summary>
    private readonly Dictionary<int, (int Slot, int Size)> _live = [];
    private readonly Stack<int> _freeSlots = [];

    /// <summary>A bit for each id that has been allocated.</summary>
    private ulong[] _seen = new ulong[1024];

    /// <summary>Opens a trace.</summary>
    /// <param name="path">Its name as it was given; <c>-</c> for standard input.</param>
    /// <param name="note">Receives each comment before the operation that follows it.</param>
    /// <param name="cancel">Ends the wait for standard input with an OperationCanceledException.</param>
    /// <exception cref="UsageException">The file cannot be opened.</exception>
    public TraceReader(string path, Action<string> note, CancellationToken cancel = default)
        : this(path, TextOf(Open(path, out FileStream? file, cancel)), note)
    {
        _file = file;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="name">Its name in messages.</param>
    /// <param name="text">A trace; disposed of with the reader.</param>
    /// <param name="note">Receives each comment before the operation that follows it.</param>
    public TraceReader(string name, TextReader text, Action<string> note)
    {
        _path = InMessages(name);
        _text = text;
        _note = note;
        _ownersBySpan = _owners.GetAlternateLookup<ReadOnlySpan<char>>();
        _lines = new BoundedLines(text, LongestLine);
    }

    /// <summary>Opens a trace, or one that is converted from a file.</summary>
    /// <param name="path">Its name as it was given.</param>
    /// <param name="open">Opens a trace that is converted from the file; its result is null if the file is a Carveout trace.</param>
    /// <param name="note">Receives each comment before the operation that follows it.</param>
    /// <param name="cancel">Ends the wait for standard input with an OperationCanceledException.</param>
    /// <exception cref="UsageException">The file cannot be opened.</exception>
    public static TraceReader Of(string path, Func<TextReader?>? open, Action<string> note, CancellationToken cancel) =>
        open?.Invoke() is TextReader text ? new TraceReader(path, text, note) : new TraceReader(path, note, cancel);

    /// <summary>The name of a trace for people.</summary>
    public static string NameOf(string path) => path == StandardInput.Name ? "standard input" : PrintedText.Of(Path.GetFileName(path));

    /// <summary>The name of a trace in messages: its path, or standard input.</summary>
    public static string InMessages(string path) => path == StandardInput.Name ? NameOf(path) : path;

    /// <summary>How many operations have been read.</summary>
    public int Count { get; private set; }

    /// <summary>How many slots for live blocks have been needed so far; the slots of operations are below this number.</summary>
    public int SlotCount { get; private set; }

    /// <summary>The share of the file that has been read, 0 to 1; 0 if its length is not known.</summary>
    public double Share => _file is { CanSeek: true } && _file.Length > 0 ? Math.Min(1, (double)_file.Position / _file.Length) : 0;

    /// <summary>Reads the next operation.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="UsageException">The file cannot be read, or a line does not have the format; names the file and the
    /// line.</exception>
    public bool TryRead(out TraceOperation operation)
    {
        try
        {
            while (_lines.TryRead(out ReadOnlySpan<char> line))
            {
                if (_lines.IsTooLong)
                {
                    throw Bad(line, $"the line is longer than {LongestLine} characters");
                }
                if (line.IsEmpty || line[0] == '#')
                {
                    _note(line.ToString());
                    continue;
                }
                operation = Checked(Parse(line), line);
                Count++;
                return true;
            }
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw Fault(_path, e);
        }
        operation = default;
        return false;
    }

    /// <summary>The message for a trace that cannot be read.</summary>
    /// <param name="path">Its name as it was given.</param>
    /// <param name="e">The exception of the read.</param>
    public static UsageException Fault(string path, Exception e) =>
        e is InvalidDataException ? new UsageException($"{path}: not gzip, as its name says, or cut off or damaged") : FileFault.Of(path, e);

    /// <summary>The text of a stream; it is disposed of with the text.</summary>
    public static TextReader TextOf(Stream stream) => new StreamReader(stream, bufferSize: InputBuffer);

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();

    /// <summary>Opens a file; one whose name ends in .gz is unpacked.</summary>
    /// <exception cref="UsageException">It cannot be opened.</exception>
    public static Stream Open(string path, out FileStream? file, CancellationToken cancel)
    {
        if (path == StandardInput.Name)
        {
            file = null;
            return new StandardInput(cancel);
        }
        try
        {
            file = File.OpenRead(path);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.Of(path, e);
        }
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Gives an operation its slot, if it can follow the earlier ones.</summary>
    private TraceOperation Checked(TraceOperation operation, ReadOnlySpan<char> line)
    {
        int id = operation.Id;
        if (operation.IsAllocation)
        {
            if (!See(id))
            {
                throw Bad(line, "the id was allocated before");
            }
            if (!_freeSlots.TryPop(out int slot))
            {
                slot = SlotCount++;
            }
            _live.Add(id, (slot, operation.Size));
            return operation with { Slot = slot };
        }
        if (!_live.TryGetValue(id, out (int Slot, int Size) block))
        {
            throw Bad(line, "the id is not allocated");
        }
        if (!operation.IsTrim)
        {
            _live.Remove(id);
            _freeSlots.Push(block.Slot);
        }
        else if (operation.Size > block.Size)
        {
            throw Bad(line, $"the block has {block.Size} bytes");
        }
        else
        {
            _live[id] = (block.Slot, operation.Size);
        }
        return operation with { Slot = block.Slot };
    }

    private bool See(int id)
    {
        if (id >> 6 >= _seen.Length)
        {
            Array.Resize(ref _seen, Math.Max((id >> 6) + 1, Math.Min(2 * _seen.Length, (MostIds >> 6) + 1)));
        }
        ulong bit = 1UL << (id & 63);
        bool isNew = (_seen[id >> 6] & bit) == 0;
        _seen[id >> 6] |= bit;
        return isNew;
    }

    private TraceOperation Parse(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> rest = line, letter = Word(ref rest);
        int number = _lines.Number;
        TraceOperation operation;
        if (letter is "a")
        {
            int id = (int)Number(Next(ref rest, line), 0, MostIds, line), size = (int)Number(Next(ref rest, line), 1, int.MaxValue, line);
            int alignment = (int)Number(Next(ref rest, line), 1, 1 << 30, line);
            if (!int.IsPow2(alignment))
            {
                throw Bad(line, "the alignment is not a power of two");
            }
            operation = new TraceOperation(number, id, size, alignment);
        }
        else if (letter is "t")
        {
            operation = new TraceOperation(number, (int)Number(Next(ref rest, line), 0, MostIds, line), (int)Number(Next(ref rest, line), 1, int.MaxValue, line), 0);
        }
        else if (letter is "f")
        {
            operation = new TraceOperation(number, (int)Number(Next(ref rest, line), 0, MostIds, line), 0, 0);
        }
        else
        {
            throw NoOperation(line);
        }
        ReadOnlySpan<char> word = Word(ref rest);
        if (word.StartsWith("time="))
        {
            operation = operation with { Time = Number(word[5..], 0, long.MaxValue, line) };
            word = Word(ref rest);
        }
        if (word.StartsWith("by="))
        {
            operation = operation with { Owner = OwnerOf(word[3..]) };
            word = Word(ref rest);
        }
        return word.IsEmpty ? operation : throw NoOperation(line);
    }

    /// <summary>A name, stored once for all its operations, without characters that a terminal would obey.</summary>
    private string OwnerOf(ReadOnlySpan<char> name)
    {
        if (_ownersBySpan.TryGetValue(name, out string? known))
        {
            return known;
        }
        string owner = PrintedText.Of(name.ToString());
        if (_owners.Count < MostOwners)
        {
            _owners.Add(owner);
        }
        return owner;
    }

    /// <summary>Takes the next word from a line; empty at its end.</summary>
    private static ReadOnlySpan<char> Word(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(' ');
        int end = rest.IndexOf(' ');
        ReadOnlySpan<char> word = end < 0 ? rest : rest[..end];
        rest = rest[word.Length..];
        return word;
    }

    private ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest, ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> word = Word(ref rest);
        return word.IsEmpty ? throw NoOperation(line) : word;
    }

    private long Number(ReadOnlySpan<char> word, long least, long most, ReadOnlySpan<char> line) =>
        WholeNumber.TryParse(word, least, most, out long value) ? value : throw Bad(line, $"'{word}' is not a number from {least} to {most}");

    private UsageException NoOperation(ReadOnlySpan<char> line) =>
        Bad(line, "expected 'a ID SIZE ALIGN', 't ID SIZE' or 'f ID', and behind it 'time=MILLISECONDS', 'by=OWNER' or both");

    private UsageException Bad(ReadOnlySpan<char> line, string why) =>
        new($"{_path}({_lines.Number}): {why}: {(line.Length > 60 ? $"{line[..60]}…" : line.ToString())}");
}
