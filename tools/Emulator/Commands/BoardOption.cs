using Carveout.Board.Boards;

namespace Carveout.Emulator.Commands;

/// <summary><c>--board</c>: one of those that Carveout knows.</summary>
internal static class BoardOption
{
    /// <summary>The option.</summary>
    /// <param name="use">What is done with the board, for --help.</param>
    /// <param name="standard">The board where none is given; null: none.</param>
    public static ChoiceOption<string> Create(string use, string? standard)
    {
        string[] boards = BoardCatalog.Names();
        return new ChoiceOption<string>("--board", $"{use}: {string.Join(", ", boards)}", "BOARD", standard, boards, boards);
    }
}
