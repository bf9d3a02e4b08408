namespace Carveout.Emulator.Tests.Movable;

/// <summary>Memory that counts the copies made under a lock, which are those of blocks that slide in place.</summary>
internal sealed class CopyCounter(PhysicalMemory memory, Func<bool> isHeld) : PhysicalMemory
{
    public int UnderLock { get; private set; }

    public override void Copy(uint source, uint destination, int length)
    {
        UnderLock += isHeld() ? 1 : 0;
        memory.Copy(source, destination, length);
    }

    public override void Fill(uint address, int length, byte value) => memory.Fill(address, length, value);

    public override void Read(uint address, byte[] buffer, int offset, int length) => memory.Read(address, buffer, offset, length);

    public override void Write(uint address, byte[] buffer, int offset, int length) => memory.Write(address, buffer, offset, length);

    public override void CleanCache(uint address, int length) => memory.CleanCache(address, length);

    public override void InvalidateCache(uint address, int length) => memory.InvalidateCache(address, length);
}
