using System.CommandLine;
using Carveout.Board.Boards;
using Carveout.Emulator.Demo;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout demo</c>: each way of allocating, with what every call did to /proc.</summary>
internal static class DemoCommand
{
    /// <summary>The exit code when memory was not all there at the end: a defect of ours.</summary>
    public const int Lost = 1;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        BoardOption board = BoardOption.Create("The board to emulate", Esp32Cam.Name);
        var command = new Command("demo", "Walks through each way of allocating memory, and prints what every call did to buddyinfo and slabinfo.")
        {
            board,
        };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var tour = new DemoTour(new DemoBoard(board.In(parsed)), Console.Out);
            return tour.Run(cancel) ? 0 : Lost;
        }, CancellationToken.None));
        return command;
    }
}
