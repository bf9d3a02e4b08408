namespace Carveout.Emulator.Machine;

/// <summary>The emulator's only source of random numbers: small, seeded, and the same on every machine.</summary>
/// <remarks>G. L. Steele, D. Lea, C. H. Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014); constants as published.</remarks>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="limit"/> - 1; the limit is above 0.</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The time until the next event of a Poisson process, in the unit of <paramref name="mean"/>; at least 1.</summary>
    public long Exponential(long mean) => Math.Max(1, (long)(-Math.Log(1 - Fraction()) * mean));

    /// <summary>Makes an independent generator, so that one actor's draws do not change another's.</summary>
    public SplitMix64 Fork() => new(Next());
}
