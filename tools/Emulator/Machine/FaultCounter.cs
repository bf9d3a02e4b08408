namespace Carveout.Emulator.Machine;

/// <summary>A fault that strikes once, at the N-th occasion.</summary>
internal sealed class FaultCounter
{
    private long _left;

    /// <summary>Strikes at the <paramref name="number"/>-th occasion from now on; 1 is the next one.</summary>
    public void Arm(long number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        _left = number;
    }

    /// <summary>Counts an occasion, and says whether the fault strikes now.</summary>
    public bool Strikes() => _left > 0 && --_left == 0;
}
