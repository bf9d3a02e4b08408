using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;

namespace Carveout.Emulator.AppHost;

/// <summary>A region that an emulated firmware keeps from the runtime. It lies where the board's map has Carveout's memory.</summary>
internal sealed class EmulatedRegion : ReservedMemory
{
    private readonly EmulatedMemory _bytes;

    private EmulatedRegion(uint start, uint size)
        : base("native", start, size, 0)
    {
        var map = new MemoryMap(Name, MemoryMap.DefaultPageSize);
        map.Add(new MemoryRegion(Name, MemoryKind.Sram, start, size, DmaEngines.None, 0));
        _bytes = new EmulatedMemory(map);
    }

    /// <summary>The region of a board: as many bytes as wanted, or all that there are.</summary>
    public static EmulatedRegion Of(EmulatedBoard board, uint size) => new(board.Main.Start, Math.Min(board.Main.Size, size));

    /// <inheritdoc/>
    public override void Fill(uint address, int length, byte value) => _bytes.Fill(address, length, value);

    /// <inheritdoc/>
    public override void Copy(uint source, uint destination, int length) => _bytes.Copy(source, destination, length);

    /// <inheritdoc/>
    public override void Read(uint address, byte[] buffer, int offset, int length) => _bytes.Read(address, buffer, offset, length);

    /// <inheritdoc/>
    public override void Write(uint address, byte[] buffer, int offset, int length) => _bytes.Write(address, buffer, offset, length);

    /// <inheritdoc/>
    public override void CleanCache(uint address, int length) => _bytes.CleanCache(address, length);

    /// <inheritdoc/>
    public override void InvalidateCache(uint address, int length) => _bytes.InvalidateCache(address, length);
}
