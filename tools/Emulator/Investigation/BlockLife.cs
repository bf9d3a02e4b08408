namespace Carveout.Emulator.Investigation;

/// <summary>When a block was taken and when it was given back, by a clock that only goes forward.</summary>
/// <param name="Owner">The number of who took it.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Taken">When; 0 and before is not judged.</param>
/// <param name="Freed">When; infinite where it never was.</param>
internal readonly record struct BlockLife(int Owner, long Bytes, double Taken, double Freed = double.PositiveInfinity)
{
    /// <summary>Whether it was never given back.</summary>
    public bool IsKept => double.IsPositiveInfinity(Freed);

    /// <summary>How long it lived.</summary>
    public double Length => Freed - Taken;
}
