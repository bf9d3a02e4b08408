namespace Carveout.Emulator.Tests.Properties;

/// <summary>A lock that does not nest, like an interrupt mask, and fails if it is nested.</summary>
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
