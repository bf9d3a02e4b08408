using Carveout.Emulator.Boards;
using Carveout.Emulator.Commands;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Tests.Scenario;

/// <summary>Short runs with real pixels.</summary>
internal static class PixelRuns
{
    /// <summary>A board's own movie and devices, beside an application that does nothing.</summary>
    public static PlayOptions Options(string board, double hours) =>
        new(board, hours, AllocatorKind.Carveout, ZoneLayout.Split, BoardDevices.CanPool(board) ? DmaTail.Pool : DmaTail.Exact, true, 1,
            BoardScenarios.PixelMovie(board), new ApplicationSpec(0, 0, 1, 0), 1)
        {
            Pixels = Pixels(board),
        };

    /// <summary>The options for the board's first display, with faults as on the command line.</summary>
    public static PixelOptions Pixels(string board, params string[] faults) =>
        new(null, BoardDevices.Rgb, BoardDevices.Displays(board)[0], null, 0, [.. faults.Select(fault => FaultArgument.Parse(fault)!)]);

    public static PlayResult Play(PlayOptions options) => PlayRun.Of(options).Run(() => { }, default);
}
