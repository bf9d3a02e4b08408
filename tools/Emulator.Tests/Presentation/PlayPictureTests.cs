using System.Net;
using System.Text;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Policies;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Scenario;
using Carveout.Emulator.Tests.AppHost;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Tests.Presentation;

/// <summary>The picture of the first command in a terminal: it fits, it is true, and README.md has the same.</summary>
[TestClass]
public sealed class PlayPictureTests
{
    private const int Columns = 80, Lines = 24;

    /// <summary>CARVEOUT_RECORD=1 draws it again.</summary>
    [TestMethod]
    public void The_picture_in_the_documentation_is_what_the_program_shows()
    {
        GoldenFile.AssertEqualFile(Path.Combine("docs", "play.svg"), Svg(Screen(FirstRun(), Columns)));
    }

    [TestMethod]
    [DataRow(60)]
    [DataRow(80)]
    [DataRow(132)]
    public void No_line_is_wider_than_the_terminal(int columns)
    {
        foreach (List<Segment> line in Screen(FirstRun(), columns))
        {
            string text = string.Concat(line.Select(part => part.Text));
            Assert.IsLessThanOrEqualTo(columns, text.Length, text);
            // If a bar was broken in two, its rest would begin a line.
            Assert.IsFalse(text.StartsWith("│ ░", StringComparison.Ordinal) || text.StartsWith("│ █", StringComparison.Ordinal), text);
        }
    }

    /// <summary>The screen has the command above the picture, and the prompt below.</summary>
    [TestMethod]
    public void The_first_run_fits_a_terminal() => Assert.IsLessThanOrEqualTo(Lines - 2, Screen(FirstRun(), Columns).Count);

    [TestMethod]
    public void The_application_is_told_what_it_wanted_and_who_kept_it()
    {
        string[] lines = CommandLineRun.Of("play").Lines;
        int refused = Array.FindIndex(lines, line => line.StartsWith("the application was refused", StringComparison.Ordinal));
        Assert.AreEqual("the last of them wanted 4 KB; at the end there is still no place for that:", lines[refused + 1]);
        Assert.EndsWith("36 KB free, largest 16 KB; 36 KB kept by the watermark", lines[refused + 3]);
        Assert.Contains("frame-pool  456 KB reserved at boot, never free", lines);
    }

    /// <summary>When a movie has failed its buffers are freed. The picture shows the moment before that.</summary>
    [TestMethod]
    public void Zones_owners_and_verdict_are_of_one_moment()
    {
        MovieSpec movie = BoardScenarios.Movie(Imx31Reference.Name);
        var options = new PlayOptions(Imx31Reference.Name, 6, AllocatorKind.Kernel, ZoneLayout.Single, DmaTail.Trim, false, 0, movie,
            BoardScenarios.Application(Imx31Reference.Name), 1);
        string[] lines = [.. Screen(options, Columns).Select(line => string.Concat(line.Select(part => part.Text)))];
        string zone = lines.First(line => line.StartsWith("│ DMA", StringComparison.Ordinal));
        string verdict = lines.First(line => line.StartsWith("DMA: fragmented: ", StringComparison.Ordinal));
        string largest = verdict.Split("largest ")[1].Split(',')[0];
        Assert.Contains($" {largest} │", zone);
        Assert.Contains(line => line.StartsWith("zones and owners as they stood when the movie died, after ", StringComparison.Ordinal), lines);
        Assert.HasCount(2, lines.Where(line => line.Contains("app.resident 60.1 MB, app.leak 14 MB, movie", StringComparison.Ordinal)));
    }

    private static PlayOptions FirstRun() => new(Esp32Cam.Name, 2, AllocatorKind.Carveout, ZoneLayout.Split, DmaTail.Pool, true, 1,
        BoardScenarios.Movie(Esp32Cam.Name), BoardScenarios.Application(Esp32Cam.Name), 1);

    private static List<List<Segment>> Screen(PlayOptions options, int columns)
    {
        PlayRun run = PlayRun.Of(options);
        PlayResult result = run.Run(() => { }, CancellationToken.None);
        var page = new Rows(new PlayView(run, options, false).Draw(columns), PlayText.Lines(PlayText.Verdict(result)));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false }, Out = new AnsiConsoleOutput(TextWriter.Null),
        });
        console.Profile.Width = columns;
        console.Profile.Capabilities.Unicode = true;
        var lines = new List<List<Segment>> { new() };
        foreach (Segment part in page.GetSegments(console))
        {
            string[] texts = part.Text.Split('\n');
            for (int i = 0; i < texts.Length; i++)
            {
                if (i > 0)
                {
                    lines.Add([]);
                }
                lines[^1].Add(new Segment(texts[i], part.Style));
            }
        }
        lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    /// <summary>The screen as a terminal draws it, in characters of one width.</summary>
    private static string Svg(List<List<Segment>> lines)
    {
        const int Width = 9, Height = 18, Margin = 12;
        const string Command = "$ dotnet run --project tools/Emulator";
        var text = new StringBuilder();
        text.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {(Columns * Width) + (2 * Margin)} "
            + $"{((lines.Count + 1) * Height) + (2 * Margin)}\" font-family=\"monospace\" font-size=\"15\">\n"
            + "<rect width=\"100%\" height=\"100%\" fill=\"#111\"/>\n");
        Append(0, 0, Command, "#eee");
        for (int row = 0; row < lines.Count; row++)
        {
            int column = 0;
            foreach (Segment part in lines[row])
            {
                if (!string.IsNullOrWhiteSpace(part.Text))
                {
                    Append(row + 1, column, part.Text, part.Style.Foreground == Color.Green ? "#3c3"
                        : part.Style.Foreground == Color.Grey || part.Style.Decoration == Decoration.Dim ? "#999" : "#eee");
                }
                column += part.Text.Length;
            }
        }
        return text.Append("</svg>\n").ToString();

        void Append(int row, int column, string words, string colour) => text.Append(
            $"<text x=\"{Margin + (column * Width)}\" y=\"{Margin + ((row + 1) * Height) - 5}\" textLength=\"{words.Length * Width}\" "
            + $"lengthAdjust=\"spacingAndGlyphs\" fill=\"{colour}\" xml:space=\"preserve\">{WebUtility.HtmlEncode(words)}</text>\n");
    }
}
