using System.CommandLine;
using System.CommandLine.Parsing;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;
using Carveout.Video;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout plan</c>: finds the smallest reservation that holds a board's streams, and shows what is left beside it.</summary>
internal static class PlanCommand
{
    /// <summary>The exit code if the board does not hold what was asked for.</summary>
    public const int DoesNotFit = 1;

    private const string JsonForm = "json", CodeForm = "csharp";

    private const int Page = MemoryMap.DefaultPageSize, MostLineAlignment = 1024;
    private const long LargestBlock = (long)Page << PageMap.MaxPageOrder, MostApplication = 1L << 32;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        BoardOption board = BoardOption.Create("The board", Esp32Cam.Name);
        var streams = new Option<StreamSpec[]>("--stream")
        {
            Description = $"A stream, up to {Contract.MaxStreams} of them: {StreamSpec.Expected}", HelpName = "WxH:FORMAT:BUFFERS[@FPS]",
            CustomParser = result => ParseStreams(result, ""), Arity = ArgumentArity.OneOrMore,
        };
        var frames = new Option<StreamSpec[]>("--frame")
        {
            Description = "A stream of one buffer, which a program draws to: WxH:FORMAT as 240x240:RGB565", HelpName = "WxH:FORMAT",
            CustomParser = result => ParseStreams(result, ":1"), Arity = ArgumentArity.OneOrMore,
        };
        var stock = new Option<bool>("--stock")
        {
            Description = "Plan banks of the managed heap, which is what stock firmware has (default where there is stock firmware for the board)",
        };
        var native = new Option<bool>("--native") { Description = "Plan memory that firmware of your own keeps from the runtime (default elsewhere)" };
        var heap = new SizeOption("--heap", "The managed heap to plan for (default: what stock firmware has on the board); needs no board",
            StockHeap.Least, StockHeap.Most);
        var leave = new SizeOption("--leave", "What stays with the application of the managed heap (default: half of what the board's map says, or a "
            + "sixteenth of the heap)", 0, StockHeap.Most);
        Option<BufferSpec[]> buffers = Many("--buffer", "A pool of byte arrays on the managed heap", "NAME:SIZExCOUNT", BufferSpec.Of, BufferSpec.Expected);
        Option<BitmapSpec[]> bitmaps = Many("--bitmap", "A bitmap of nanoFramework.Graphics", "WxH", BitmapSpec.Of, BitmapSpec.Expected);
        var app = new SizeOption("--app", "The most that lives beside them at one time, each block rounded up to a power of two pages (default: "
            + "nothing is promised)", 1, MostApplication);
        var block = new SizeOption("--app-block", "The largest block of --app, at most 4 MB (default: as large as --app may be)", 1, LargestBlock);
        var trace = new Option<string?>("--trace")
        {
            Description = "A recorded trace, as replay reads it, - for standard input, of what lives beside them", HelpName = "FILE",
        };
        var reservation = new SizeOption("--reservation",
            "Check a reservation of so many bytes, a multiple of 4096, instead of finding the smallest", Page, uint.MaxValue);
        var align = SizeOption.PowerOfTwo("--line-align", $"Bytes of a line are a multiple of it: a power of two up to {MostLineAlignment} (default: "
            + $"{PlanRequest.DefaultLineAlignment})", 1, MostLineAlignment);
        var output = new Option<string?>("--out") { Description = "Write the plan to this file as well, for play --plan", HelpName = "PLAN.json" };
        var csharp = new Option<bool>("--csharp") { Description = "Print the C# of the plan, and nothing else, where it fits" };
        var firmware = new Option<string?>("--firmware")
        {
            Description = "Print what to put into firmware so that it keeps the planned memory from the runtime, and nothing else, where it fits",
            HelpName = string.Join('|', BoardFirmware.All),
        };
        firmware.AcceptOnlyFromAmong(BoardFirmware.All);
        var json = new Option<bool>("--json") { Description = "Print the plan as JSON, and nothing else, on standard output" };

        var command = new Command("plan",
            "Computes the smallest reservation that holds the streams, where it goes in the board's map, and what would fit if it does not.")
        {
            board, streams, frames, stock, native, heap, leave, buffers, bitmaps, app, block, trace, reservation, align, output, csharp, firmware, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            if (parsed.GetValue(output) is string file)
            {
                FileFault.RequirePlaceFor(file, output.Name);
            }
            StreamSpec[] all = [.. parsed.GetValue(streams) ?? [], .. parsed.GetValue(frames) ?? []];
            if (all.Length > Contract.MaxStreams)
            {
                throw new UsageException($"--stream: {all.Length} streams, expected at most {Contract.MaxStreams}");
            }
            BufferSpec[] pools = parsed.GetValue(buffers) ?? [];
            BitmapSpec[] pictures = parsed.GetValue(bitmaps) ?? [];
            EmulatedBoard? given = parsed.GetValue(heap) is not null && !board.IsGiven(parsed) ? null : board.In(parsed);
            Option? forced = Array.Find<Option>([stock, heap, leave, buffers, bitmaps], option => parsed.GetResult(option) is { Implicit: false }),
                own = Array.Find<Option>([native, reservation, firmware], option => parsed.GetResult(option) is { Implicit: false });
            if (forced is not null && own is not null)
            {
                throw new UsageException($"{forced.Name} is about the managed heap, {own.Name} about memory that firmware keeps from it: expected one of "
                    + "them");
            }
            StockNeeds? needs = own is not null || (forced is null && given?.Firmware is null) ? null
                : Needs(given, parsed.GetValue(heap), parsed.GetValue(leave), pools, pictures);
            if (all.Length == 0 && pools.Length == 0 && (pictures.Length == 0 || needs is null))
            {
                throw new UsageException("expected --stream, --frame, --buffer or --bitmap: nothing is to be planned");
            }
            // Read and search on another thread, so that Ctrl-C is handled meanwhile.
            return Task.Run(
                () =>
                {
                    PlanRequest request = Request(given ?? needs!.Heap.ToBoard(), all, parsed.GetValue(app), parsed.GetValue(block), parsed.GetValue(trace),
                        parsed.GetValue(reservation), (int)(parsed.GetValue(align) ?? PlanRequest.DefaultLineAlignment), needs, cancel);
                    return Run(request, parsed.GetValue(output), Form(parsed.GetValue(json), parsed.GetValue(csharp), parsed.GetValue(firmware)), cancel);
                }, CancellationToken.None);
        });
        return command;
    }

    private static PlanRequest Request(EmulatedBoard board, StreamSpec[] streams, long? app, long? block, string? trace, long? reservation, int align,
        StockNeeds? needs, CancellationToken cancel)
    {
        if (block is not null && app is null)
        {
            throw new UsageException("--app-block is the largest block of --app: expected --app with it");
        }
        if (block > app)
        {
            throw new UsageException($"--app-block {block}: expected no more than --app {app}");
        }
        if (reservation % Page > 0)
        {
            throw new UsageException($"--reservation {reservation}: expected a multiple of the page, {Page} bytes");
        }
        if (reservation > PlannedBoard.MostBytes(board))
        {
            throw new UsageException($"--reservation {reservation}: {board} can reserve {PlannedBoard.MostBytes(board)} bytes at most");
        }
        AppTraffic? traffic = app is not long bytes ? null : new AppTraffic(bytes, block ?? Math.Min(bytes, LargestBlock));
        return new PlanRequest(board, streams, align, traffic,
            trace is null ? null : TraceFile.Read(trace, open: new TraceInput(trace, false, cancel).Open, cancel: cancel), reservation,
            needs);
    }

    private static StockNeeds Needs(EmulatedBoard? board, long? heap, long? leave, BufferSpec[] buffers, BitmapSpec[] bitmaps)
    {
        StockHeap all = heap is long bytes ? new StockHeap(bytes) : StockHeap.Of(board!)
            ?? throw new UsageException($"--stock: the map of {board} has no {BoardCatalog.HeapName} beside its main memory; expected --heap BYTES");
        return new StockNeeds(all, leave ?? all.DefaultLeave(heap is null ? board : null), buffers, bitmaps);
    }

    private static int Run(PlanRequest request, string? output, string form, CancellationToken cancel)
    {
        var progress = new ProgressLine($"planning {request.Board}");
        PlanAnswer answer;
        try
        {
            answer = Planner.Run(request, progress.Show, cancel);
        }
        finally
        {
            progress.Clear();
        }
        (Func<string> asJson, Func<IRenderable> page, Func<string> code) = answer is StockPlan banks
            ? ((Func<string>)(() => StockJson.Of(banks)), (Func<IRenderable>)(() => StockView.Of(banks)), (Func<string>)(() => StockCode.Of(banks)))
            : (() => PlanJson.Of((Plan)answer), () => PlanView.Of((Plan)answer), () => ReservationCode.Of((Plan)answer));
        if (output is not null)
        {
            PlanFile.Write(output, asJson());
        }
        if (form == JsonForm)
        {
            Console.Out.Write(asJson());
        }
        else if (answer.Fits && form.Length > 0)
        {
            Console.Out.Write((form == CodeForm ? code() + Boot(answer) : FirmwareCode.Of((Plan)answer, form)).ReplaceLineEndings());
        }
        else
        {
            new MapScreen().Write(page());
            if (answer.Fits)
            {
                Console.Out.WriteLine();
                Console.Out.Write(code().ReplaceLineEndings());
            }
        }
        return answer.Fits ? 0 : DoesNotFit;
    }

    /// <summary>The form of the output: JSON, C#, a family's firmware, or a page if it is empty.</summary>
    private static string Form(bool json, bool csharp, string? firmware) => (json ? 1 : 0) + (csharp ? 1 : 0) + (firmware is null ? 0 : 1) <= 1
        ? json ? JsonForm : csharp ? CodeForm : firmware ?? ""
        : throw new UsageException("--json, --csharp and --firmware: expected one of them");

    private static string Boot(PlanAnswer answer) => answer is Plan plan ? "\n" + ReservationCode.BootOf(plan) : "";

    private static Option<T[]> Many<T>(string name, string description, string helpName, Func<string, T?> parse, string expected)
        where T : class => new(name)
        {
            Description = $"{description}: {expected}", HelpName = helpName, Arity = ArgumentArity.OneOrMore,
            CustomParser = result =>
            {
                var found = new List<T>();
                foreach (Token token in result.Tokens)
                {
                    if (parse(token.Value) is { } one)
                    {
                        found.Add(one);
                    }
                    else
                    {
                        result.AddError($"{name} {token.Value}: expected {expected}");
                    }
                }
                return [.. found];
            },
        };

    /// <param name="result">The words.</param>
    /// <param name="behind">What is meant behind each.</param>
    private static StreamSpec[] ParseStreams(ArgumentResult result, string behind)
    {
        var streams = new List<StreamSpec>();
        foreach (Token token in result.Tokens)
        {
            string why = StreamSpec.TryParse(token.Value + behind, out StreamSpec? stream);
            if (stream is null)
            {
                result.AddError($"{(behind.Length == 0 ? "--stream" : "--frame")} {token.Value}: {why}");
            }
            else
            {
                streams.Add(stream);
            }
        }
        return [.. streams];
    }
}
