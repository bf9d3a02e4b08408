using System.Text;
using System.Text.RegularExpressions;
using Carveout.Emulator.Tests.AppHost;

namespace Carveout.Emulator.Tests.Screens;

/// <summary>What a user sees who types a command of README or docs in a terminal of 80x24; CARVEOUT_RECORD=1 records it again. The lines of
/// a document run in order and in one folder, because one reads what another wrote. README has every command; docs' lines run where tests have
/// their whole length.</summary>
[TestClass]
public sealed partial class ScreenTests
{
    /// <summary>Lines that no test can run: they need a board at a port, or its output, or are part of a shell's loop.</summary>
    private static readonly string[] s_needMore = ["/dev/ttyUSB0", "--trace device.trace ", "$"];

    /// <summary>Lines that take longer than all others together, and show what other tests hold as well. They run where tests have their
    /// whole length; otherwise their screens stay as they are.</summary>
    private static readonly string[] s_long =
    [
        "investigate --board imx31-reference", "plan.json --hours 24", "--board esp32s3 --hours 0.02",
    ];

    public static IEnumerable<object[]> Documents =>
        from path in (TestSeed.IsWhole ? Directory.GetFiles(Path.Combine(Checkout.Folder, "docs"), "*.md") : [])
            .Append(Path.Combine(Checkout.Folder, "README.md")).Order()
        where CommandsOf(path).Any()
        select new object[] { Path.GetRelativePath(Checkout.Folder, path) };

    [TestMethod]
    [DynamicData(nameof(Documents))]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows, IgnoreMessage = "tmux is for Unix")]
    public void Each_command_shows_what_is_recorded(string document)
    {
        string path = Path.Combine(Checkout.Folder, document);
        using var terminal = new Terminal();
        foreach (Match file in JsonFile().Matches(File.ReadAllText(path)))
        {
            File.WriteAllText(terminal.PathOf(file.Groups["name"].Value), file.Groups["text"].Value);
        }
        string golden = Path.Combine("screens", Path.GetFileNameWithoutExtension(document) + ".txt");
        var seen = new StringBuilder();
        foreach (string command in CommandsOf(path))
        {
            bool runs = TestSeed.IsWhole || !Array.Exists(s_long, command.Contains);
            seen.Append("$ ").Append(command).Append('\n').Append(runs ? terminal.Run(command) : Recorded(golden, command)).Append('\n');
        }
        GoldenFile.AssertEqual(golden, seen.ToString());
    }

    /// <summary>What is recorded for a command, to the line with its exit code.</summary>
    private static string Recorded(string golden, string command)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Checkout.Folder, "tools", "Emulator.Tests", "Golden", golden));
        int first = Array.IndexOf(lines, "$ " + command) + 1, last = Array.FindIndex(lines, first, line => line.Contains(Terminal.Exit, StringComparison.Ordinal));
        return string.Concat(lines[first..(last + 1)].Select(line => line + "\n"));
    }

    private static IEnumerable<string> CommandsOf(string path) =>
        from line in File.ReadAllLines(path)
        where Command().IsMatch(line) && !Array.Exists(s_needMore, line.Contains)
        select FromSources().Replace(line.Split(" #")[0].Trim(), "carveout").Trim();

    [GeneratedRegex("^ {4,}dotnet run --project tools/Emulator( --|$)")]
    private static partial Regex Command();

    [GeneratedRegex("dotnet run --project tools/Emulator( --)?")]
    private static partial Regex FromSources();

    /// <summary>A file that the reader of a document has to type: its name in the text, then its content.</summary>
    [GeneratedRegex("as `(?<name>[a-z0-9-]+\\.json)`:\n\n```json\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonFile();
}
