using System.CommandLine;
using System.CommandLine.Parsing;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;

namespace Carveout.Emulator.Commands;

/// <summary><c>--board</c>: the name of a shipped board, or a file that describes one.</summary>
internal sealed class BoardOption : Option<string>
{
    private BoardOption(string description, string? standard)
        : base("--board")
    {
        string[] boards = BoardCatalog.Names();
        Description = description;
        HelpName = "NAME|FILE.json";
        if (standard is not null)
        {
            DefaultValueFactory = _ => standard;
        }
        CustomParser = result =>
        {
            string word = result.Tokens[0].Value, name = word.ToLowerInvariant();
            if (boards.Contains(name))
            {
                return name;
            }
            if (!EmulatedBoard.IsFile(word))
            {
                result.AddError($"--board {word}: expected {string.Join(", ", boards)}, or a file as docs/boards.md has it");
            }
            return word;
        };
        CompletionSources.Add(boards);
    }

    /// <summary>Creates the option.</summary>
    /// <param name="use">What happens with the board, for --help.</param>
    /// <param name="standard">The default board; null for none.</param>
    public static BoardOption Create(string use, string? standard) =>
        new($"{use}: {string.Join(", ", BoardCatalog.Names())}, or a file (docs/boards.md)", standard);

    /// <summary>Whether a command line has the option.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetResult(this) is { Implicit: false };

    /// <summary>The arena's size on the given board, which is its main memory; null if no board is given.</summary>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="arena">The option that gives the size without a board.</param>
    /// <exception cref="UsageException">Both are given, or the board has more memory than an arena can.</exception>
    public int? ArenaIn(ParseResult parsed, Option arena)
    {
        if (!IsGiven(parsed))
        {
            return null;
        }
        if (parsed.GetResult(arena) is { Implicit: false })
        {
            throw new UsageException($"{Name} and {arena.Name}: expected one of them");
        }
        uint size = In(parsed).Main.Size;
        return size <= int.MaxValue ? (int)size
            : throw new UsageException($"{Name}: its main memory has {size} bytes, an arena at most {int.MaxValue}: expected {arena.Name}");
    }

    /// <summary>The board of a command line without errors.</summary>
    /// <exception cref="UsageException">The file cannot be read, or does not describe a board.</exception>
    public EmulatedBoard In(ParseResult parsed) => EmulatedBoard.Of(parsed.GetValue(this)!);
}
