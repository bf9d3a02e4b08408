namespace Carveout.Emulator.Investigation;

/// <summary>The least, the middle and the most of one figure over the seeds.</summary>
/// <param name="Min">The least.</param>
/// <param name="Median">The middle one; of an even number, the lesser of the middle two.</param>
/// <param name="Max">The most.</param>
internal sealed record Spread(double Min, double Median, double Max)
{
    /// <summary>Of at least one number.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread(sorted[0], sorted[(sorted.Length - 1) / 2], sorted[^1]);
    }
}

/// <summary>What one setting did with every seed.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Runs">A run a seed, in their order; at least one.</param>
internal sealed record SettingFinding(InvestigationSetting Setting, IReadOnlyList<RunFinding> Runs)
{
    /// <summary>Seconds to the failure; infinite where the movie played on.</summary>
    public Spread Seconds => Spread.Of(Runs.Select(run => run.Result.FailedAtSeconds ?? double.PositiveInfinity));

    /// <summary>Loops played to their ends before the failure; infinite where the movie played on.</summary>
    public Spread Loops => Spread.Of(Runs.Select(run => run.Result.FailedAtLoop is null ? double.PositiveInfinity : run.Result.Loops));

    /// <summary>Seeds with which the movie died.</summary>
    public int Died => Runs.Count(run => run.Result.FailedAtLoop is not null);

    /// <summary>The run that died first, or the first one where none died.</summary>
    public RunFinding Earliest => Runs.MinBy(run => run.Result.FailedAtSeconds ?? double.PositiveInfinity)!;
}
