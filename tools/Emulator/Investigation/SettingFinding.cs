namespace Carveout.Emulator.Investigation;

/// <summary>The minimum, median and maximum of a figure over all seeds.</summary>
/// <param name="Min">The minimum.</param>
/// <param name="Median">The median; of an even number of values, the smaller of the middle two.</param>
/// <param name="Max">The maximum.</param>
internal sealed record Spread(double Min, double Median, double Max)
{
    /// <summary>Computes it for at least one value.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread(sorted[0], sorted[(sorted.Length - 1) / 2], sorted[^1]);
    }
}

/// <summary>The findings of one setting with every seed.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Runs">A run for each seed, in order; at least one.</param>
internal sealed record SettingFinding(InvestigationSetting Setting, IReadOnlyList<RunFinding> Runs)
{
    /// <summary>Seconds until the failure; infinite if the movie played on.</summary>
    public Spread Seconds => Spread.Of(Runs.Select(run => run.Result.FailedAtSeconds ?? double.PositiveInfinity));

    /// <summary>Loops that were played before the failure; infinite if the movie played on.</summary>
    public Spread Loops => Spread.Of(Runs.Select(run => run.Result.FailedAtLoop is null ? double.PositiveInfinity : run.Result.Loops));

    /// <summary>How many seeds made the movie fail.</summary>
    public int Died => Runs.Count(run => run.Result.FailedAtLoop is not null);

    /// <summary>The run that failed first, or the first run if none failed.</summary>
    public RunFinding Earliest => Runs.MinBy(run => run.Result.FailedAtSeconds ?? double.PositiveInfinity)!;
}
