using System.CommandLine;
using Carveout.Emulator.Capture;
using Carveout.Emulator.Logs;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Timeline;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout capture</c>: turns a device's log into a trace.</summary>
internal static class CaptureCommand
{
    /// <summary>The exit code if the input has no allocation, and so there is no trace.</summary>
    public const int NothingCaptured = 1;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var input = new Argument<string>("INPUT")
        {
            Description = "A log file, a serial device or pipe, or - for standard input", Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => "-",
        };
        var output = new Option<string?>("--out")
        {
            Description = "The trace file to write, gzip if its name ends in .gz (default: standard output)", HelpName = "FILE",
        };
        var command = new Command("capture",
            "Picks the dump of a device's trace ring out of a log, mixed with other output or damaged, and writes a trace for replay. Ctrl-C ends a "
            + "live stream; what was read by then is written.")
        {
            input, output,
        };
        var timeline = new TimelineArguments();
        timeline.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            TimelineOutput? over = timeline.Open(parsed);
            return Task.Run(
                () =>
                {
                    using (over)
                    {
                        return Run(parsed.GetValue(input)!, parsed.GetValue(output), over, cancel);
                    }
                }, CancellationToken.None);
        });
        return command;
    }

    private static int Run(string input, string? output, TimelineOutput? over, CancellationToken cancel)
    {
        using var file = new TraceOutput(output);
        var log = new CaptureLog();
        var progress = new ProgressLine("captured");
        string? failure = LogInput.Read(
            input, LogInput.LongestLine,
            (line, _) =>
            {
                log.Add(line);
                progress.Show($"{CountText.Of(log.Records, "record")}");
            },
            cancel);
        progress.Clear();
        if (failure is not null)
        {
            Console.Error.WriteLine($"{input}: {failure}; what was read by then follows");
        }
        var trace = new TraceAssembly(log.Sessions);
        if (trace.Allocations == 0)
        {
            Console.Error.Write(CaptureText.Summary(log, trace));
            Console.Error.WriteLine("no allocation among them: there is no trace to write");
            return NothingCaptured;
        }
        file.Write(say =>
        {
            say(CaptureText.FirstLine(log));
            foreach (string line in trace.Lines)
            {
                say(line);
            }
        });
        if (over is not null)
        {
            Write(input, trace, over);
        }
        Console.Error.Write(CaptureText.Summary(log, trace));
        return 0;
    }

    private static void Write(string input, TraceAssembly trace, TimelineOutput over)
    {
        var timeline = new TraceTimeline(over, $"captured from {input}");
        using var reader = new TraceReader(input, new StringReader(string.Join('\n', trace.Lines)), timeline.Note);
        while (reader.TryRead(out TraceOperation operation))
        {
            timeline.Begin(operation);
            timeline.Done(operation, true);
        }
        timeline.End();
    }
}
