using System.CommandLine;

namespace Carveout.Emulator.Commands;

/// <summary>The options for compaction: what may move, and how much of it for one request.</summary>
/// <param name="requests">Whose requests these are, for --help.</param>
internal sealed class MovableArguments(string requests)
{
    private const int All = 100;

    private readonly Option<int> _movable = new("--movable")
    {
        Description = $"{requests} in a hundred whose memory compaction may move; {All} where no number follows", HelpName = "PERCENT",
        DefaultValueFactory = _ => 0, CustomParser = NumberArgument.Between(0, All), Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _compact = new("--compact")
    {
        Description = "With --movable: the most pages that one request may have moved", HelpName = "PAGES",
        DefaultValueFactory = _ => MovablePages.NoLimit, CustomParser = NumberArgument.Between(0, MovablePages.NoLimit),
    };

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> Options => [_movable, _compact];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in Options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The values of a command line; 0 percent if nothing moves.</summary>
    /// <exception cref="UsageException">There is a budget, but nothing may move.</exception>
    public (int Percent, int Budget) In(ParseResult parsed)
    {
        int percent = parsed.GetResult(_movable) is { Implicit: false, Tokens.Count: 0 } ? All : parsed.GetValue(_movable);
        if (percent == 0 && parsed.GetResult(_compact) is { Implicit: false })
        {
            throw new UsageException("--compact bounds what is moved: expected --movable with it");
        }
        return (percent, parsed.GetValue(_compact));
    }
}
