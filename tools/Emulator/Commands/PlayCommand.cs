using System.CommandLine;
using System.CommandLine.Parsing;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Maps;
using Carveout.Emulator.Movies;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Scenario;
using Carveout.Emulator.Timeline;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout play</c>: plays the story on a board.</summary>
internal static class PlayCommand
{
    /// <summary>The exit code if the movie failed: memory was refused, or a device was unplugged.</summary>
    public const int MovieDied = 3;

    /// <summary>The exit code if memory was overwritten, lost, or accessed by a device that it was not given to; this is a defect of
    /// Carveout.</summary>
    public const int Corrupted = 1;

    private const int Day = 24 * 3600, MostFrames = 240;

    /// <summary>The reach of 32-bit addresses. An application that asks for more would only be refused, page by page.</summary>
    private const long MostBytes = 1L << 32;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        BoardOption board = BoardOption.Create("The board to emulate", Esp32Cam.Name);
        var hours = new Option<double>("--hours")
        {
            Description = "Virtual hours to play: above 0, at most 10000", HelpName = "HOURS", DefaultValueFactory = _ => 2,
            CustomParser = NumberArgument.Positive(10000),
        };
        var allocator = ChoiceOption.Of("--allocator", "Whose page allocator: ours, or one shaped like the story's Linux 2.6", AllocatorKind.Carveout);
        var zones = ChoiceOption.Of("--zones", "One zone for all, or NORMAL and DMA", ZoneLayout.Split);
        var tail = ChoiceOption.Of("--tail",
            "How frame buffers are allocated: a block whose tail goes back, a whole block, an exact run, a boot-time pool",
            DmaTail.Pool);
        var leak = new SizeOption("--leak", "Bytes that the application forgets in each loop (default: the board's)", 0, MostBytes);
        var seed = new Option<ulong>("--seed")
        {
            Description = "All chance comes from it: 0 to 18446744073709551615", HelpName = "N", DefaultValueFactory = _ => 1,
            CustomParser = NumberArgument.Between(ulong.MinValue, ulong.MaxValue),
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON, and nothing else, on standard output" };
        var grouping = ChoiceOption.Of("--grouping", "Whether our buddy keeps small unmovable blocks apart from large ones", Switch.On);
        Option<int?> reserve = Number("--lowmem-reserve",
            "A DMA zone keeps 1/RATIO of NORMAL's pages from NORMAL requests; 0 keeps nothing (default: 1, kernel 0)", 0, int.MaxValue);
        reserve.HelpName = "RATIO";
        var frame = new Option<(int Width, int Height)?>("--frame")
        {
            Description = "Size of the movie's frames in pixels of 16 bits (default: the board's)", HelpName = "WIDTHxHEIGHT",
            CustomParser = ParseFrame,
        };
        var buffers = Number("--buffers", "Frame buffers requested in each loop: 2 to 30 (default: the board's)", 2, 30);
        var fps = Number("--fps", "Frames a second: 1 to 240 (default: the movie's, of generated ones the board's)", 1, MostFrames);
        var loop = Number("--loop", "Seconds of a loop: 2 to 86400 (default: the board's)", 2, Day);
        var resident = new SizeOption("--resident", "Bytes that the application takes at the start and keeps (default: the board's)", 0, MostBytes);
        var churn = Number("--churn", "Requests of 1 to 3 pages that the application makes a minute (default: the board's)", 0, 60_000_000);
        var churnLife = Number("--churn-life", "Seconds that such a block lives in the mean (default: the board's)", 1, Day);

        var buddyInfo = new Option<string?>("--buddyinfo")
        {
            Description = "Write /proc/buddyinfo as it stands before each loop's request, with the time, for diagnose", HelpName = "FILE",
        };

        var deviceLog = new Option<string?>("--log")
        {
            Description = "Write what the console of such a device would say, with the trace of its pages, for capture, investigate and replay; gzip if the "
                + "name ends in .gz", HelpName = "FILE",
        };

        var command = new Command("play", "Loops a movie beside an application that churns and leaks, and says which of them the memory fails.")
        {
            board, hours, allocator, zones, tail, leak, seed, json, grouping, reserve, frame, buffers, fps, loop, resident, churn, churnLife, buddyInfo, deviceLog,
        };
        var pixelArguments = new PixelArguments();
        pixelArguments.AddTo(command);
        var movableArguments = new MovableArguments("Requests of the application");
        movableArguments.AddTo(command);
        var planArgument = new PlanArgument();
        planArgument.AddTo(command, [board, allocator, zones, tail, grouping, frame, buffers, fps, .. pixelArguments.All]);
        var timeline = new TimelineArguments();
        timeline.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            BootLayout? plan = planArgument.In(parsed);
            EmulatedBoard played = plan?.Board ?? board.In(parsed);
            PixelOptions? pixels = pixelArguments.In(parsed, played);
            MovieSpec movie = pixels is null ? played.Movie : played.PixelMovie;
            // Beside a plan of banks the application lives on the managed heap, which is not emulated.
            ApplicationSpec application = plan is { HasApplication: false } ? new ApplicationSpec(0, 0, 1, 0) : played.Application;
            (int width, int height) = parsed.GetValue(frame) ?? (movie.Width, movie.Height);
            AllocatorKind kind = allocator.In(parsed);
            (int percent, int budget) = movableArguments.In(parsed);
            if (percent != 0 && kind == AllocatorKind.Kernel)
            {
                throw new UsageException("--movable is for memory of ours: expected --allocator carveout with it");
            }
            movie = new MovieSpec(width, height, parsed.GetValue(buffers) ?? movie.Buffers, movie.FramesPerSecond,
                parsed.GetValue(loop) ?? movie.LoopSeconds);
            DmaTail policy = pixels is null || played.CanPool || parsed.GetResult(tail) is { Implicit: false }
                ? tail.In(parsed)
                : kind == AllocatorKind.Kernel ? DmaTail.Trim : DmaTail.Exact;
            var options = new PlayOptions(played, parsed.GetValue(hours), kind, plan?.Zones ?? zones.In(parsed), policy,
                kind == AllocatorKind.Carveout && grouping.In(parsed) == Switch.On,
                parsed.GetValue(reserve) ?? (kind == AllocatorKind.Carveout ? 1 : 0),
                parsed.GetValue(fps) is int rate ? movie with { FramesPerSecond = rate } : AtItsRate(movie, pixels),
                new ApplicationSpec(parsed.GetValue(resident) ?? application.ResidentSize, parsed.GetValue(churn) ?? application.ChurnPerMinute,
                    parsed.GetValue(churnLife) ?? application.ChurnSeconds, parsed.GetValue(leak) ?? application.LeakPerLoop),
                parsed.GetValue(seed)) { Pixels = pixels, Movable = percent, Compact = budget, Plan = plan };
            options.Tail.RequireOf(kind);
            RequireRoom(played, options.Application.ResidentSize, resident.Name);
            RequireRoom(played, options.Application.LeakPerLoop, leak.Name);
            // Open them before the work, so that a file that cannot be created is noticed at once.
            var logs = new List<RunLog>();
            if (parsed.GetValue(buddyInfo) is string dumps)
            {
                logs.Add(new BuddyInfoLog(dumps, buddyInfo.Name));
            }
            if (parsed.GetValue(deviceLog) is string console)
            {
                logs.Add(new DeviceLog(console, deviceLog.Name));
            }
            TimelineOutput? over = timeline.Open(parsed);
            // Play on another thread, so that Ctrl-C is handled meanwhile.
            return Task.Run(
                () =>
                {
                    try
                    {
                        return Run(options, logs, over, parsed.GetValue(json), pixelArguments.Shows(parsed), cancel);
                    }
                    finally
                    {
                        logs.ForEach(log => log.Dispose());
                    }
                }, CancellationToken.None);
        });
        return command;
    }

    private static int Run(PlayOptions options, List<RunLog> logs, TimelineOutput? over, bool json, bool show, CancellationToken cancel)
    {
        using TimelineOutput? drawn = over;
        using MadeFolder? pictures = options.Pixels?.PngFolder is string folder ? PngFolder.Make(folder) : null;
        PlayRun run;
        try
        {
            run = PlayRun.Of(options);
        }
        catch (ContractException e)
        {
            Console.Error.WriteLine($"the contract refuses to start:{Environment.NewLine}{e.Message}");
            return MovieDied;
        }
        logs.ForEach(run.Observers.Add);
        if (over is not null)
        {
            run.Observers.Add(new PlayTimeline(run, options, over));
        }
        var view = new PlayView(run, options, show);
        bool draw = !json && PlayView.CanDraw;
        PlayResult result;
        try
        {
            result = view.Follow(draw, tick => run.Run(tick, cancel));
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"interrupted in loop {run.Loops + 1} after {ClockText.Of(run.Seconds)}, seed {options.Seed}");
            return CommandLine.Interrupted;
        }
        catch (Exception e) when (e is CorruptionException or DmaAccessException)
        {
            Console.Error.WriteLine((e is CorruptionException ? "memory was overwritten" : "a device touched what is not its own")
                + $", which is a defect of Carveout: {e.Message} (loop {run.Loops + 1}, seed {options.Seed})");
            return Corrupted;
        }
        if (json)
        {
            Console.Out.Write(PlayText.Json(result));
        }
        else
        {
            new MapScreen().Write(PlayText.Lines((draw ? "" : PlayText.State(run, options, result)) + PlayText.Verdict(result)));
        }
        return result.Pixels is { BytesNotReturned: not 0 } ? Corrupted : result.FailedAtLoop is null ? 0 : MovieDied;
    }

    /// <summary>Refuses bytes that are kept for good if the board does not have them.</summary>
    private static void RequireRoom(EmulatedBoard board, long bytes, string option)
    {
        MemoryMap map = board.CreateMap(ZoneLayout.Single, PageMapKind.FreeBlocks, 0);
        long room = Enumerable.Range(0, map.ZoneCount).Sum(i => (long)map.ZoneAt(i).Size);
        if (bytes > room)
        {
            throw new UsageException($"{option} {bytes}: {board} has {room} bytes for everything that is allocated");
        }
    }

    /// <summary>A movie from a file has its own rate, others have the board's.</summary>
    private static MovieSpec AtItsRate(MovieSpec movie, PixelOptions? pixels)
    {
        if (pixels?.Movie is null)
        {
            return movie;
        }
        using Y4mReader reader = Y4mReader.Open(pixels.Movie);
        Y4mHeader header = reader.Header;
        double rate = (double)header.RateNumerator / header.RateDenominator;
        return rate is >= 1 and <= MostFrames
            ? movie with { FramesPerSecond = header.RateNumerator, Seconds = header.RateDenominator }
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--movie {pixels.Movie}: {rate:0.###} frames a second: expected --fps with it, 1 to {MostFrames}"));
    }

    private static Option<int?> Number(string name, string description, int least, int most)
    {
        Func<ArgumentResult, int> parse = NumberArgument.Between(least, most);
        return new Option<int?>(name) { Description = description, HelpName = "N", CustomParser = result => parse(result) };
    }

    private static (int Width, int Height)? ParseFrame(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string[] parts = text.Split('x');
        if (parts.Length == 2 && Side(parts[0], out int width) && Side(parts[1], out int height) && width * height >= 16)
        {
            return (width, height);
        }
        result.AddError($"--frame {text}: expected WIDTHxHEIGHT, both from 1 to 8192, at least 16 pixels");
        return null;

        static bool Side(string word, out int side) =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is >= 1 and <= 8192;
    }
}
