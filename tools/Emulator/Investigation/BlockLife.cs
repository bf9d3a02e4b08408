namespace Carveout.Emulator.Investigation;

/// <summary>When a block was allocated and freed, by a clock that only goes forward.</summary>
/// <param name="Owner">Its owner's number.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Taken">When it was allocated. Blocks with 0 or less are not judged.</param>
/// <param name="Freed">When it was freed; infinite if it never was.</param>
internal readonly record struct BlockLife(int Owner, long Bytes, double Taken, double Freed = double.PositiveInfinity)
{
    /// <summary>Whether it was never freed.</summary>
    public bool IsKept => double.IsPositiveInfinity(Freed);

    /// <summary>How long it lived.</summary>
    public double Length => Freed - Taken;
}
