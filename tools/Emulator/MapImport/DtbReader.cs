using System.Buffers.Binary;
using System.Text;

namespace Carveout.Emulator.MapImport;

/// <summary>Reads a compiled device tree: version 16 or 17 of the Devicetree Specification, chapter 5.</summary>
internal sealed class DtbReader
{
    /// <summary>The first four bytes of the file.</summary>
    public const uint Magic = 0xD00DFEED;

    private const int HeaderSize = 40, Deepest = 64, LongestRemembered = 4096;
    private const uint BeginNode = 1, EndNode = 2, Property = 3, Nothing = 4, End = 9;

    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly int _struct, _structEnd, _strings, _stringsEnd;

    private DtbReader(string path, byte[] bytes)
    {
        (_path, _bytes) = (path, bytes);
        if (bytes.Length < HeaderSize)
        {
            throw Error(0, $"{bytes.Length} bytes: expected a header of {HeaderSize}");
        }
        uint version = Word(20), oldest = Word(24);
        if (oldest > 17 || version < 16)
        {
            throw Error(20, $"version {version}: expected 16 or 17");
        }
        _struct = Offset(8, "structure");
        _strings = Offset(12, "strings");
        _structEnd = bytes.Length;
        _stringsEnd = (int)Math.Min(bytes.Length, (long)_strings + Word(32));
        if (version >= 17)
        {
            _structEnd = (int)Math.Min(bytes.Length, (long)_struct + Word(36));
        }
    }

    /// <summary>Reads a tree.</summary>
    /// <exception cref="UsageException">The file is not a tree; the message says at which byte, and what was expected.</exception>
    public static DeviceTree Read(string path, byte[] bytes)
    {
        var reader = new DtbReader(path, bytes);
        return new DeviceTree(reader.Nodes(), [.. reader.Reservations()], []);
    }

    private IEnumerable<(ulong Start, ulong Size)> Reservations()
    {
        for (int at = Offset(16, "memory reservations"); ; at += 16)
        {
            if (at > _bytes.Length - 16)
            {
                throw Error(at, "the memory reservations have no end: expected two numbers 0");
            }
            ulong start = BinaryPrimitives.ReadUInt64BigEndian(_bytes.AsSpan(at)), size = BinaryPrimitives.ReadUInt64BigEndian(_bytes.AsSpan(at + 8));
            if (start == 0 && size == 0)
            {
                yield break;
            }
            yield return (start, size);
        }
    }

    private DeviceTreeNode Nodes()
    {
        DeviceTreeNode? root = null, node = null;
        int at = _struct, depth = 0;
        while (true)
        {
            int token = at;
            uint kind = Word(at);
            at += 4;
            switch (kind)
            {
                case BeginNode:
                    string name = Text(at, _structEnd);
                    if ((root is not null && node is null) || ++depth > Deepest)
                    {
                        throw Error(token, depth > Deepest ? $"nodes in each other deeper than {Deepest}" : "a second root");
                    }
                    var child = new DeviceTreeNode(root is null ? "/" : name, node, $"{_path}: byte {token}");
                    node?.Children.Add(child);
                    root ??= child;
                    node = child;
                    at = Aligned(at + name.Length + 1);
                    break;
                case EndNode:
                    node = (node ?? throw Error(token, "the end of a node that has not begun")).Parent;
                    depth--;
                    break;
                case Property:
                    uint length = Word(at), nameAt = Word(at + 4);
                    at += 8;
                    if (node is null || length > _structEnd - at || nameAt >= _stringsEnd - _strings)
                    {
                        throw Error(token, node is null ? "a property outside nodes" : $"a property of {length} bytes: it does not lie in the file");
                    }
                    // Longer properties contain pictures or firmware, but no memory.
                    byte[] value = _bytes.AsSpan(at, (int)Math.Min(length, LongestRemembered)).ToArray();
                    node.Properties[Text(_strings + (int)nameAt, _stringsEnd)] = new DeviceTreeProperty(value, null, $"{_path}: byte {token}");
                    at = Aligned(at + (int)length);
                    break;
                case Nothing:
                    break;
                case End:
                    return node is null && root is not null ? root : throw Error(token, "the tree ends within a node");
                default:
                    throw Error(token, $"token {kind}: expected 1, 2, 3, 4 or 9");
            }
        }
    }

    private int Offset(int field, string what)
    {
        uint offset = Word(field);
        return offset is >= HeaderSize and <= int.MaxValue && offset <= _bytes.Length ? (int)offset
            : throw Error(field, $"the {what} begin at byte {offset}: the file has {_bytes.Length}");
    }

    private uint Word(int at) => at >= 0 && at <= _bytes.Length - 4 ? BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(at))
        : throw Error(at, "the file is cut off");

    private string Text(int at, int end)
    {
        int length = at < end ? _bytes.AsSpan(at, end - at).IndexOf((byte)0) : -1;
        return length >= 0 ? Encoding.Latin1.GetString(_bytes, at, length) : throw Error(at, "a name without end");
    }

    private static int Aligned(int at) => (at + 3) & ~3;

    private UsageException Error(int at, string message) => new($"{_path}: byte {at}: {message}");
}
