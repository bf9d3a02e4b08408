using System.Buffers.Binary;
using System.Text;

namespace Carveout.Emulator.MapImport;

/// <summary>A node of a device tree, source or compiled.</summary>
/// <param name="name">With its unit address: "memory@80000000".</param>
/// <param name="parent">Null for the root.</param>
/// <param name="place">Where it stands, for messages: "board.dts:12".</param>
internal sealed class DeviceTreeNode(string name, DeviceTreeNode? parent, string place)
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>The node that it stands in.</summary>
    public DeviceTreeNode? Parent => parent;

    /// <summary>Where it stands.</summary>
    public string Place => place;

    /// <summary>Its nodes, in their order.</summary>
    public List<DeviceTreeNode> Children { get; } = [];

    /// <summary>Its properties, by name.</summary>
    public Dictionary<string, DeviceTreeProperty> Properties { get; } = new(StringComparer.Ordinal);

    /// <summary>It and all below it.</summary>
    public IEnumerable<DeviceTreeNode> All => Children.SelectMany(child => child.All).Prepend(this);

    /// <summary>Whether it has a property.</summary>
    public bool Has(string property) => Properties.ContainsKey(property);

    /// <summary>The strings of a property; none where it is missing.</summary>
    public string[] Strings(string property) => Properties.TryGetValue(property, out DeviceTreeProperty? value) ? value.Strings : [];

    /// <summary>A property of one cell; a standard where it is missing.</summary>
    /// <exception cref="UsageException">It is another.</exception>
    public uint Cell(string property, uint standard) => !Properties.TryGetValue(property, out DeviceTreeProperty? value) ? standard
        : value.Cells is [uint cell] ? cell : throw value.Error($"{property}: expected one number");

    /// <summary>Whether it is in use.</summary>
    public bool IsOkay => Strings("status") is [] or ["okay"] or ["ok"];
}

/// <summary>A property of a node.</summary>
/// <param name="Bytes">Its value, numbers with the high byte first.</param>
/// <param name="Unread">A word in it that is no number to us; null where all of it was read.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record DeviceTreeProperty(byte[] Bytes, string? Unread, string Place)
{
    /// <summary>Its value as strings.</summary>
    public string[] Strings => Bytes.Length == 0 ? [] : Encoding.Latin1.GetString(Bytes).TrimEnd('\0').Split('\0');

    /// <summary>Its value as cells.</summary>
    /// <exception cref="UsageException">It is none.</exception>
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

    /// <summary>An error about it, with its place.</summary>
    public UsageException Error(string message) => new($"{Place}: {message}");
}

/// <summary>A device tree.</summary>
/// <param name="Root">Its root.</param>
/// <param name="Reserved">What /memreserve/ names, as addresses and sizes.</param>
/// <param name="Remarks">What of it was not read.</param>
internal sealed record DeviceTree(DeviceTreeNode Root, IReadOnlyList<(ulong Start, ulong Size)> Reserved, IReadOnlyList<string> Remarks);
