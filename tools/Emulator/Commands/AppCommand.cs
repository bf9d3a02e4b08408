using System.CommandLine;
using System.CommandLine.Parsing;
using Carveout.App;
using Carveout.Board.Boards;
using Carveout.Emulator.AppHost;
using Carveout.Emulator.Movies;
using Carveout.Emulator.Presentation;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout app</c>: what the deployable application says on a board's console.</summary>
internal static class AppCommand
{
    /// <summary>The exit code when the application had to end before it was asked to.</summary>
    public const int Failed = 1;

    private const long Minute = 60_000_000;
    private const long MostNative = 16 << 20;

    private const string FaultsExpected = "camera-stops, display-fails or heap-full, and @WHEN behind it, in " + TimeArgument.Expected;

    private static readonly Dictionary<string, AppFault> s_faults = new()
    {
        ["camera-stops"] = AppFault.CameraStops,
        ["display-fails"] = AppFault.DisplayFails,
        ["heap-full"] = AppFault.HeapFull,
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        string[] boards = BoardCatalog.Names();
        var board = new ChoiceOption<string>("--board", $"The board to emulate: {string.Join(", ", boards)}", "BOARD", Esp32Cam.Name, boards,
            boards);
        var minutes = new Option<double>("--minutes")
        {
            Description = "Virtual minutes to run: above 0, at most 100000", HelpName = "MINUTES", DefaultValueFactory = _ => 10,
            CustomParser = NumberArgument.Positive(100_000),
        };
        var buttons = new Option<long[]>("--button-at")
        {
            Description = $"When the button is pressed, which dumps the trace; as often as wanted, in {TimeArgument.Expected}", HelpName = "WHEN",
            CustomParser = TimeArgument.ParseAll, Arity = ArgumentArity.OneOrMore,
        };
        ChoiceOption<Switch> leak = ChoiceOption.Of("--leak", "Whether an application that leaks runs beside the movie", Switch.On);
        var native = new SizeOption("--native", "Firmware that keeps so many bytes from the runtime, at most what the board has (default: stock "
            + $"firmware; {Imx31Reference.Name}, which is no nanoFramework board, 16M)", 4096, MostNative);
        var faults = new Option<(AppFault, long)[]>("--fault")
        {
            Description = $"What goes wrong, more than once if need be: {FaultsExpected}", HelpName = "KIND@WHEN", CustomParser = ParseFaults,
            Arity = ArgumentArity.OneOrMore,
        };
        var png = new Option<string?>("--png") { Description = "Write what the display shows at the end, where there is one", HelpName = "FILE" };
        var command = new Command("app",
            "Runs the deployable application (Firmware/App) on an emulated board with a virtual clock and prints what its console says. Ends with 1 "
            + "where the application had to stop.")
        {
            board, minutes, buttons, leak, native, faults, png,
        };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            string name = board.In(parsed);
            string? picture = parsed.GetValue(png);
            bool hasDisplay = BoardSetup.Of(name).Display.Kind != DisplayKind.None;
            if (picture is not null && !hasDisplay)
            {
                throw new UsageException($"--png {picture}: {name} has no display");
            }
            if (picture is not null)
            {
                FileFault.RequirePlaceFor(picture, "--png");
            }
            (AppFault Kind, long At)[] failures = parsed.GetValue(faults) ?? [];
            if (!hasDisplay && Array.Exists(failures, fault => fault.Kind == AppFault.DisplayFails))
            {
                throw new UsageException($"--fault display-fails: {name} has no display");
            }
            long size = parsed.GetValue(native) ?? (name == Imx31Reference.Name ? MostNative : 0);
            var options = new AppOptions(name, (long)(parsed.GetValue(minutes) * Minute))
            {
                Buttons = parsed.GetValue(buttons) ?? [], Faults = failures, HasLeak = leak.In(parsed) == Switch.On,
                NativeSize = (uint)size,
            };
            return Run(options, picture, cancel);
        }, CancellationToken.None));
        return command;
    }

    private static int Run(AppOptions options, string? png, CancellationToken cancel)
    {
        var progress = new ProgressLine("app");
        VirtualPlatform? platform = null;
        platform = new VirtualPlatform(options, line =>
        {
            Console.Out.WriteLine(line);
            if (Console.IsOutputRedirected)
            {
                progress.Show((double)platform!.Now / options.Duration);
            }
        }, cancel);
        AppRun.Of(platform);
        progress.Clear();
        if (png is not null)
        {
            PngWriter.Write(png, platform.Wires!.Format, platform.Wires.Image);
        }
        cancel.ThrowIfCancellationRequested();
        return platform.Failure is null ? 0 : Failed;
    }

    private static (AppFault, long)[] ParseFaults(ArgumentResult result)
    {
        var faults = new List<(AppFault, long)>();
        foreach (Token token in result.Tokens)
        {
            string[] halves = token.Value.ToLowerInvariant().Split('@');
            if (halves.Length == 2 && s_faults.TryGetValue(halves[0], out AppFault fault) && TimeArgument.TryParse(halves[1], out long time))
            {
                faults.Add((fault, time));
            }
            else
            {
                result.AddError($"--fault {token.Value}: expected {FaultsExpected}");
            }
        }
        return [.. faults];
    }
}
