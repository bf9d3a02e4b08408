using System.Text;
using Carveout.Emulator.Tests;
using Carveout.Panels.Tests.Drivers;
using Iot.Device.Graphics;

namespace Carveout.Panels.Tests;

/// <summary>Every driver with every panel that it fits: the panel shows each picture as it was given to the driver.</summary>
/// <remarks>The table in docs/displays.md says what is compared; <c>CARVEOUT_RECORD=1</c> writes it again.</remarks>
[TestClass]
public sealed class PairingTests
{
    private const string Header = "| driver | panel | how it hangs | how pictures go out | pictures compared |\n|---|---|---|---|---|\n";

    public static IEnumerable<string> Names => Pairing.All.Select(pair => pair.ToString());

    [ClassInitialize]
    public static void RegisterImages(TestContext context) => BitmapImage.RegisterImageFactory(new PlainImage.Factory());

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Every_picture_is_shown(string name)
    {
        using Connection connection = Pairing.All.Single(pair => pair.ToString() == name).Connect();
        Panel panel = connection.Panel;
        Assert.IsNull(panel.Missing);
        long before = panel.Frames;
        for (int seed = 1; seed <= Pairing.Pictures; seed++)
        {
            byte[] picture = connection.NextPicture(seed);
            connection.Show(picture);
            Noise.AssertShown(connection.Seen(picture), panel, $"picture {seed}");
        }
        Assert.AreEqual(connection.Windows * Pairing.Pictures, panel.Frames - before);
        Assert.IsEmpty(panel.Remarks());
    }

    [TestMethod]
    public void The_documentation_says_what_is_compared()
    {
        string path = Path.Combine(Checkout.Folder, "docs", "displays.md"), text = File.ReadAllText(path), table = Table();
        int start = text.IndexOf(Header, StringComparison.Ordinal), end = text.IndexOf("\n\n", start, StringComparison.Ordinal) + 1;
        if (Environment.GetEnvironmentVariable("CARVEOUT_RECORD") == "1")
        {
            File.WriteAllText(path, text[..start] + table + text[end..]);
            return;
        }
        Assert.AreEqual(table, text[start..end]);
    }

    private static string Table()
    {
        var table = new StringBuilder(Header);
        int all = 0;
        foreach (IGrouping<(string Driver, string Chip), Pairing> pairs in Pairing.All.GroupBy(pair => (pair.Driver, pair.Chip)))
        {
            int pictures = pairs.Count() * Pairing.Pictures;
            all += pictures;
            table.Append($"| {pairs.Key.Driver} | {pairs.Key.Chip} | {OneOf(pair => pair.Hangs)} | {OneOf(pair => pair.Sent)} | {pictures} |\n");

            string OneOf(Func<Pairing, string> what) => string.Join(", ", pairs.Select(what).Distinct());
        }
        return table.Append($"| all | | | | {all} |\n").ToString();
    }
}
