using System.Buffers.Binary;
using System.Text;

namespace Carveout.Emulator.MapImport;

/// <summary>A node of a device tree, source or compiled.</summary>
/// <param name="name">Its name with the unit address: "memory@80000000".</param>
/// <param name="parent">Null for the root.</param>
/// <param name="place">Its place in the file, for messages: "board.dts:12".</param>
internal sealed class DeviceTreeNode(string name, DeviceTreeNode? parent, string place)
{
    /// <summary>Its name with the unit address.</summary>
    public string Name => name;

    /// <summary>The node that contains it; null for the root.</summary>
    public DeviceTreeNode? Parent => parent;

    /// <summary>Its place in the file.</summary>
    public string Place => place;

    /// <summary>The nodes that it contains, in the file's order.</summary>
    public List<DeviceTreeNode> Children { get; } = [];

    /// <summary>Its properties, by name.</summary>
    public Dictionary<string, DeviceTreeProperty> Properties { get; } = new(StringComparer.Ordinal);

    /// <summary>The node itself and all nodes below it.</summary>
    public IEnumerable<DeviceTreeNode> All => Children.SelectMany(child => child.All).Prepend(this);

    /// <summary>Whether it has a property.</summary>
    public bool Has(string property) => Properties.ContainsKey(property);

    /// <summary>The strings of a property; none if it is missing.</summary>
    public string[] Strings(string property) => Properties.TryGetValue(property, out DeviceTreeProperty? value) ? value.Strings : [];

    /// <summary>The value of a property of one cell; a default if it is missing.</summary>
    /// <exception cref="UsageException">It does not have one cell.</exception>
    public uint Cell(string property, uint standard) => !Properties.TryGetValue(property, out DeviceTreeProperty? value) ? standard
        : value.Cells is [uint cell] ? cell : throw value.Error($"{property}: expected one number");

    /// <summary>Whether the node is in use.</summary>
    public bool IsOkay => Strings("status") is [] or ["okay"] or ["ok"];
}

/// <summary>A property of a node.</summary>
/// <param name="Bytes">Its value, numbers with the high byte first.</param>
/// <param name="Unread">A word in it that Carveout cannot read as a number; null if all of it was read.</param>
/// <param name="Place">Its place in the file.</param>
internal sealed record DeviceTreeProperty(byte[] Bytes, string? Unread, string Place)
{
    /// <summary>Its value as strings.</summary>
    public string[] Strings => Bytes.Length == 0 ? [] : Encoding.Latin1.GetString(Bytes).TrimEnd('\0').Split('\0');

    /// <summary>Its value as cells.</summary>
    /// <exception cref="UsageException">It does not consist of cells.</exception>
    public uint[] Cells
    {
        get
        {
            if (Unread is not null)
            {
                throw Error($"'{Unread}' is not a number: expected a source behind the C preprocessor, or a compiled tree");
            }
            return Bytes.Length % 4 == 0
                ? [.. Enumerable.Range(0, Bytes.Length / 4).Select(i => BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(4 * i)))]
                : throw Error($"{Bytes.Length} bytes: expected cells of 4 bytes");
        }
    }

    /// <summary>An error message about it, with its place.</summary>
    public UsageException Error(string message) => new($"{Place}: {message}");
}

/// <summary>A device tree.</summary>
/// <param name="Root">Its root.</param>
/// <param name="Reserved">The addresses and sizes of /memreserve/.</param>
/// <param name="Remarks">Which parts of it were not read.</param>
internal sealed record DeviceTree(DeviceTreeNode Root, IReadOnlyList<(ulong Start, ulong Size)> Reserved, IReadOnlyList<string> Remarks);
