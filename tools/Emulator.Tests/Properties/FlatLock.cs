namespace Carveout.Emulator.Tests.Properties;

/// <summary>A lock that does not nest, as an interrupt mask may not, and says so.</summary>
internal sealed class FlatLock : AllocatorLock
{
    public bool IsHeld { get; private set; }

    public long Acquisitions { get; private set; }

    public override void Acquire()
    {
        if (IsHeld)
        {
            throw new NotSupportedException("the allocator's lock was taken twice");
        }
        IsHeld = true;
        Acquisitions++;
    }

    public override void Release()
    {
        if (!IsHeld)
        {
            throw new NotSupportedException("the allocator's lock was released and not held");
        }
        IsHeld = false;
    }
}
