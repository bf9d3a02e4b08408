using System.Xml.Linq;

namespace Carveout.Emulator.Tests.Frames;

/// <summary>The sample of ten lines does on the host what its description promises, and both of its projects build the same
/// program.</summary>
[TestClass]
public sealed class SampleTests
{
    private static readonly string s_folder = Path.Combine(Checkout.Folder, "examples", "Sample");

    [TestMethod]
    public void The_sample_reserves_shows_a_frame_and_says_who_has_the_memory()
    {
        ProgramRun run = SampleRun.Of();

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Error);
        const string Bars = "@@@@@@@@%%%%%%%%********++++++++========::::::::........        \n";
        const string Ramp = "       .......::::::------======++++++*******######%%%%%%%@@@@@@\n";
        Assert.AreEqual("managed banks: 4 of 782336 bytes (2.9 MB), nominal addresses from 0x10000000; at least 384 KB left to the application\n"
            + "@@@@@@ @%%%%%%%%********++++++++========::::::::........        \n"
            + "@@@@@@ @%%%%%@ @@   @@@  @ @  @ @ @@ @ @@   @@  @  .....        \n"
            + "@@@@@@@@%%%%%                                      .....        \n"
            + Bars + Bars + Bars + Bars + Bars + Bars + Ramp + Ramp + Ramp
            + "owners: sample 152 KB\n"
            + "Node 0, zone   NORMAL      1      0      0      1      1      0      0      1      0      0      0 \n"
            + "Node 0, zone  NORMAL1      1      1      1      1      1      1      0      1      0      0      0 \n"
            + "Node 0, zone  NORMAL2      1      1      1      1      1      1      0      1      0      0      0 \n"
            + "Node 0, zone  NORMAL3      1      1      1      1      1      1      0      1      0      0      0 \n\n", run.Output);
    }

    [TestMethod]
    public void The_sample_asks_for_the_packages_of_this_version_and_finds_them_where_they_are_restored()
    {
        string version = typeof(CarveoutMemory).Assembly.GetName().Version!.ToString(3);
        string[] packages = [.. XDocument.Load(Path.Combine(s_folder, "packages.config")).Descendants("package")
            .Select(p => $"{(string)p.Attribute("id")!}.{(string)p.Attribute("version")!}").Order(StringComparer.Ordinal)];

        Assert.AreEqual($"Carveout.Board.{version}, Carveout.Displays.{version}, Carveout.Frames.{version}, Carveout.Pages.{version}, nanoFramework.CoreLibrary.1.17.11",
            string.Join(", ", packages));
        XElement project = XDocument.Load(Path.Combine(s_folder, "Sample.nfproj")).Root!;
        Assert.AreEqual(
            $@"packages\nanoFramework.CoreLibrary.1.17.11\lib\mscorlib.dll, packages\Carveout.Board.{version}\lib\Carveout.Board.dll, "
            + string.Join(", ", ((string[])["Displays", "Frames", "Pages"]).Select(n => $@"packages\Carveout.{n}.{version}\lib\Carveout.{n}.dll")),
            string.Join(", ", project.Descendants().Where(e => e.Name.LocalName == "HintPath").Select(e => e.Value)));
    }
}
