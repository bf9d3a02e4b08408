using System.Text.RegularExpressions;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Boards;

/// <summary>The steps from a new board to a trace judged on it, in docs/boards.md, typed as they are printed there: the short ones here, the long ones by
/// ScreenTests.</summary>
[TestClass]
public sealed partial class BoardPathTests
{
    [TestMethod]
    public void The_newcomers_path_leads_to_its_end()
    {
        string document = File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "boards.md")).ReplaceLineEndings("\n");
        string board = Json().Match(document).Groups["json"].Value;
        Assert.IsLessThanOrEqualTo(15, board.TrimEnd().Split('\n').Length);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("p4.json"), board);

        string section = document[document.IndexOf("## Describe it", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        string[][] commands = [.. Command().Matches(section).Select(match => match.Groups["arguments"].Value.Split(' '))];
        Assert.AreEqual("map, plan, play, investigate, play", string.Join(", ", commands.Select(command => command[0])));
        var output = new Dictionary<string, string>();
        foreach (string[] command in commands)
        {
            output[command[0]] = output.GetValueOrDefault(command[0], "") + (command[0] is "map" or "plan" ? Run(folder, command) : Seen(command));
        }
        Assert.Contains("no faults", output["map"]);
        Assert.Contains("p4: fits", output["plan"]);
        Assert.Contains("1280x720:NV12:3@30", output["plan"]);
        Assert.Contains("9678848 bytes", output["plan"]);
        Assert.Contains("played 1440 loops, 5097600 frames, no failure", output["play"]);
        Assert.Contains("isp NV12 -> CPU -> spi RGB565X, 1280x720", output["play"]);
        Assert.EndsWith("played 0 loops, 50 frames, no failure", output["play"].TrimEnd());
        Assert.Contains("In 28 MB every ", output["investigate"]);
    }

    private static string Run(TemporaryFolder folder, string[] command)
    {
        CommandLineRun run = CommandLineRun.Of([.. command.Select(word => word.StartsWith("p4", StringComparison.Ordinal) ? folder.File(word)
            : word.StartsWith("examples/", StringComparison.Ordinal) ? Path.Combine(Checkout.Folder, word) : word)]);
        Assert.AreEqual(0, run.ExitCode, string.Join(' ', command) + "\n" + run.Output + run.Error);
        return run.Output;
    }

    /// <summary>What ScreenTests holds a command of this document to, which would run for long a second time.</summary>
    private static string Seen(string[] command)
    {
        string screens = File.ReadAllText(Path.Combine(Checkout.Folder, "tools", "Emulator.Tests", "Golden", "screens", "boards.txt")).ReplaceLineEndings("\n");
        string[] parts = screens.Split($"$ carveout {string.Join(' ', command)}\n");
        Assert.HasCount(2, parts, string.Join(' ', command));
        string screen = parts[1][..parts[1].IndexOf("[exit ", StringComparison.Ordinal)];
        Assert.StartsWith("[exit 0]", parts[1][screen.Length..]);
        return screen;
    }

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Json();

    [GeneratedRegex("^    dotnet run --project tools/Emulator -- (?<arguments>.+)$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
