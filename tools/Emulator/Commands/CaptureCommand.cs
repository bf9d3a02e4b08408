using System.CommandLine;
using System.IO.Compression;
using Carveout.Emulator.Capture;
using Carveout.Emulator.Logs;
using Carveout.Emulator.Presentation;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout capture</c>: a device's log becomes a trace.</summary>
internal static class CaptureCommand
{
    /// <summary>The exit code when there was no allocation in the input: there is no trace then.</summary>
    public const int NothingCaptured = 1;

    /// <summary>The command.</summary>
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
        command.SetAction((parsed, cancel) =>
            Task.Run(() => Run(parsed.GetValue(input)!, parsed.GetValue(output), cancel), CancellationToken.None));
        return command;
    }

    private static int Run(string input, string? output, CancellationToken cancel)
    {
        // Before hours of reading: one that cannot be written is found out now, and one that exists keeps its text until there is another.
        using FileStream? file = output is null ? null : Open(output);
        var log = new CaptureLog();
        var progress = new ProgressLine("captured");
        string? failure;
        try
        {
            failure = LogInput.Read(
                input, LogInput.LongestLine,
                (line, _) =>
                {
                    log.Add(line);
                    progress.Show($"{log.Records} records");
                },
                cancel);
        }
        catch (UsageException)
        {
            Discard(file);
            throw;
        }
        progress.Clear();
        if (failure is not null)
        {
            Console.Error.WriteLine($"{input}: {failure}; what was read by then follows");
        }
        var trace = new TraceAssembly(log.Sessions);
        if (trace.Allocations == 0)
        {
            Discard(file);
            Console.Error.Write(CaptureText.Summary(log, trace));
            Console.Error.WriteLine("no allocation among them: there is no trace to write");
            return NothingCaptured;
        }
        Write(file, output, log, trace);
        Console.Error.Write(CaptureText.Summary(log, trace));
        return 0;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.OfOutput(path, e, "--out");
        }
    }

    /// <summary>Takes an output away that was made for nothing.</summary>
    private static void Discard(FileStream? file)
    {
        if (file is { CanSeek: true, Length: 0 })
        {
            file.Dispose();
            File.Delete(file.Name);
        }
    }

    private static void Write(FileStream? file, string? path, CaptureLog log, TraceAssembly trace)
    {
        if (file is null)
        {
            Lines(Console.Out);
            return;
        }
        try
        {
            if (file.CanSeek)
            {
                file.SetLength(0);
            }
            using Stream stream = path!.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Optimal) : file;
            using var writer = new StreamWriter(stream);
            Lines(writer);
        }
        catch (IOException e)
        {
            throw FileFault.OfOutput(path!, e, "--out");
        }

        void Lines(TextWriter writer)
        {
            writer.Write(CaptureText.TraceHeader(log) + "\n");
            foreach (string line in trace.Lines)
            {
                writer.Write(line + "\n");
            }
        }
    }
}
