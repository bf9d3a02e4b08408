using Carveout.App;
using Carveout.Video;

namespace Carveout.Emulator.AppHost;

/// <summary>The application's camera, which can be made to stand still.</summary>
internal sealed class StandstillCamera : SoftwareCamera
{
    private readonly Platform _platform;

    /// <summary>A camera that does not.</summary>
    public StandstillCamera(Platform platform, PhysicalMemory memory, VideoFormat format, int framePeriod)
        : base(platform, memory, format, framePeriod) => _platform = platform;

    /// <summary>Until when it does, in microseconds of the platform's clock.</summary>
    public long StandsStillUntil { get; set; }

    /// <inheritdoc/>
    protected override bool Delivers => _platform.Now >= StandsStillUntil;
}
