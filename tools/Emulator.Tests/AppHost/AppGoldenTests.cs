using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Carveout.Board.Boards;

namespace Carveout.Emulator.Tests.AppHost;

/// <summary>What the deployable application's console says in ten virtual minutes on each shipped board, to the byte: boot, the first
/// and the last report and the end in full.</summary>
[TestClass]
public sealed class AppGoldenTests
{
    public static IEnumerable<object[]> Boards => from name in BoardCatalog.Names() select new object[] { name };

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Ten_minutes_on_each_board_are_as_recorded(string board)
    {
        CommandLineRun run = CommandLineRun.Of("app", "--board", board, "--minutes", "10");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Error);
        GoldenFile.AssertEqual($"app-{board}.txt", Shortened(run.Lines));
    }

    /// <summary>A real address, and a cache that the application need not care for.</summary>
    [TestMethod]
    public void Ten_minutes_on_firmware_with_a_reservation_are_as_recorded()
    {
        CommandLineRun run = CommandLineRun.Of("app", "--board", "esp32s3", "--native", "4M");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        GoldenFile.AssertEqual("app-esp32s3-native.txt", Shortened(run.Lines));
    }

    /// <summary>The reports between the first and the last differ in numbers only: a line with a hash for each, which tells of any change.</summary>
    private static string Shortened(string[] lines)
    {
        var text = new StringBuilder();
        int[] reports = [.. Enumerable.Range(0, lines.Length).Where(i => lines[i].StartsWith("report ", StringComparison.Ordinal))];
        for (int i = 0; i < lines.Length; i++)
        {
            int report = Array.IndexOf(reports, i);
            if (report <= 0 || report == reports.Length - 1)
            {
                text.Append(lines[i]).Append('\n');
                continue;
            }
            string all = string.Join('\n', lines[i..reports[report + 1]]);
            string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16];
            text.Append(CultureInfo.InvariantCulture, $"{lines[i]}: {reports[report + 1] - i} lines, SHA-256 {hash}\n");
            i = reports[report + 1] - 1;
        }
        return text.ToString();
    }
}
