namespace Carveout.Emulator.Planning;

/// <summary>What a managed heap must hold beside streams.</summary>
/// <param name="Heap">The heap.</param>
/// <param name="Leave">Bytes that stay with the application.</param>
/// <param name="Buffers">Pools of plain byte arrays.</param>
/// <param name="Bitmaps">Bitmaps of nanoFramework.Graphics.</param>
internal sealed record StockNeeds(StockHeap Heap, long Leave, IReadOnlyList<BufferSpec> Buffers, IReadOnlyList<BitmapSpec> Bitmaps);
