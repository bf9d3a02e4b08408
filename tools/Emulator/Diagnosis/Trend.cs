using Carveout.Emulator.Investigation;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Whether something falls or rises over a series, and how fast.</summary>
/// <param name="Slope">Change for each unit of place: the median of all pairs of dumps.</param>
/// <param name="Tau">Kendall's tau: the pairs that rise minus those that fall, as a share of all pairs; -1 if all fall.</param>
/// <param name="First">The trend line's value at the first dump.</param>
/// <param name="Last">The trend line's value at the last dump.</param>
internal readonly record struct Trend(double Slope, double Tau, double First, double Last)
{
    /// <summary>The most dumps that are compared pair by pair.</summary>
    private const int MostCompared = 200;

    /// <summary>The fewest dumps of a trend; two show only a direction.</summary>
    public const int Least = 3;

    /// <summary>A trend is clear if three of four pairs have its direction.</summary>
    private const double Clear = 0.5;

    /// <summary>Whether it falls by more than noise: three of four pairs fall, and the fall is at least 2 % of the first value.</summary>
    public bool Falls => Tau <= -Clear && First - Last >= 0.02 * First;

    /// <summary>Whether it rises by more than noise.</summary>
    public bool Rises => Tau >= Clear && Last - First >= 0.02 * Last;

    /// <summary>Computes the trend of values at ascending places.</summary>
    /// <remarks>H. Theil (1950) and P. K. Sen (1968), as in <see cref="RobustSlope"/> for even steps; M. G. Kendall, "A new measure of rank
    /// correlation" (1938).</remarks>
    public static Trend Of(double[] places, IReadOnlyList<long> values)
    {
        int step = Math.Max(1, (values.Count + MostCompared - 1) / MostCompared);
        var slopes = new List<double>();
        long rise = 0, fall = 0;
        for (int i = 0; i < values.Count; i += step)
        {
            for (int j = i + step; j < values.Count; j += step)
            {
                slopes.Add((values[j] - (double)values[i]) / (places[j] - places[i]));
                rise += values[j] > values[i] ? 1 : 0;
                fall += values[j] < values[i] ? 1 : 0;
            }
        }
        int pairs = slopes.Count;
        double slope = RobustSlope.Median(slopes);
        double middle = RobustSlope.Median([.. values.Select((value, i) => value - (slope * places[i]))]);
        return new Trend(slope, pairs == 0 ? 0 : (rise - fall) / (double)pairs, middle + (slope * places[0]), middle + (slope * places[^1]));
    }

    /// <summary>The place where it reaches a lower value; null if it does not fall.</summary>
    /// <param name="lastPlace">The place of the last dump.</param>
    /// <param name="value">The value.</param>
    public double? Reaches(double lastPlace, double value) => Slope < 0 ? lastPlace + Math.Max(0, (Last - value) / -Slope) : null;
}
