namespace Carveout.Emulator.Tests.AppHost;

/// <summary>A recorded text that a run must print again; <c>CARVEOUT_RECORD=1</c> records a new one.</summary>
internal static class GoldenFile
{
    /// <summary>Compares a text with a file of tools/Emulator.Tests/Golden, and names the first line that differs.</summary>
    public static void AssertEqual(string name, string text) => AssertEqualFile(Path.Combine("tools", "Emulator.Tests", "Golden", name), text);

    /// <summary>Compares a text with a file of the repository, and names the first line that differs.</summary>
    public static void AssertEqualFile(string name, string text)
    {
        string path = Path.Combine(Checkout.Folder, name);
        if (TestSeed.IsRecording)
        {
            File.WriteAllText(path, text);
        }
        string[] expected = File.ReadAllText(path).Split('\n'), actual = text.Split('\n');
        for (int i = 0; i < Math.Min(expected.Length, actual.Length); i++)
        {
            Assert.AreEqual(expected[i], actual[i], $"{name}, line {i + 1}; CARVEOUT_RECORD=1 records it anew");
        }
        Assert.HasCount(expected.Length, actual, $"{name}: as many lines");
    }
}
