namespace Carveout.Emulator.Machine;

/// <summary>Allocations that fail to order: the N-th from a moment on, and all that follow it, until that is called off.</summary>
/// <remarks>All that follow, because a request that one zone refuses is passed on to the next, and the request as a whole is to fail.</remarks>
internal sealed class AllocationFault
{
    private long _left;

    /// <summary>Whether allocations are being counted, or refused already.</summary>
    public bool IsArmed { get; private set; }

    /// <summary>Whether one was refused since it was armed last.</summary>
    public bool HasStruck { get; private set; }

    /// <summary>Refuses the <paramref name="number"/>-th allocation from now on; 1 is the next.</summary>
    public void Arm(long number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        _left = number;
        IsArmed = true;
        HasStruck = false;
    }

    /// <summary>Refuses none any more.</summary>
    public void Disarm() => IsArmed = false;

    /// <summary>Somebody asks: whether he gets nothing.</summary>
    internal bool Refuses()
    {
        bool refuses = IsArmed && _left == 1;
        HasStruck |= refuses;
        return refuses;
    }

    /// <summary>Somebody got something.</summary>
    internal void Count() => _left -= IsArmed ? 1 : 0;
}
