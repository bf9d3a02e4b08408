using Carveout.Board.Boards;

namespace Carveout.Emulator.Boards;

/// <summary>What the engine that moves a board's frames can take at once, and how it gets its orders.</summary>
/// <param name="MaxSegment">The most bytes of one descriptor, or of one start of a transfer.</param>
/// <param name="DescriptorSize">Bytes of a descriptor, in memory that the engine reaches and the CPU does not cache; 0 for an engine with
/// registers.</param>
internal sealed record TransferLimits(int MaxSegment, int DescriptorSize)
{
    /// <summary>The alignment of buffers on every board, in bytes, which is that of a pool of frames; a longer cache line takes precedence.</summary>
    public const int Alignment = FramePool.Alignment;

    /// <summary>Bytes of a bounce slot: a page of every shipped board, and more than one descriptor of an ESP32 carries.</summary>
    public const int SlotSize = 4096;

    private const int Esp32Segment = 4092, Esp32Descriptor = 12, Stm32Items = 65535, BytesPerItem = 4;

    /// <summary>The limits of a board.</summary>
    /// <remarks>ESP32 and ESP32-S3: a linked list of three words each whose length has 12 bits (Technical Reference Manuals, DMA and GDMA
    /// controller). STM32: DMA_SxNDTR counts 65,535 items of at most 4 bytes (RM0090, RM0385, RM0410, RM0433). i.MX31's IPU takes a frame
    /// whole.</remarks>
    public static TransferLimits Of(string board) => board switch
    {
        Esp32Cam.Name or Esp32S3.Name => new TransferLimits(Esp32Segment, Esp32Descriptor),
        Imx31Reference.Name => new TransferLimits(int.MaxValue, 0),
        _ => new TransferLimits(Stm32Items * BytesPerItem, 0),
    };
}
