namespace Carveout.Emulator.Tests.Video;

/// <summary>Memory of a driver that forgot one half of its cache maintenance: the calls are made, but do nothing.</summary>
internal sealed class DeafMemory(PhysicalMemory memory) : PhysicalMemory
{
    public bool ForgetsToClean { get; set; }

    public bool ForgetsToInvalidate { get; set; }

    public override void Fill(uint address, int length, byte value) => memory.Fill(address, length, value);

    public override void Copy(uint source, uint destination, int length) => memory.Copy(source, destination, length);

    public override void Read(uint address, byte[] buffer, int offset, int length) => memory.Read(address, buffer, offset, length);

    public override void Write(uint address, byte[] buffer, int offset, int length) => memory.Write(address, buffer, offset, length);

    public override void CleanCache(uint address, int length)
    {
        if (!ForgetsToClean)
        {
            memory.CleanCache(address, length);
        }
    }

    public override void InvalidateCache(uint address, int length)
    {
        if (!ForgetsToInvalidate)
        {
            memory.InvalidateCache(address, length);
        }
    }
}
