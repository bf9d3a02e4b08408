using System.CommandLine;
using Carveout.Emulator.Diagnosis;
using Carveout.Emulator.Input;
using Carveout.Emulator.Logs;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Report;
using Carveout.Emulator.Timeline;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout diagnose</c>: judges memory dumps in a log.</summary>
internal static class DiagnoseCommand
{
    /// <summary>The exit code if the input contains no memory dump.</summary>
    public const int NothingRecognised = 1;

    private const long MostWanted = 1L << 40;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var input = new Argument<string[]>("FILE")
        {
            Description = "Logs and dumps in any mixture, plain or .gz; - for standard input", Arity = ArgumentArity.OneOrMore,
        };
        var want = new SizeOption("--want", "Bytes in one piece that somebody is going to ask for (default: what a failure in the logs asked for)", 1, MostWanted);
        var folder = new Option<string?>("--out")
        {
            Description = $"A folder for {ReportFolder.ReportName} and {ReportFolder.ResultName}; made where there is none (default: no files)", HelpName = "DIR",
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON, and nothing else, on standard output" };
        var command = new Command("diagnose",
            "Finds dumps of memory in logs of Linux, ESP-IDF, Zephyr, FreeRTOS and .NET on microcontrollers, says why a request failed or a series will, with the numbers, what it "
            + "does not know, and what to try.")
        {
            input, want, folder, json,
        };
        var timeline = new TimelineArguments();
        timeline.AddTo(command, hasBlocks: false);
        command.SetAction((parsed, cancel) =>
        {
            return Task.Run(
                () =>
                {
                    // Open it before the work, so that a folder that cannot be used is noticed at once.
                    using ReportFolder? output = parsed.GetValue(folder) is string path ? new ReportFolder(path) : null;
                    using TimelineOutput? over = timeline.Open(parsed);
                    return Run(parsed.GetValue(input)!, parsed.GetValue(want), output, over, parsed.GetValue(json), cancel);
                }, CancellationToken.None);
        });
        return command;
    }

    private static int Run(string[] files, long? wanted, ReportFolder? output, TimelineOutput? over, bool json, CancellationToken cancel)
    {
        var store = new DumpStore();
        var log = new DumpLog(store.Add);
        var progress = new ProgressLine("diagnosing");
        try
        {
            foreach (string file in files)
            {
                log.Begin(file == "-" ? "standard input" : file);
                string? failure = LogInput.Read(
                    file, DumpLog.LongestLine,
                    (line, isWhole) =>
                    {
                        log.Add(line, isWhole);
                        progress.Show($"{CountText.Of(log.Lines, "line")}, {CountText.Of(store.Count, "dump")}");
                    },
                    cancel);
                if (failure is not null)
                {
                    progress.Clear();
                    Console.Error.WriteLine(PrintedText.Of($"{file}: {failure}; what was read by then follows"));
                }
                cancel.ThrowIfCancellationRequested();
            }
            log.End();
        }
        finally
        {
            progress.Clear();
        }
        IEnumerable<Finding> traces = log.Traces.Select(file => TraceVerdict.Of(file, progress.Show, cancel));
        LogDiagnosis found = LogDiagnosis.Of(store, wanted, [.. traces]);
        progress.Clear();
        if (found.Findings.Count == 0)
        {
            Console.Error.Write(DiagnosisText.Nothing(log.Lines, found));
            return NothingRecognised;
        }
        if (over is not null)
        {
            DiagnosisTimeline.Write(store, over);
        }
        string result = DiagnosisJson.Of(found, files, log.Lines);
        output?.Write(DiagnosisPage.Of(found, files, log.Lines), result);
        Console.Out.Write(json ? result : DiagnosisText.Of(found, log.Lines));
        if (output is not null && !json)
        {
            Console.Out.WriteLine($"report: {output.ReportPath}");
        }
        return 0;
    }
}
