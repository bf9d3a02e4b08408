namespace Carveout.Emulator.Tests.Dma;

/// <summary>A mapping as the model knows it.</summary>
/// <param name="Device">The device that it is for.</param>
/// <param name="Address">First byte, as the CPU sees it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Direction">The direction of the transfer.</param>
/// <param name="Handle">What the allocator returned.</param>
/// <param name="Place">The address that the device uses, as the CPU sees it.</param>
/// <param name="Granule">Bytes that change hands together.</param>
internal sealed record DmaModelMapping(
    DmaDevice Device, uint Address, int Size, DmaDirection Direction, uint Handle, uint Place, int Granule)
{
    /// <summary>By byte: the value that the device sees or has written.</summary>
    public byte[] DeviceBytes { get; } = new byte[Size];

    /// <summary>By byte: whether the CPU owns it now.</summary>
    public bool[] Cpu { get; } = new bool[Size];

    public uint End => Address + (uint)Size;

    /// <summary>Bytes [from, to) as the whole granules that they touch.</summary>
    public (int From, int To) Whole(int from, int to)
    {
        long start = Place;
        long first = (start + from) / Granule * Granule - start, last = (start + to + Granule - 1) / Granule * Granule - start;
        return ((int)Math.Max(0, first), (int)Math.Min(Size, last));
    }

    public override string ToString() => $"{Device.Name} {Size} at {Address:x8} as {Handle:x8} {Direction}";

    public bool Overlaps(uint address, int size) => Address < address + (uint)size && address < End;
}
