using System.CommandLine;
using System.CommandLine.Parsing;
using Carveout.Emulator.Investigation;
using Carveout.Memory;

namespace Carveout.Emulator.Commands;

/// <summary>The options of <c>investigate</c> that judge a trace instead of the story.</summary>
internal sealed class TraceArguments
{
    private readonly Option<string?> _trace = new("--trace")
    {
        Description = "Judge the policies on this trace, plain or .gz, from capture or any that replay takes, instead of the story",
        HelpName = "FILE",
    };

    private readonly Option<long?> _arena = Size("--arena", "With --trace: bytes of memory, a multiple of the page (default: what the trace's first "
        + "line says, else 1.25 times what is live at most)", 256, int.MaxValue);

    private readonly Option<long?> _page = Size("--page", "With --trace: bytes of a page, a power of two from 256 to 65536 (default: what the "
        + "trace's first line says, else 4096)", 256, 65536);

    private readonly Option<long?> _poolFrom = Size("--pool-from", "With --trace: the size from which a request is a buffer of the pool "
        + "(default: 64K)", 1, int.MaxValue);

    private readonly Option<int?> _movable = Number("--movable", "With --trace: requests in a hundred whose memory compaction may move; with it, "
        + "exact runs are tried with compaction, too (default: none)", "PERCENT", 1, 100);

    private readonly Option<int?> _compact = Number("--compact", "With --movable: the most pages that one request may have moved (default: no limit)",
        "PAGES", 0, MovablePages.NoLimit);

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_trace, .. OfTrace])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The trace file to judge; null for the story.</summary>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="ofStory">Options that only the story has.</param>
    /// <exception cref="UsageException">Options of the one stand beside the other.</exception>
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
        if (Given([_compact]) is not null && Given([_movable]) is null)
        {
            throw new UsageException("--compact bounds what is moved: expected --movable with it");
        }
        return file;

        Option? Given(Option[] options) => options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
    }

    /// <summary>What to judge the trace with.</summary>
    public TraceQuestion QuestionIn(ParseResult parsed) => new((int?)parsed.GetValue(_arena), (int?)parsed.GetValue(_page),
        (int?)parsed.GetValue(_poolFrom) ?? TraceQuestion.DefaultPoolFrom, parsed.GetValue(_movable) ?? 0,
        parsed.GetValue(_compact) ?? MovablePages.NoLimit);

    private Option[] OfTrace => [_arena, _page, _poolFrom, _movable, _compact];

    private static Option<long?> Size(string name, string description, long least, long most)
    {
        Func<ArgumentResult, long> parse = SizeArgument.Between(least, most);
        return new Option<long?>(name) { Description = description, HelpName = "BYTES", CustomParser = result => parse(result) };
    }

    private static Option<int?> Number(string name, string description, string helpName, int least, int most)
    {
        Func<ArgumentResult, int> parse = NumberArgument.Between(least, most);
        return new Option<int?>(name) { Description = description, HelpName = helpName, CustomParser = result => parse(result) };
    }
}
