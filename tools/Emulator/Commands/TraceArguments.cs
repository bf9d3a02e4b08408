using System.CommandLine;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Commands;

/// <summary>The options of <c>investigate</c> for a trace instead of the story.</summary>
internal sealed class TraceArguments
{
    private readonly Option<string?> _trace = new("--trace")
    {
        Description = "Judge the policies on this trace, plain or .gz, or - for standard input, from capture or any that replay takes, or a device's "
            + "log, instead of the story",
        HelpName = "FILE",
    };

    private readonly SizeOption _arena = new("--arena", "With --trace: bytes of memory, a multiple of the page (default: what the trace's first "
        + "line says, else 1.25 times what is live at most)", 256, int.MaxValue);

    private readonly SizeOption _page = SizeOption.PowerOfTwo("--page", "With --trace: bytes of a page, a power of two from 256 to 65536 (default: what the trace's "
        + "first line says, else 4096)", 256, 65536);

    private readonly SizeOption _poolFrom = new("--pool-from",
        "With --trace: the size from which a request is a buffer of the pool (default: 64K)", 1, int.MaxValue);

    private readonly MovableArguments _movable = new("With --trace, and exact runs are tried with compaction, too: requests");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_trace, .. OfTrace])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The trace file; null for the story.</summary>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="ofStory">Options that are only for the story.</param>
    /// <exception cref="UsageException">Options of trace and story are mixed.</exception>
    public string? FileIn(ParseResult parsed, params Option[] ofStory)
    {
        string? file = parsed.GetValue(_trace);
        if (file is not null && Given(ofStory) is Option story)
        {
            throw new UsageException($"{story.Name} is for the story, which makes its requests itself; a trace brings its own: "
                + "expected --trace without it");
        }
        if (file is null && Given(OfTrace) is Option foreign)
        {
            throw new UsageException($"{foreign.Name} is for a trace: expected --trace FILE with it");
        }
        return file;

        Option? Given(Option[] options) => options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
    }

    /// <summary>The options for the trace.</summary>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="board">The option for the board whose main memory serves the trace.</param>
    /// <exception cref="UsageException">Options do not go together.</exception>
    public TraceQuestion QuestionIn(ParseResult parsed, BoardOption board)
    {
        (int movable, int compact) = _movable.In(parsed);
        return new TraceQuestion(
            parsed.GetResult(_trace) is null ? null : board.ArenaIn(parsed, _arena) ?? (int?)parsed.GetValue(_arena), (int?)parsed.GetValue(_page),
            (int?)parsed.GetValue(_poolFrom) ?? ReplayOptions.DefaultPoolFrom, movable, compact);
    }

    private Option[] OfTrace => [_arena, _page, _poolFrom, .. _movable.Options];
}
