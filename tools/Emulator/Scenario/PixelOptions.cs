using Carveout.Emulator.Machine;
using Carveout.Video;

namespace Carveout.Emulator.Scenario;

/// <summary>The options of a run with real pixels, beside the story's.</summary>
/// <param name="Movie">The Y4M file that the camera sees; null for the test card.</param>
/// <param name="Camera">One of <see cref="BoardDevices.Cameras"/>.</param>
/// <param name="Display">One of the board's <see cref="BoardDevices.Displays"/>.</param>
/// <param name="PngFolder">The folder for displayed frames; null to write none.</param>
/// <param name="PngEvery">One in so many frames is written; 0 for one a minute of the movie.</param>
/// <param name="Faults">The ordered faults.</param>
/// <param name="Sent">The format that the camera sends, one of its <see cref="BoardDevices.CameraFormats"/>; null for its first.</param>
internal sealed record PixelOptions(string? Movie, string Camera, string Display, string? PngFolder, int PngEvery,
    IReadOnlyList<FaultOrder> Faults, PixelFormat? Sent = null)
{
    /// <summary>The format that the camera sends.</summary>
    public PixelFormat Format => Sent ?? BoardDevices.CameraFormats(Camera, Display)[0];
}
