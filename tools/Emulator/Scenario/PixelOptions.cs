using Carveout.Emulator.Machine;
using Carveout.Video;

namespace Carveout.Emulator.Scenario;

/// <summary>What a run with real pixels needs beside the story's options.</summary>
/// <param name="Movie">A Y4M file that the camera sees; null: the test card.</param>
/// <param name="Camera">One of <see cref="BoardDevices.Cameras"/>.</param>
/// <param name="Display">One of the board's <see cref="BoardDevices.Displays"/>.</param>
/// <param name="PngFolder">Where displayed frames are written; null: nowhere.</param>
/// <param name="PngEvery">The first of so many frames is written; 0: one a minute of the movie.</param>
/// <param name="Faults">What is to go wrong.</param>
/// <param name="Sent">What the camera sends, one of its <see cref="BoardDevices.CameraFormats"/>; null: its first.</param>
internal sealed record PixelOptions(string? Movie, string Camera, string Display, string? PngFolder, int PngEvery,
    IReadOnlyList<FaultOrder> Faults, PixelFormat? Sent = null)
{
    /// <summary>What the camera sends.</summary>
    public PixelFormat Format => Sent ?? BoardDevices.CameraFormats(Camera, Display)[0];
}
