using System.Text.RegularExpressions;

namespace Carveout.Emulator.Tests.Diagnosis;

/// <summary>The documents about diagnose show what it prints.</summary>
[TestClass]
public sealed partial class DiagnoseDocumentsTests
{
    [TestMethod]
    [DataRow("diagnose.md", 7)]
    [DataRow("nanoframework.md", 3)]
    public void Each_command_prints_the_lines_below_it(string document, int least)
    {
        string text = File.ReadAllText(Path.Combine(Checkout.Folder, "docs", document));
        int shown = 0;
        foreach (Match match in Shown().Matches(text))
        {
            string file = Path.Combine(Checkout.Folder, match.Groups["file"].Value);
            CommandLineRun run = CommandLineRun.Of("diagnose", file);
            Assert.AreEqual(0, run.ExitCode, run.Error);
            foreach (string line in match.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.Contains(line, run.Output);
            }
            shown++;
        }
        Assert.AreEqual(least, shown, "commands with lines below them");
    }

    [GeneratedRegex(@"^    dotnet run --project tools/Emulator -- diagnose (?<file>\S+)\n\n```\n(?<lines>[^`]+)```", RegexOptions.Multiline)]
    private static partial Regex Shown();
}
