using Carveout.Emulator.Investigation;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Presentation;

namespace Carveout.Emulator.Report;

/// <summary>The horizontal axis of a figure.</summary>
/// <param name="Start">The place at the left.</param>
/// <param name="End">The place at the right, greater than the start.</param>
/// <param name="IsTime">Whether places are seconds; otherwise they are operations.</param>
internal sealed record PictureAxis(double Start, double End, bool IsTime)
{
    /// <summary>If the axis has fewer seconds, ticks need tenths to differ.</summary>
    private const double Short = 20;

    /// <summary>A place as a share of the width, 0 to 1.</summary>
    public double Share(double at) => (at - Start) / (End - Start);

    /// <summary>A place in units of a picture.</summary>
    public double X(double at) => Share(at) * Plot.Width;

    /// <summary>A place in words.</summary>
    public string Text(double at) => !IsTime ? at.ToString("0", CultureInfo.InvariantCulture)
        : End - Start < Short ? TraceAxis.Seconds(at)
        : ClockText.Of(at);

    /// <summary>Draws ticks below a figure.</summary>
    public void Draw(Plot plot)
    {
        foreach (double share in (ReadOnlySpan<double>)[0, 0.25, 0.5, 0.75, 1])
        {
            plot.Column(share, Text(Start + (share * (End - Start))));
        }
    }
}
