using Carveout.Emulator.Investigation;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Whether something falls or rises over a series, and how fast.</summary>
/// <param name="Slope">Change by unit of place, in the median of all pairs of dumps.</param>
/// <param name="Tau">Kendall's: pairs that rise less pairs that fall, as a share of all; -1 falls always.</param>
/// <param name="First">Where the line through all stands at the first dump.</param>
/// <param name="Last">Where it stands at the last.</param>
internal readonly record struct Trend(double Slope, double Tau, double First, double Last)
{
    /// <summary>Dumps that are compared with each other, pair by pair.</summary>
    private const int MostCompared = 200;

    /// <summary>Dumps that a trend takes; two show a direction.</summary>
    public const int Least = 3;

    /// <summary>Three pairs in four fall.</summary>
    private const double Clear = 0.5;

    /// <summary>Whether it falls by more than noise: three pairs in four, and a share of what there was.</summary>
    public bool Falls => Tau <= -Clear && First - Last >= 0.02 * First;

    /// <summary>Whether it rises so.</summary>
    public bool Rises => Tau >= Clear && Last - First >= 0.02 * Last;

    /// <summary>The trend of values at places that ascend.</summary>
    /// <remarks>H. Theil (1950) and P. K. Sen (1968), as <see cref="RobustSlope"/> has it for even steps; M. G. Kendall, "A new measure of rank
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

    /// <summary>The place where it comes down to a value; null where it does not fall.</summary>
    /// <param name="lastPlace">Where the last dump stands.</param>
    /// <param name="value">What it comes down to.</param>
    public double? Reaches(double lastPlace, double value) => Slope < 0 ? lastPlace + Math.Max(0, (Last - value) / -Slope) : null;
}
