using Carveout.App;
using Carveout.Video;

namespace Carveout.Emulator.AppHost;

/// <summary>The application's camera, which can be made to stand still.</summary>
internal sealed class StandstillCamera(Platform platform, PhysicalMemory memory, VideoFormat format, int framePeriod)
    : SoftwareCamera(platform, memory, format, framePeriod)
{
    /// <summary>Whether it does.</summary>
    public bool StandsStill { get; set; }

    /// <inheritdoc/>
    protected override bool Delivers => !StandsStill;
}
