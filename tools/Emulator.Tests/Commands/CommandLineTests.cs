namespace Carveout.Emulator.Tests.Commands;

/// <summary>What does not belong to a single command.</summary>
[TestClass]
public sealed class CommandLineTests
{
    [TestMethod]
    [DataRow("nosuch", "carveout has no command 'nosuch': expected play, investigate, replay, ", "carveout")]
    [DataRow("paly --hours 1", "carveout has no command 'paly': did you mean play?", "carveout")]
    [DataRow("--hours 1", "carveout has no option '--hours': expected play, ", "carveout")]
    [DataRow("play --hourz 1", "carveout play has no option '--hourz': did you mean --hours?", "carveout play")]
    [DataRow("plan --straem 320x240:RGB565:3", "carveout plan has no option '--straem': did you mean --stream?", "carveout plan")]
    [DataRow("replay --trase x", "carveout replay has no option '--trase': did you mean --trace?", "carveout replay")]
    [DataRow("map --board esp32cam --page 3", "carveout map has no option '--page'", "carveout map")]
    [DataRow("demo now", "carveout demo has no argument 'now'", "carveout demo")]
    public void An_unknown_word_is_all_that_is_refused(string arguments, string expected, string command)
    {
        CommandLineRun run = CommandLineRun.Of(arguments.Split(' '));
        Assert.AreEqual(2, run.ExitCode);
        Assert.AreEqual("", run.Output);
        string[] lines = run.Error.TrimEnd('\n').Split('\n');
        Assert.HasCount(2, lines);
        Assert.StartsWith(expected, lines[0]);
        Assert.AreEqual($"Try: {command} --help", lines[1]);
    }

    [TestMethod]
    public void Help_is_about_carveout_whatever_the_file_is_called()
    {
        CommandLineRun run = CommandLineRun.Of("--help");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("\n  carveout [command] [options]\n", run.Output);
        Assert.Contains("\n  carveout play [options]\n", CommandLineRun.Of("play", "--help").Output);
    }

    /// <summary>As shells ask: with the text so far, and the cursor's place in it.</summary>
    [TestMethod]
    [DataRow("carveout pla", "plan, play")]
    [DataRow("carveout map --bo", "--board")]
    [DataRow("carveout map --board stm32f7", "stm32f746, stm32f769-disco")]
    [DataRow("carveout play --fa", "--fault")]
    [DataRow("carveout app --lea", "")]
    public void A_shell_completes_words(string text, string expected)
    {
        CommandLineRun run = CommandLineRun.Of($"[suggest:{text.Length}]", text);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        string[] words = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string last = text.Split(' ')[^1];
        Assert.AreEqual(expected, string.Join(", ", words.Where(word => word.StartsWith(last, StringComparison.Ordinal)).Order(StringComparer.Ordinal)));
    }
}
