using System.CommandLine;
using System.CommandLine.Parsing;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Timeline;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout replay</c>: a recorded trace against a policy.</summary>
internal static class ReplayCommand
{
    private const int DefaultArena = 8 * 1024 * 1024;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var trace = new Option<string>("--trace")
        {
            Description = "A trace file, plain or .gz, or - for standard input: lines 'a ID SIZE ALIGN' and 'f ID'; or a device's log, as capture reads it", HelpName = "FILE", Required = true,
        };
        Option<long> arena = Size("--arena", "Bytes of memory, a multiple of the page; of a device's log, what it says", DefaultArena,
            SizeArgument.Between(256, int.MaxValue));
        BoardOption board = BoardOption.Create("Instead of --arena: the main memory of a board", null);
        Option<long> page = Size("--page", "Bytes of a page: a power of two from 256 to 65536", MemoryMap.DefaultPageSize,
            SizeArgument.PowerOfTwo(256, 65536));
        ChoiceOption<TailPolicy> tail = ChoiceOption.Of("--tail",
            "How requests become memory: a block whose tail goes back, a whole block, an exact run, a boot-time pool for the large ones",
            TailPolicy.Keep);
        Option<long> poolFrom = Size("--pool-from", "With --tail pool: the size from which a request is a buffer of the pool", ReplayOptions.DefaultPoolFrom,
            SizeArgument.Between(1, int.MaxValue));
        Option<long> framesFrom = Size("--frames-from",
            "With --tail exact: the size from which a request is a frame, and comes from the high end of free memory", ReplayOptions.DefaultFramesFrom,
            SizeArgument.Between(1, int.MaxValue));
        ChoiceOption<AllocatorKind> allocator = ChoiceOption.Of("--allocator", "Whose page allocator: ours, or one shaped like the story's Linux 2.6",
            AllocatorKind.Carveout);
        ChoiceOption<Switch> grouping = ChoiceOption.Of("--grouping", "Whether our buddy keeps small blocks apart from large ones", Switch.Off);
        ChoiceOption<AllocationPath> through = ChoiceOption.Of("--through", "Whole pages for every request, or Kmalloc up to 128 KB",
            AllocationPath.Pages);
        var sizes = new SlabSizesOption();
        var need = new Option<bool>("--need")
        {
            Description = "Search the smallest arena in which no request fails, instead of one replay: every size is tried until 48 in a row serve the trace",
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON, and nothing else, on standard output" };

        var command = new Command("replay", "Replays a trace of allocations against a policy, while it is read.")
        {
            trace, arena, board, page, tail, poolFrom, framesFrom, allocator, grouping, through, sizes, need, json, new FormerArgument("TRACE", "replay", trace),
        };
        var movable = new MovableArguments("Requests");
        movable.AddTo(command);
        var timeline = new TimelineArguments();
        timeline.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            (int percent, int budget) = movable.In(parsed);
            var options = new ReplayOptions(board.ArenaIn(parsed, arena) ?? (int)parsed.GetValue(arena), (int)parsed.GetValue(page), tail.In(parsed),
                (int)parsed.GetValue(poolFrom), allocator.In(parsed), grouping.In(parsed) == Switch.On, through.In(parsed),
                sizes.In(parsed), percent, budget, FramesFrom: (int)parsed.GetValue(framesFrom));
            if (sizes.IsGiven(parsed) && options.Through != AllocationPath.Kmalloc)
            {
                throw new UsageException($"{sizes.Name} is for slabs: expected --through kmalloc with it");
            }
            if (options.Movable != 0 && (options.Through == AllocationPath.Kmalloc || options.Allocator == AllocatorKind.Kernel))
            {
                throw new UsageException("--movable is for whole pages of ours: expected --through pages and --allocator carveout with it");
            }
            options.Tail.RequireOf(options.Allocator);
            if (parsed.GetValue(need))
            {
                if (timeline.IsGiven(parsed) || board.IsGiven(parsed) || parsed.GetResult(arena) is { Implicit: false })
                {
                    throw new UsageException("--need tries arenas of every size: expected no --arena, --board, --perfetto and --csv with it");
                }
                return Task.Run(() => RunNeed(parsed.GetValue(trace)!, options, parsed.GetValue(json), cancel), CancellationToken.None);
            }
            TimelineOutput? over = timeline.Open(parsed);
            // On a thread of its own, so that Ctrl-C is heard while it runs.
            return Task.Run(
                () =>
                {
                    using (over)
                    {
                        return Run(parsed.GetValue(trace)!, options, parsed.GetResult(arena) is { Implicit: false }, over, parsed.GetValue(json), cancel);
                    }
                }, CancellationToken.None);
        });
        return command;
    }

    private static int Run(string path, ReplayOptions options, bool isArenaGiven, TimelineOutput? over, bool json, CancellationToken cancel)
    {
        var input = new TraceInput(path, cancel);
        if (input.ArenaSize > 0 && !isArenaGiven)
        {
            // In the device's own pages, which its zones are whole numbers of.
            options = options with { ArenaSize = (int)Math.Min(input.ArenaSize, int.MaxValue), PageSize = input.PageSize > 0 ? input.PageSize : options.PageSize };
        }
        var trace = new TraceStream(path, input.Open, cancel);
        var progress = new ProgressLine($"replaying {trace.Name}");
        ReplayResult result;
        try
        {
            var replay = new TraceReplay(trace, options);
            string title = $"{trace.Name}, {options.Allocator.ToString().ToLowerInvariant()}, {options.Tail.ToString().ToLowerInvariant()}";
            ReplayTimeline? timeline = over is null ? null : new ReplayTimeline(replay, trace, title, over);
            result = replay.Run(progress.Show, cancel);
            timeline?.End();
        }
        finally
        {
            progress.Clear();
        }
        Console.Out.Write(json ? ReplayText.Json(result) : ReplayText.Summary(trace.Name, options, result));
        return 0;
    }

    private static int RunNeed(string path, ReplayOptions options, bool json, CancellationToken cancel)
    {
        var input = new TraceInput(path, cancel);
        options = input.PageSize > 0 ? options with { PageSize = input.PageSize } : options;
        TraceFile trace = TraceFile.Read(path, null, input.Open, cancel);
        var progress = new ProgressLine($"searching the arena for {trace.Name}");
        ReplayNeed found;
        try
        {
            found = ReplayNeed.Of(trace, options, null, pages => progress.Show(CountText.Of(pages, "page")), cancel);
        }
        finally
        {
            progress.Clear();
        }
        Console.Out.Write(json ? NeedText.Json(found) : NeedText.Summary(trace.Name, options, found));
        return 0;
    }

    private static Option<long> Size(string name, string description, long standard, Func<ArgumentResult, long> parse) =>
        new(name)
        {
            Description = description, HelpName = "BYTES", DefaultValueFactory = _ => standard, CustomParser = parse,
        };
}
