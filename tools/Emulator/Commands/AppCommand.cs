using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.ExceptionServices;
using Carveout.App;
using Carveout.Board.Boards;
using Carveout.Emulator.AppHost;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Movies;
using Carveout.Emulator.Presentation;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout app</c>: runs the deployable application and prints its console.</summary>
internal static class AppCommand
{
    /// <summary>The exit code if the application failed before it was asked to stop.</summary>
    public const int Failed = 1;

    private const string PictureName = "last.png";
    private const long Minute = 60_000_000;
    private const long MostNative = 16 << 20;

    private const string FaultsExpected = "camera-stall, unplug-camera, unplug-display or heap-full" + FaultArgument.When;

    private static readonly Dictionary<string, AppFault> s_faults = new()
    {
        ["camera-stall"] = AppFault.CameraStall,
        ["unplug-camera"] = AppFault.UnplugCamera,
        ["unplug-display"] = AppFault.UnplugDisplay,
        ["heap-full"] = AppFault.HeapFull,
    };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        BoardOption board = BoardOption.Create("The board to emulate", Esp32Cam.Name);
        var minutes = new Option<double>("--minutes")
        {
            Description = "Virtual minutes to run: above 0, at most 100000", HelpName = "MINUTES", DefaultValueFactory = _ => 10,
            CustomParser = NumberArgument.Positive(100_000),
        };
        var buttons = new Option<long[]>("--button-at")
        {
            Description = $"When the button is pressed, which prints all of /proc and dumps the trace; as often as wanted, in {TimeArgument.Expected}", HelpName = "WHEN",
            CustomParser = TimeArgument.ParseAll, Arity = ArgumentArity.OneOrMore,
        };
        var noLeak = new Option<bool>("--no-leak") { Description = "Without the application that leaks, which runs beside the movie otherwise" };
        var native = new SizeOption("--native", "Firmware that keeps so many bytes from the runtime, at most what the board has (default: stock "
            + $"firmware; {Imx31Reference.Name}, which is no nanoFramework board, 16M)", 4096, MostNative);
        var trace = new Option<bool>("--trace") { Description = "Dump the trace at the end, too, for capture: lines that begin with ~ct" };
        var faults = new Option<AppFaultOrder[]>("--fault")
        {
            Description = $"What is to go wrong, more than once if need be: {FaultsExpected} (default: after 1 s)", HelpName = "KIND[@WHEN]",
            CustomParser = FaultArgument.ParseAll(ParseFault, FaultsExpected), Arity = ArgumentArity.OneOrMore,
        };
        var png = new Option<string?>("--png")
        {
            Description = $"Write what the display shows at the end, where there is one, to this folder, as {PictureName}", HelpName = "DIR",
        };
        var command = new Command("app",
            "Runs the deployable application (Firmware/App) on an emulated board with a virtual clock and prints what its console says. Ends with 1 "
            + "where the application had to stop.")
        {
            board, minutes, buttons, noLeak, native, trace, faults, png,
            new FormerOption("--leak", "an application that leaks runs; expected --no-leak for none"),
        };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            EmulatedBoard chosen = board.In(parsed);
            string? picture = parsed.GetValue(png);
            bool hasDisplay = chosen.IsShipped && BoardSetup.Of(chosen.Name).Display.Kind != DisplayKind.None;
            if (picture is not null && !hasDisplay)
            {
                throw new UsageException($"--png {picture}: {chosen} has no display");
            }
            AppFaultOrder[] failures = parsed.GetValue(faults) ?? [];
            if (!hasDisplay && Array.Exists(failures, fault => fault.Kind == AppFault.UnplugDisplay))
            {
                throw new UsageException($"--fault unplug-display: {chosen} has no display");
            }
            double end = parsed.GetValue(minutes);
            if (Array.Find(failures, fault => fault.Time >= end * Minute) is { } late)
            {
                throw new UsageException($"--fault {late.Text}: the run is over after {end} minutes");
            }
            RequireRoom(chosen);
            bool keeps = !chosen.IsShipped || chosen.Name == Imx31Reference.Name;
            long size = parsed.GetValue(native) ?? (keeps ? MostNative : 0);
            var options = new AppOptions(chosen, (long)(end * Minute))
            {
                Buttons = parsed.GetValue(buttons) ?? [], Faults = failures, HasLeak = !parsed.GetValue(noLeak),
                NativeSize = (uint)size, DumpsAtEnd = parsed.GetValue(trace),
            };
            return Run(options, picture, cancel);
        }, CancellationToken.None));
        return command;
    }

    /// <summary>Refuses a board whose file asks for frames that are larger than its memory.</summary>
    private static void RequireRoom(EmulatedBoard board)
    {
        MovieSpec movie = board.Movie;
        long page = MemoryMap.DefaultPageSize, frames = BufferLayout.RoundUp(movie.FrameSize, page) * movie.Buffers;
        long most = Math.Min(board.Main.Size - page, int.MaxValue);
        if (!board.IsShipped && frames > most)
        {
            throw new UsageException($"--board {board.Word}: {movie.Buffers} frames of {movie.Width}x{movie.Height} take {frames} bytes, the board "
                + $"has {most} for them: expected a smaller \"movie\"");
        }
    }

    private static int Run(AppOptions options, string? png, CancellationToken cancel)
    {
        var progress = new ProgressLine("app");
        using MadeFolder? pictures = png is null ? null : PngFolder.Make(png);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        ExceptionDispatchInfo? unwritten = null;
        VirtualPlatform? platform = null;
        platform = new VirtualPlatform(options, line =>
        {
            if (unwritten is not null)
            {
                return;
            }
            try
            {
                Console.Out.WriteLine(line);
            }
            catch (OutputException e)
            {
                // The application would catch it if it were thrown here.
                unwritten = ExceptionDispatchInfo.Capture(e);
                stop.Cancel();
            }
            if (Console.IsOutputRedirected)
            {
                progress.Show((double)platform!.Now / options.Duration);
            }
        }, stop.Token);
        AppRun.Of(platform);
        progress.Clear();
        unwritten?.Throw();
        if (png is not null)
        {
            PngWriter.Write(Path.Combine(png, PictureName), platform.Wires!.Panel.Format, platform.Wires.Panel.Picture());
        }
        foreach (string remark in platform.Wires?.Panel.Remarks() ?? [])
        {
            Console.Error.WriteLine(remark);
        }
        cancel.ThrowIfCancellationRequested();
        return platform.Failure is null ? 0 : Failed;
    }

    private static AppFaultOrder? ParseFault(string word) =>
        FaultArgument.TrySplit(word, out string kind, out string? number, out long? time) && number is null
            && s_faults.TryGetValue(kind, out AppFault fault)
            ? new AppFaultOrder(word, fault, time ?? FaultArgument.StandardTime) : null;
}
