using System.CommandLine;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Report;
using Carveout.Emulator.Scenario;
using Carveout.Emulator.Timeline;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout investigate</c>: compares the settings of the story, or the policies on a trace, names the cause, and writes a
/// report.</summary>
internal static class InvestigateCommand
{
    private const int DefaultSeeds = 5, MostSeeds = 100;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        BoardOption board = BoardOption.Create("The board to emulate; with --trace, the one whose main memory serves it", Imx31Reference.Name);
        var hours = new Option<double>("--hours")
        {
            Description = "Virtual hours of each run: above 0, at most 1000", HelpName = "HOURS", DefaultValueFactory = _ => 4,
            CustomParser = NumberArgument.Positive(1000),
        };
        var count = new Option<int>("--seeds")
        {
            Description = $"Runs of each setting, a seed each: 1 to {MostSeeds}", HelpName = "K", DefaultValueFactory = _ => DefaultSeeds,
            CustomParser = NumberArgument.Between(1, MostSeeds),
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = "The first seed; the others count up from it: 0 to 18446744073709551615", HelpName = "N", DefaultValueFactory = _ => 1,
            CustomParser = NumberArgument.Between(ulong.MinValue, ulong.MaxValue),
        };
        var folder = new Option<string?>("--out")
        {
            Description = $"A folder for {ReportFolder.ReportName} and {ReportFolder.ResultName}; made where there is none (default: no files)",
            HelpName = "DIR",
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON, and nothing else, on standard output" };

        var command = new Command("investigate",
            "Runs the story's steps and Carveout's cures side by side, says why each movie died and whose memory it was, and writes a report. With "
            + "--trace it judges the policies on what a device did: the first failure of each, who grows, who tears blocks.")
        {
            board, hours, count, seed, folder, json,
        };
        var trace = new TraceArguments();
        trace.AddTo(command);
        var timeline = new TimelineArguments();
        timeline.AddTo(command, hasBlocks: false);
        command.SetAction((parsed, cancel) =>
        {
            string? file = trace.FileIn(parsed, hours, count, seed);
            TraceQuestion question = trace.QuestionIn(parsed, board);
            ulong first = parsed.GetValue(seed);
            ulong[] seeds = [.. Enumerable.Range(0, parsed.GetValue(count)).Select(i => unchecked(first + (ulong)i))];
            // Run on another thread, so that Ctrl-C is handled meanwhile.
            return Task.Run(
                () =>
                {
                    // Open it before the work, so that a folder that cannot be used is noticed at once.
                    using ReportFolder? output = parsed.GetValue(folder) is string path ? new ReportFolder(path) : null;
                    using TimelineOutput? over = timeline.Open(parsed);
                    return file is not null
                        ? Judge(file, question, output, over, parsed.GetValue(json), cancel)
                        : Run(board.In(parsed), parsed.GetValue(hours), seeds, output, over, parsed.GetValue(json), cancel);
                }, CancellationToken.None);
        });
        return command;
    }

    private static int Run(EmulatedBoard board, double hours, ulong[] seeds, ReportFolder? output, TimelineOutput? over, bool json, CancellationToken cancel)
    {
        var progress = new ProgressLine($"investigating {board}, {InvestigationSetting.All.Count} settings x {seeds.Length} seeds");
        StoryInvestigation found;
        try
        {
            found = StoryInvestigation.Run(board, hours, seeds, InvestigationSetting.All, output is not null, progress.Show, cancel);
        }
        catch (OperationCanceledException)
        {
            progress.Clear();
            Console.Error.WriteLine($"interrupted; seeds {seeds[0]} to {seeds[^1]}");
            return CommandLine.Interrupted;
        }
        catch (CorruptionException e)
        {
            progress.Clear();
            Console.Error.WriteLine($"memory was overwritten, which is a defect of Carveout: {e.Message}");
            return PlayCommand.Corrupted;
        }
        progress.Clear();
        if (over is not null)
        {
            InvestigationTimeline.Write(found, over);
        }
        Show(output, json, InvestigationJson.Of(found), () => ReportPage.Of(found), () => InvestigationTable.Of(found));
        return 0;
    }

    private static int Judge(string file, TraceQuestion question, ReportFolder? output, TimelineOutput? over, bool json, CancellationToken cancel)
    {
        TraceFile trace = TraceFile.Read(file, cancel: cancel, open: new TraceInput(file, false, cancel).Open);
        var progress = new ProgressLine($"investigating {trace.Name}");
        TraceInvestigation found;
        try
        {
            found = TraceInvestigation.Run(trace, question, output is not null, progress.Show, cancel);
        }
        catch (OperationCanceledException)
        {
            progress.Clear();
            throw;
        }
        progress.Clear();
        if (over is not null)
        {
            InvestigationTimeline.Write(found, over);
        }
        Show(output, json, TraceInvestigationJson.Of(found), () => TraceReportPage.Of(found), () => TraceInvestigationTable.Of(found));
        return 0;
    }

    /// <summary>Writes the files, if a folder is given, and prints the result.</summary>
    private static void Show(ReportFolder? output, bool asJson, string json, Func<string> report, Func<IRenderable> table)
    {
        output?.Write(report(), json);
        if (asJson)
        {
            Console.Out.Write(json);
            return;
        }
        new MapScreen().Write(table());
        if (output is not null)
        {
            Console.Out.WriteLine($"report: {output.ReportPath}");
        }
    }
}
