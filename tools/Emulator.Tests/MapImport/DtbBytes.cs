using System.Buffers.Binary;
using System.Text;
using Carveout.Emulator.MapImport;

namespace Carveout.Emulator.Tests.MapImport;

/// <summary>Compiles a device tree as dtc does: version 17.</summary>
internal static class DtbBytes
{
    public static byte[] Of(DeviceTree tree)
    {
        var structure = new List<byte>();
        var strings = new List<byte>();
        Node(tree.Root, "", structure, strings);
        Word(structure, 9);
        var reserved = new List<byte>();
        foreach ((ulong start, ulong size) in tree.Reserved.Append<(ulong Start, ulong Size)>((0UL, 0UL)))
        {
            Word(reserved, (uint)(start >> 32), (uint)start, (uint)(size >> 32), (uint)size);
        }
        const int Header = 40;
        int at = Header + reserved.Count, names = at + structure.Count;
        var file = new List<byte>();
        Word(file, DtbReader.Magic, (uint)(names + strings.Count), (uint)at, (uint)names, Header, 17, 16, 0, (uint)strings.Count, (uint)structure.Count);
        return [.. file, .. reserved, .. structure, .. strings];
    }

    private static void Node(DeviceTreeNode node, string name, List<byte> structure, List<byte> strings)
    {
        Word(structure, 1);
        structure.AddRange(Encoding.ASCII.GetBytes(name + "\0"));
        Align(structure);
        foreach ((string key, DeviceTreeProperty value) in node.Properties)
        {
            Word(structure, 3, (uint)value.Bytes.Length, (uint)strings.Count);
            strings.AddRange(Encoding.ASCII.GetBytes(key + "\0"));
            structure.AddRange(value.Bytes);
            Align(structure);
        }
        foreach (DeviceTreeNode child in node.Children)
        {
            Node(child, child.Name, structure, strings);
        }
        Word(structure, 2);
    }

    private static void Word(List<byte> bytes, params ReadOnlySpan<uint> words)
    {
        Span<byte> four = stackalloc byte[4];
        foreach (uint word in words)
        {
            BinaryPrimitives.WriteUInt32BigEndian(four, word);
            bytes.AddRange(four);
        }
    }

    private static void Align(List<byte> bytes)
    {
        while (bytes.Count % 4 != 0)
        {
            bytes.Add(0);
        }
    }
}
