using System.CommandLine;
using System.CommandLine.Parsing;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Timeline;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout replay</c>: replays a recorded trace with a policy.</summary>
internal static class ReplayCommand
{
    private const int DefaultArena = 8 * 1024 * 1024;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var trace = new Option<string>("--trace")
        {
            Description = "A trace, plain or .gz, lines 'a ID SIZE ALIGN' and 'f ID', or a device's log, as capture reads it; - for standard input", HelpName = "FILE", Required = true,
        };
        var arena = new SizeOption("--arena", "Bytes of memory, a multiple of the page (default: what the trace's first line or the log says, else 8M)",
            256, int.MaxValue);
        BoardOption board = BoardOption.Create("Instead of --arena: the main memory of a board", null);
        SizeOption page = SizeOption.PowerOfTwo("--page", "Bytes of a page: a power of two from 256 to 65536 (default: what the trace's first line or the log "
            + "says, else 4096)", 256, 65536);
        ChoiceOption<DmaTail> tail = ChoiceOption.Of("--tail",
            "How requests become memory: a block whose tail goes back, a whole block, an exact run, a boot-time pool for the large ones",
            DmaTail.Keep);
        var poolFrom = new SizeOption("--pool-from", "With --tail pool: the size from which a request is a buffer of the pool (default: 64K)", 1, int.MaxValue);
        var framesFrom = new SizeOption("--frames-from",
            "With --tail exact: the size from which a request is a frame, and comes from the high end of free memory (default: 32K)", 1, int.MaxValue);
        ChoiceOption<AllocatorKind> allocator = ChoiceOption.Of("--allocator", "Whose page allocator: ours, or one shaped like the story's Linux 2.6",
            AllocatorKind.Carveout);
        ChoiceOption<Switch> grouping = ChoiceOption.Of("--grouping", "Whether our buddy keeps small blocks apart from large ones", Switch.Off);
        ChoiceOption<AllocationPath> through = ChoiceOption.Of("--through", "Whole pages for every request, or Kmalloc, over exact runs unless --tail says otherwise",
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
            AllocationPath path = through.In(parsed);
            AllocatorKind kind = allocator.In(parsed);
            // Kmalloc is for zones of exact runs, as the boards have them; a buddy is tried where it is asked for.
            DmaTail policy = path == AllocationPath.Kmalloc && kind == AllocatorKind.Carveout && !tail.IsGiven(parsed) && grouping.In(parsed) == Switch.Off
                ? DmaTail.Exact
                : tail.In(parsed);
            int? givenArena = board.ArenaIn(parsed, arena) ?? (int?)parsed.GetValue(arena), givenPage = (int?)parsed.GetValue(page);
            var options = new ReplayOptions(givenArena ?? DefaultArena, givenPage ?? MemoryMap.DefaultPageSize, policy,
                (int?)parsed.GetValue(poolFrom) ?? ReplayOptions.DefaultPoolFrom, kind, grouping.In(parsed) == Switch.On, path,
                sizes.In(parsed), percent, budget, FramesFrom: (int?)parsed.GetValue(framesFrom) ?? ReplayOptions.DefaultFramesFrom);
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
                if (timeline.IsGiven(parsed) || givenArena is not null)
                {
                    throw new UsageException("--need tries arenas of every size: expected no --arena, --board, --perfetto and --csv with it");
                }
                return Task.Run(() => RunNeed(parsed.GetValue(trace)!, options, givenPage is not null, parsed.GetValue(json), cancel), CancellationToken.None);
            }
            TimelineOutput? over = timeline.Open(parsed);
            // Run on another thread, so that Ctrl-C is handled meanwhile.
            return Task.Run(
                () =>
                {
                    using (over)
                    {
                        return Run(parsed.GetValue(trace)!, options, givenArena is not null, givenPage is not null, over, parsed.GetValue(json), cancel);
                    }
                }, CancellationToken.None);
        });
        return command;
    }

    private static int Run(string path, ReplayOptions options, bool isArenaGiven, bool isPageGiven, TimelineOutput? over, bool json,
        CancellationToken cancel)
    {
        // A first reading of the trace determines the sizes of pools.
        var input = new TraceInput(path, options.Tail == DmaTail.Pool, cancel);
        string name = TraceReader.NameOf(path);
        int pageSize = TraceArena.PageSizeOf(name, input.Header, isPageGiven ? options.PageSize : null);
        bool isSaid = !isArenaGiven && input.Header.Said("arena") is not null;
        TraceArena arena = TraceArena.Of(name, input.Header, pageSize, 0, isSaid ? null : options.ArenaSize);
        options = options with { ArenaSize = arena.Size, PageSize = arena.PageSize, Zone = arena.Zone };
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

    private static int RunNeed(string path, ReplayOptions options, bool isPageGiven, bool json, CancellationToken cancel)
    {
        var input = new TraceInput(path, false, cancel);
        options = options with { PageSize = TraceArena.PageSizeOf(TraceReader.NameOf(path), input.Header, isPageGiven ? options.PageSize : null) };
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
}
