using System.CommandLine;
using Carveout.Board.Boards;
using Carveout.Emulator.Demo;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout demo</c>: shows each way of allocating, and how every call changes /proc.</summary>
internal static class DemoCommand
{
    /// <summary>The exit code if memory is missing at the end, which is a defect of Carveout.</summary>
    public const int Lost = 1;

    /// <summary>Creates the command.</summary>
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
