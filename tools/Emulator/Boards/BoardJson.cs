using System.Text.Json;
using Carveout.Emulator.Maps;

namespace Carveout.Emulator.Boards;

/// <summary>Writes the members that a board has beside its map, as <see cref="BoardFile"/> reads them.</summary>
internal static class BoardJson
{
    /// <summary>The members, in the order of <see cref="MapReader.BoardKeys"/>.</summary>
    public static IEnumerable<string> Members(EmulatedBoard board) =>
    [
        Invariant($"\"dma\": {{ \"engine\": \"{MapWriter.Word(board.Engine.ToString())}\", \"maxSegment\": {board.Transfer.MaxSegment}, ")
            + Invariant($"\"descriptorSize\": {board.Transfer.DescriptorSize} }}"),
        Invariant($"\"dataCache\": {board.CacheSize}"),
        $"\"displays\": {JsonSerializer.Serialize(board.Displays)}",
        Invariant($"\"spiClock\": {board.SpiClock}"),
        $"\"cameras\": {JsonSerializer.Serialize(board.Cameras)}",
        $"\"movie\": {Movie(board.Movie)}",
        $"\"pixelMovie\": {Movie(board.PixelMovie)}",
        Invariant($"\"application\": {{ \"resident\": {board.Application.ResidentSize}, \"churn\": {board.Application.ChurnPerMinute}, ")
            + Invariant($"\"churnLife\": {board.Application.ChurnSeconds}, \"leak\": {board.Application.LeakPerLoop} }}"),
        .. board.Firmware is null ? (string[])[] : [$"\"firmware\": \"{board.Firmware}\""],
    ];

    private static string Movie(MovieSpec movie) =>
        Invariant($"{{ \"width\": {movie.Width}, \"height\": {movie.Height}, \"buffers\": {movie.Buffers}, ")
        + Invariant($"\"fps\": {movie.FramesPerSecond}, \"loop\": {movie.LoopSeconds} }}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
