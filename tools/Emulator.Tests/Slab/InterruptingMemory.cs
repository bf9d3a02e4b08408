namespace Carveout.Emulator.Tests.Slab;

/// <summary>A lock that does not nest, with an interrupt whenever it is not held: before it is taken, and after it is released.</summary>
internal sealed class InterruptingLock : AllocatorLock
{
    private bool _interrupted;

    public Action? Interrupt { get; set; }

    public bool IsHeld { get; private set; }

    public long Interrupts { get; private set; }

    public override void Acquire()
    {
        if (IsHeld)
        {
            throw new NotSupportedException("the lock was taken twice");
        }
        Fire();
        IsHeld = true;
    }

    public override void Release()
    {
        if (!IsHeld)
        {
            throw new NotSupportedException("the lock was given back and not held");
        }
        IsHeld = false;
        Fire();
    }

    public void Fire()
    {
        if (IsHeld || _interrupted || Interrupt == null)
        {
            return;
        }
        _interrupted = true;
        Interrupts++;
        Interrupt();
        _interrupted = false;
    }
}

/// <summary>Memory with an interrupt at every use. The lock must not be held during uses that are longer than a check.</summary>
internal sealed class InterruptingMemory(PhysicalMemory memory, InterruptingLock allocatorLock) : PhysicalMemory
{
    /// <summary>The most bytes that a context may access while it keeps out all others.</summary>
    private const int MostUnderLock = 128;

    public override void Fill(uint address, int length, byte value)
    {
        Check(length);
        memory.Fill(address, length, value);
        allocatorLock.Fire();
    }

    public override void CleanCache(uint address, int length) => memory.CleanCache(address, length);

    public override void InvalidateCache(uint address, int length) => memory.InvalidateCache(address, length);

    public override void Copy(uint source, uint destination, int length)
    {
        Check(length);
        memory.Copy(source, destination, length);
        allocatorLock.Fire();
    }

    public override void Read(uint address, byte[] buffer, int offset, int length)
    {
        Check(length);
        memory.Read(address, buffer, offset, length);
        allocatorLock.Fire();
    }

    public override void Write(uint address, byte[] buffer, int offset, int length)
    {
        Check(length);
        memory.Write(address, buffer, offset, length);
        allocatorLock.Fire();
    }

    private void Check(int length)
    {
        if (allocatorLock.IsHeld && length > MostUnderLock)
        {
            throw new NotSupportedException($"{length} bytes touched while the lock was held");
        }
    }
}
