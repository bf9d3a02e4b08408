namespace Carveout.Emulator.Replay;

/// <summary>Memory without content, for replays, plans and tests that only use addresses.</summary>
internal sealed class UnbackedMemory : PhysicalMemory
{
    /// <inheritdoc/>
    public override void Fill(uint address, int length, byte value)
    {
    }

    /// <inheritdoc/>
    public override void Copy(uint source, uint destination, int length)
    {
    }

    /// <inheritdoc/>
    public override void Read(uint address, byte[] buffer, int offset, int length) => Array.Clear(buffer, offset, length);

    /// <inheritdoc/>
    public override void Write(uint address, byte[] buffer, int offset, int length)
    {
    }

    /// <inheritdoc/>
    public override void CleanCache(uint address, int length)
    {
    }

    /// <inheritdoc/>
    public override void InvalidateCache(uint address, int length)
    {
    }
}
