namespace Carveout.Emulator.Machine;

/// <summary>A device on a request line of the DMA controller: it takes or gives bytes at its own pace.</summary>
internal abstract class DmaPeripheral
{
    /// <summary>Microseconds that the device needs for so many bytes; the controller asks for the next when they are over.</summary>
    public abstract long TimeOf(int bytes);

    /// <summary>Takes bytes that came from memory.</summary>
    public abstract void Accept(ReadOnlySpan<byte> bytes);

    /// <summary>Gives bytes that go to memory.</summary>
    public abstract void Supply(Span<byte> bytes);
}
