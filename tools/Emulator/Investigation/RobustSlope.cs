namespace Carveout.Emulator.Investigation;

/// <summary>The growth of a series, not disturbed by a few outliers.</summary>
internal static class RobustSlope
{
    /// <summary>The median of the slopes between all pairs of samples, which are one step apart; 0 for fewer than two samples.</summary>
    /// <remarks>H. Theil, "A rank-invariant method of linear and polynomial regression analysis" (1950); P. K. Sen, "Estimates of the
    /// regression coefficient based on Kendall's tau" (1968). Up to 29 % of the samples may have any value.</remarks>
    public static double Of(IReadOnlyList<long> values)
    {
        var slopes = new List<double>(values.Count * values.Count / 2);
        for (int i = 0; i < values.Count; i++)
        {
            for (int j = i + 1; j < values.Count; j++)
            {
                slopes.Add((double)(values[j] - values[i]) / (j - i));
            }
        }
        return Median(slopes);
    }

    /// <summary>The middle value, or the mean of the middle two; 0 if there are no values.</summary>
    public static double Median(List<double> values)
    {
        if (values.Count == 0)
        {
            return 0;
        }
        values.Sort();
        return (values[values.Count / 2] + values[(values.Count - 1) / 2]) / 2;
    }
}
