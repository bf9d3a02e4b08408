namespace Carveout.Emulator.Tests.Slab;

/// <summary>A monitor that refuses to be entered twice, because an interrupt mask would lose count.</summary>
internal sealed class StrictMonitorLock : AllocatorLock
{
    private readonly object _monitor = new();

    /// <summary>Whether this thread has the lock.</summary>
    public bool IsMine => Monitor.IsEntered(_monitor);

    public override void Acquire()
    {
        if (IsMine)
        {
            throw new NotSupportedException("the lock was taken twice");
        }
        Monitor.Enter(_monitor);
    }

    public override void Release() => Monitor.Exit(_monitor);
}
