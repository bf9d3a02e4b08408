using System.Globalization;
using System.Text;
using Carveout.Board.Boards;
using Carveout.Emulator.Tests.AppHost;

namespace Carveout.Emulator.Tests.Boards;

/// <summary>docs/boards.md contains every board's map as <c>carveout map</c> draws it.</summary>
[TestClass]
public sealed class BoardPictureTests
{
    private const string Begin = "<!-- maps: begin -->\n", End = "<!-- maps: end -->\n";
    private const int Heading = 0, Picture = 2;

    /// <summary>CARVEOUT_RECORD=1 draws new ones.</summary>
    [TestMethod]
    public void The_pictures_are_those_of_the_boards()
    {
        string document = File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "boards.md")).ReplaceLineEndings("\n");
        var maps = new StringBuilder();
        foreach (string board in Boards())
        {
            CommandLineRun run = CommandLineRun.Of("map", "--board", board);
            Assert.AreEqual(0, run.ExitCode, run.Error);
            string[] parts = run.Output.Split("\n\n");
            maps.Append(CultureInfo.InvariantCulture, $"```\n{parts[Heading]}\n\n{parts[Picture]}\n```\n\n");
        }
        int begin = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, end = document.IndexOf(End, StringComparison.Ordinal);
        GoldenFile.AssertEqualFile(Path.Combine("docs", "boards.md"), document[..begin] + "\n" + maps + document[end..]);
    }

    /// <summary>A table names every board.</summary>
    [TestMethod]
    public void There_are_twelve_boards_at_least_and_the_document_names_each()
    {
        string document = File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "boards.md"));
        string[] boards = [.. Boards()];
        Assert.IsGreaterThanOrEqualTo(12, boards.Length);
        foreach (string board in boards)
        {
            string row = board.EndsWith(".json", StringComparison.Ordinal)
                ? $"| [{Path.GetFileName(board)}](../examples/boards/{Path.GetFileName(board)}) |" : $"| `{board}` |";
            Assert.Contains(row, document);
        }
    }

    private static IEnumerable<string> Boards() => BoardCatalog.Names()
        .Concat(Directory.GetFiles(Path.Combine(Checkout.Folder, "examples", "boards"), "*.json").Order(StringComparer.Ordinal));
}
