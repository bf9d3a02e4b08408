using System.Buffers.Binary;
using System.Text;

namespace Carveout.Emulator.MapImport;

/// <summary>A section in memory.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Start">Its address for the CPU.</param>
/// <param name="End">The first address behind it.</param>
internal readonly record struct ElfSection(string Name, ulong Start, ulong End);

/// <summary>The sections in memory and the symbols of an ELF file for a 32-bit processor (System V ABI, chapter 4).</summary>
/// <remarks>It is read here and not by ELFSharp or LibObjectFile, because neither returns from every file that somebody damaged on
/// purpose.</remarks>
internal sealed class ElfFile
{
    private const int HeaderSize = 52, SectionSize = 40, SymbolSize = 16, MostBytes = 256 << 20;
    private const uint SymbolTable = 2, Allocated = 2;

    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly bool _isBigEndian;

    /// <summary>Reads a file.</summary>
    /// <exception cref="UsageException">The file is not such a file; the message says why.</exception>
    public ElfFile(string path)
    {
        _path = path;
        try
        {
            using FileStream stream = File.OpenRead(path);
            _bytes = new byte[Math.Min(stream.Length, MostBytes)];
            stream.ReadExactly(_bytes);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.Of(path, e, "--elf");
        }
        if (_bytes.Length == 0)
        {
            throw new UsageException($"{path}: the file is empty: expected an ELF file");
        }
        if (_bytes is not [0x7F, (byte)'E', (byte)'L', (byte)'F', 1, 1 or 2, ..] || _bytes.Length < HeaderSize)
        {
            throw new UsageException($"{path}: not an ELF file for a 32-bit processor: expected the firmware as the linker wrote it");
        }
        _isBigEndian = _bytes[5] == 2;
        uint headers = Word(32);
        int size = Half(46), count = Half(48), names = Half(50);
        if (count == 0 || size != SectionSize || names >= count)
        {
            throw Error(46, $"{count} section headers of {size} bytes, names in number {names}: expected some of {SectionSize} bytes");
        }
        for (int i = 0; i < count; i++)
        {
            Read(Header(headers, i), Header(headers, names), headers, count);
        }
    }

    /// <summary>The sections that are loaded or zeroed in memory, in the file's order.</summary>
    public List<ElfSection> Sections { get; } = [];

    /// <summary>The symbols' values by name, mostly addresses; empty if the file was stripped.</summary>
    public Dictionary<string, ulong> Symbols { get; } = new(StringComparer.Ordinal);

    private void Read(long header, long names, uint headers, int count)
    {
        uint type = Word(header + 4), flags = Word(header + 8), address = Word(header + 12), at = Word(header + 16), size = Word(header + 20);
        if ((flags & Allocated) != 0 && size > 0)
        {
            Sections.Add(new ElfSection(Text(Word(names + 16), Word(names + 20), Word(header)), address, (ulong)address + size));
        }
        if (type != SymbolTable)
        {
            return;
        }
        uint link = Word(header + 24);
        if (link >= count || size > _bytes.Length || at > _bytes.Length - size)
        {
            throw Error(header, "a symbol table that does not lie in the file, or has no names");
        }
        long texts = Header(headers, (int)link);
        for (long symbol = at; symbol + SymbolSize <= at + size; symbol += SymbolSize)
        {
            Symbols[Text(Word(texts + 16), Word(texts + 20), Word(symbol))] = Word(symbol + 4);
        }
    }

    private static long Header(uint headers, int index) => headers + ((long)index * SectionSize);

    /// <summary>A string of a string table.</summary>
    private string Text(uint table, uint size, uint at)
    {
        const int Longest = 256;
        long start = (long)table + at, end = Math.Min(Math.Min((long)table + size, _bytes.Length), start + Longest);
        int length = at < size && start < end ? _bytes.AsSpan((int)start, (int)(end - start)).IndexOf((byte)0) : -1;
        // A longer name is not that of a heap.
        return length < 0 ? "" : Encoding.Latin1.GetString(_bytes, (int)start, length);
    }

    private uint Word(long at) => at <= _bytes.Length - 4
        ? _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan((int)at)) : BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan((int)at))
        : throw Error(at, "the file is cut off");

    private int Half(int at) => _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(at))
        : BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private UsageException Error(long at, string message) => new($"{_path}: byte {at}: not a sound ELF file: {message}");
}
