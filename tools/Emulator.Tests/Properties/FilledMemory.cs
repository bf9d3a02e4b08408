namespace Carveout.Emulator.Tests.Properties;

/// <summary>Memory that only records the last fill, since the allocator does nothing else with memory.</summary>
internal sealed class FilledMemory : PhysicalMemory
{
    public (uint Address, int Length, byte Value)? Last { get; set; }

    public override void Fill(uint address, int length, byte value) => Last = (address, length, value);

    public override void Copy(uint source, uint destination, int length) => throw new NotSupportedException("the allocator copied");

    public override void Read(uint address, byte[] buffer, int offset, int length) =>
        throw new NotSupportedException("the allocator read");

    public override void Write(uint address, byte[] buffer, int offset, int length) =>
        throw new NotSupportedException("the allocator wrote");

    public override void CleanCache(uint address, int length) => throw new NotSupportedException("the allocator cleaned");

    public override void InvalidateCache(uint address, int length) => throw new NotSupportedException("the allocator invalidated");
}
