using System.CommandLine;
using Carveout.Emulator.Import;
using Carveout.Emulator.Logs;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout import</c>: turns the text of another system's tracer into a trace.</summary>
internal static class ImportCommand
{
    /// <summary>The exit code if the input has no request, and so there is no trace.</summary>
    public const int NothingImported = 1;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Tracer's text, unpacked if its name ends in .gz, mixed with other lines; several are one trace; - for standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--out")
        {
            Description = "The trace file to write, gzip if its name ends in .gz (default: standard output)", HelpName = "FILE",
        };
        var level = new ChoiceOption<TraceLevel?>("--level",
            "What to take from a trace: page frames, or the objects of kmalloc and caches that lie in them; auto is pages where it tells both",
            "auto|pages|objects", "auto", ["auto", "pages", "objects"], [null, TraceLevel.Pages, TraceLevel.Objects]);
        var bytes = new ChoiceOption<bool>("--bytes", "The size of a kernel's object: what was asked for (bytes_req), or given (bytes_alloc)",
            "req|alloc", "req", ["req", "alloc"], [false, true]);
        var owner = new ChoiceOption<OwnerChoice>("--owner",
            "Who owns an object: its task, or the place of the call; best is the place where it has a name, else the task", "best|task|site", "best",
            ["best", "task", "site"], [OwnerChoice.Best, OwnerChoice.Task, OwnerChoice.Site]);
        var page = SizeOption.PowerOfTwo("--page", "Bytes of a page, a power of two from 256 to 65536 (default: 4096)", 256, 65536);
        string[] names = [.. TraceImport.Formats.Select(known => known.Name)];
        var format = new ChoiceOption<string?>("--format", $"The tracer: auto, {string.Join(", ", names)}", "NAME", "auto", ["auto", .. names],
            [null, .. names]);
        var command = new Command("import",
            "Makes a trace, for replay and investigate --trace, of what another tracer wrote: ftrace, trace-cmd, perf script, LTTng, ltrace, valgrind, "
            + "mtrace, heaptrack, memleak, Android, ESP-IDF, Mbed OS, NuttX, or a table with named columns. It knows the tracer by its lines, and says "
            + "what was damaged and what it put right. Exit code 1: there was no request in it.")
        {
            files, output, level, bytes, owner, page, format,
        };
        command.SetAction((parsed, cancel) =>
        {
            int pageSize = (int)(parsed.GetValue(page) ?? MemoryMap.DefaultPageSize);
            var options = new ImportOptions(level.In(parsed), bytes.In(parsed), owner.In(parsed), pageSize, format.In(parsed));
            return Task.Run(() => Run(parsed.GetValue(files)!, parsed.GetValue(output), options, cancel), CancellationToken.None);
        });
        return command;
    }

    private static int Run(string[] inputs, string? output, ImportOptions options, CancellationToken cancel)
    {
        using var file = new TraceOutput(output);
        var import = new TraceImport(options);
        var progress = new ProgressLine("importing");
        long lines = 0;
        foreach (string input in inputs)
        {
            string? failure = LogInput.Read(
                input, TraceImport.LongestLine,
                (line, isWhole) =>
                {
                    import.Add(line, isWhole);
                    if ((++lines & 1023) == 0)
                    {
                        progress.Show($"{CountText.Of(lines, "line")}");
                    }
                },
                cancel);
            import.EndFile();
            if (failure is not null)
            {
                Console.Error.WriteLine($"{PrintedText.Of(input)}: {failure}; what was read by then follows");
            }
        }
        progress.Clear();
        if (import.Format is null)
        {
            Console.Error.Write(ImportText.Nothing(import, options));
            return NothingImported;
        }
        TraceBuilder? trace = null;
        // A user who ends a live stream wants what has arrived so far.
        CancellationToken ends = cancel.IsCancellationRequested ? CancellationToken.None : cancel;
        file.Write(say => trace = import.Build(say, ends));
        Console.Error.Write(ImportText.Summary(import, options, trace!));
        return trace!.Requests > 0 ? 0 : NothingImported;
    }
}
