namespace Carveout.Emulator.Tests.Mix;

/// <summary>Memory of a client of <see cref="AllocatorMix"/>: where it lies, how it is freed, and what the client wrote into it.</summary>
internal sealed class MixItem
{
    public MixKind Kind { get; set; }

    /// <summary>The allocation's result; for Vmalloc and Ioremap a virtual address.</summary>
    public uint Address { get; set; }

    /// <summary>Bytes that are the client's, from <see cref="Address"/> on.</summary>
    public int Size { get; set; }

    /// <summary>The bus address of coherent memory; the physical address of an ioremapped one.</summary>
    public uint Handle { get; set; }

    /// <summary>The place in the pattern where its content begins.</summary>
    public int Seed { get; set; }

    /// <summary>The bus address of its streaming mapping; 0 if it has none.</summary>
    public uint Mapping { get; set; }

    public int MappedSize { get; set; }

    public Carveout.Memory.DmaDirection Direction { get; set; }

    public bool IsVirtual => Kind is MixKind.Vmalloc or MixKind.Ioremap;

    public bool IsStreamable => Kind is MixKind.Pages or MixKind.Bytes or MixKind.Exact or MixKind.Object or MixKind.Kmalloc or MixKind.Element;
}
