namespace Carveout.Emulator.Machine;

/// <summary>The allocator's lock of a machine with one core: no handler runs while it is held.</summary>
internal sealed class InterruptMask(InterruptController interrupts) : AllocatorLock
{
    /// <inheritdoc/>
    /// <exception cref="InterruptContextException">It is held already.</exception>
    public override void Acquire() => interrupts.Mask();

    /// <inheritdoc/>
    /// <exception cref="InterruptContextException">A handler asks without Atomic, or the lock is held already.</exception>
    public override void AcquireToAlloc(bool atomic)
    {
        if (!atomic && interrupts.Current is not null)
        {
            interrupts.MustBlock("asks the allocator without GfpFlags.Atomic");
        }
        interrupts.Mask();
    }

    /// <inheritdoc/>
    public override void Release() => interrupts.Unmask();
}
