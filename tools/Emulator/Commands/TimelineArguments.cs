using System.CommandLine;
using Carveout.Emulator.Timeline;

namespace Carveout.Emulator.Commands;

/// <summary>The options that write a timeline for other viewers.</summary>
internal sealed class TimelineArguments
{
    private readonly Option<string?> _perfetto = new("--perfetto")
    {
        Description = "Write what happened over time to this file, for ui.perfetto.dev: free memory, largest block, free blocks of each order, owners, "
            + "refusals, loops; gzip if its name ends in .gz",
        HelpName = "FILE.json",
    };

    private readonly Option<string?> _csv = new("--csv") { Description = "The same as a table", HelpName = "FILE.csv" };

    private readonly Option<string[]> _blocks = new("--blocks")
    {
        Description = "With --perfetto or --csv: owners whose live blocks are written too, or all (default: none)", HelpName = "OWNER",
    };

    private bool _hasBlocks;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="hasBlocks">Whether the command knows single blocks.</param>
    public void AddTo(Command command, bool hasBlocks = true)
    {
        _hasBlocks = hasBlocks;
        command.Options.Add(_perfetto);
        command.Options.Add(_csv);
        if (hasBlocks)
        {
            command.Options.Add(_blocks);
        }
    }

    /// <summary>Whether a file is wanted.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_perfetto) is not null || parsed.GetValue(_csv) is not null;

    /// <summary>Opens the files, before the work; null if none is wanted.</summary>
    /// <exception cref="UsageException">A file cannot be created, or owners are chosen without a file.</exception>
    public TimelineOutput? Open(ParseResult parsed)
    {
        string[] owners = _hasBlocks ? parsed.GetValue(_blocks) ?? [] : [];
        string? perfetto = parsed.GetValue(_perfetto), csv = parsed.GetValue(_csv);
        if (perfetto is null && csv is null)
        {
            return owners.Length == 0 ? null : throw new UsageException("--blocks: expected --perfetto or --csv with it");
        }
        if (perfetto is not null && csv is not null && Path.GetFullPath(perfetto) == Path.GetFullPath(csv))
        {
            throw new UsageException($"--csv {csv}: --perfetto writes to this file");
        }
        var files = new List<TimelineFile>();
        if (perfetto is not null)
        {
            files.Add(new PerfettoFile(perfetto));
        }
        if (csv is not null)
        {
            files.Add(new CsvFile(csv));
        }
        return new TimelineOutput(files, owners.Contains("all") ? null : owners.ToHashSet());
    }
}
