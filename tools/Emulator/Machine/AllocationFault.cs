namespace Carveout.Emulator.Machine;

/// <summary>Makes allocations fail: the N-th one from a moment on, and all that follow it, until it is disarmed.</summary>
/// <remarks>All that follow must fail, too: a request that one zone refuses is passed on to the next zone, and the whole request is to
/// fail.</remarks>
internal sealed class AllocationFault
{
    private long _left;

    /// <summary>Whether it counts or refuses allocations now.</summary>
    public bool IsArmed { get; private set; }

    /// <summary>Whether it has refused an allocation since it was last armed.</summary>
    public bool HasStruck { get; private set; }

    /// <summary>Refuses the <paramref name="number"/>-th allocation from now on and all after it; 1 is the next one.</summary>
    public void Arm(long number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        _left = number;
        IsArmed = true;
        HasStruck = false;
    }

    /// <summary>Ends the refusals.</summary>
    public void Disarm() => IsArmed = false;

    /// <summary>Whether the allocation that asks is to be refused.</summary>
    internal bool Refuses()
    {
        bool refuses = IsArmed && _left == 1;
        HasStruck |= refuses;
        return refuses;
    }

    /// <summary>Counts an allocation that succeeded.</summary>
    internal void Count() => _left -= IsArmed ? 1 : 0;
}
