using Carveout.App;
using Carveout.Video;

namespace Carveout.Emulator.AppHost;

/// <summary>The application's camera, which can be made to stand still.</summary>
internal sealed class StandstillCamera : SoftwareCamera
{
    private readonly Platform _platform;

    /// <summary>Makes a camera that does not stand still.</summary>
    public StandstillCamera(Platform platform, PhysicalMemory memory, VideoFormat format, int framePeriod)
        : base(platform, memory, format, framePeriod) => _platform = platform;

    /// <summary>The time until which it stands still, in microseconds of the platform's clock.</summary>
    public long StandsStillUntil { get; set; }

    /// <inheritdoc/>
    protected override bool Delivers => _platform.Now >= StandsStillUntil;
}
