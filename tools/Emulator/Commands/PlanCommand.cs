using System.CommandLine;
using System.CommandLine.Parsing;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;
using Carveout.Video;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout plan</c>: the smallest reservation that holds a board's streams, and what is left beside it.</summary>
internal static class PlanCommand
{
    /// <summary>The exit code when the board does not hold what was asked for.</summary>
    public const int DoesNotFit = 1;

    private const int Page = MemoryMap.DefaultPageSize, MostLineAlignment = 1024;
    private const long LargestBlock = (long)Page << PageMap.MaxPageOrder, MostApplication = 1L << 32;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        BoardOption board = BoardOption.Create("The board", Esp32Cam.Name);
        var streams = new Option<StreamSpec[]>("--stream")
        {
            Description = $"A stream, up to {Contract.MaxStreams} of them: {StreamSpec.Expected}", HelpName = "WxH:FORMAT:BUFFERS[@FPS]",
            CustomParser = ParseStreams, Arity = ArgumentArity.OneOrMore, Required = true,
        };
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
        var json = new Option<bool>("--json") { Description = "Print the plan as JSON, and nothing else, on standard output" };

        var command = new Command("plan",
            "Computes the smallest reservation that holds the streams, where it goes in the board's map, and what would fit if it does not.")
        {
            board, streams, app, block, trace, reservation, align, output, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            if (parsed.GetValue(output) is string file)
            {
                FileFault.RequirePlaceFor(file, output.Name);
            }
            PlanRequest request = Request(board.In(parsed), parsed.GetValue(streams)!, parsed.GetValue(app), parsed.GetValue(block),
                parsed.GetValue(trace), parsed.GetValue(reservation), (int)(parsed.GetValue(align) ?? PlanRequest.DefaultLineAlignment));
            // On a thread of its own, so that Ctrl-C is heard while it searches.
            return Task.Run(() => Run(request, parsed.GetValue(output), parsed.GetValue(json), cancel), CancellationToken.None);
        });
        return command;
    }

    private static PlanRequest Request(EmulatedBoard board, StreamSpec[] streams, long? app, long? block, string? trace, long? reservation, int align)
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
        return new PlanRequest(board, streams, align, traffic, trace is null ? null : TraceFile.Read(trace, open: new TraceInput(trace, default).Open), reservation);
    }

    private static int Run(PlanRequest request, string? output, bool json, CancellationToken cancel)
    {
        var progress = new ProgressLine($"planning {request.Board}");
        Plan plan;
        try
        {
            plan = Planner.Run(request, progress.Show, cancel);
        }
        finally
        {
            progress.Clear();
        }
        if (output is not null)
        {
            PlanFile.Write(output, PlanJson.Of(plan));
        }
        if (json)
        {
            Console.Out.Write(PlanJson.Of(plan));
        }
        else
        {
            new MapScreen().Write(PlanPage.Of(plan));
            if (plan.Fits)
            {
                Console.Out.WriteLine();
                Console.Out.Write(ReservationCode.Of(plan).ReplaceLineEndings());
            }
        }
        return plan.Fits ? 0 : DoesNotFit;
    }

    private static StreamSpec[] ParseStreams(ArgumentResult result)
    {
        var streams = new List<StreamSpec>();
        foreach (Token token in result.Tokens)
        {
            string why = StreamSpec.TryParse(token.Value, out StreamSpec? stream);
            if (stream is null)
            {
                result.AddError($"--stream {token.Value}: {why}");
            }
            else
            {
                streams.Add(stream);
            }
        }
        if (streams.Count > Contract.MaxStreams)
        {
            result.AddError($"--stream: {streams.Count} streams, expected at most {Contract.MaxStreams}");
        }
        return [.. streams];
    }
}
