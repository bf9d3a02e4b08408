using System.Text.RegularExpressions;
using Carveout.DeviceSurface.Tests.Documentation;

namespace Carveout.DeviceSurface.Tests.Surface;

/// <summary>The rules of the libraries' surface, applied to the libraries as they are built, and each to a library that breaks
/// it.</summary>
[TestClass]
public sealed partial class SurfaceRuleTests
{
    private static readonly SurfaceRules _rules = new(Words());

    private static readonly Dictionary<string, Func<DocumentedLibrary, IEnumerable<string>>> _all = new()
    {
        ["fields"] = SurfaceRules.PublicFields, ["interfaces"] = SurfaceRules.Interfaces, ["long constructors"] = SurfaceRules.LongConstructors,
        ["limits"] = SurfaceRules.Limits, ["indices"] = SurfaceRules.Indices, ["counts"] = SurfaceRules.Counts, ["times"] = SurfaceRules.Times,
        ["names"] = _rules.Names, ["threads"] = SurfaceRules.Threads,
        ["annotations"] = SurfaceRules.Annotations,
    };

    public static IEnumerable<string> Rules => _all.Keys;

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void LibrariesKeepTheRule(string rule)
    {
        string[] broken = [.. Libraries(_all[rule])];

        Assert.IsEmpty(broken, string.Join('\n', broken));
    }

    /// <summary>A shorter list is better; nobody may make it longer again.</summary>
    [TestMethod]
    public void TypesWithoutAShortConstructorAreThese() => Assert.AreEqual(
        "DmaPool, FrameConverter, Ili9341, MemoryRegion, Pipeline, Ssd1306, St7789, VideoCaptureDevice, VideoOutputDevice, VmArea, ZonePlan",
        string.Join(", ", Libraries(SurfaceRules.TypesWithoutShortConstructor).Order(StringComparer.Ordinal)));

    /// <summary>A member that an abstract class gets later must be virtual, so that derived classes still build.</summary>
    [TestMethod]
    public void AbstractClassesAskForNoMoreThanThis() => Assert.AreEqual(
        "AllocatorLock 2, Camera 6, CameraListener 4, CommandDisplay 3, CommandDisplayListener 1, Display 0, DisplayBus 4, DmaBuffer 0, FrameDisplay 3, FrameHardware 2, "
        + "ObjectConstructor 1, PageMap 13, PhysicalMemory 6, ReservedMemory 0, ScanoutDisplay 6, ScanoutListener 3, Shrinker 2, SpiPanel 2, "
        + "TraceClock 1, VideoDevice 0, VideoWait 3",
        string.Join(", ", Libraries(SurfaceRules.AbstractMembers).Order(StringComparer.Ordinal)));

    [TestMethod]
    [DataRow("fields", "public int Size;", "F:Sample.Size")]
    [DataRow("interfaces", "public interface Listener { }", "T:Sample.Listener")]
    [DataRow("long constructors", "public Sample(int a, int b, int c, int d, int e, int f, int g, int h) { }", "M:Sample.#ctor(")]
    [DataRow("limits", "public const int MostBuffers = 3;", "F:Sample.MostBuffers")]
    [DataRow("limits", "public int LongestStop { get; }", "P:Sample.LongestStop")]
    [DataRow("indices", "public uint Address(int index) { return 0; }", "M:Sample.Address(System.Int32)")]
    [DataRow("indices", "public uint AddressAt(int index) { return 0; }", "M:Sample.AddressAt(System.Int32)")]
    [DataRow("counts", "public int OutCount { get; }", "P:Sample.OutCount")]
    [DataRow("counts", "public int FailureCount { get; }", "P:Sample.FailureCount")]
    [DataRow("times", "public int FramePeriod { get; }", "P:Sample.FramePeriod")]
    [DataRow("times", "public void Wait(int timeout) { }", "M:Sample.Wait(System.Int32)")]
    [DataRow("names", "public void Free(uint buffer) { }", "M:Sample.Free(System.UInt32)")]
    [DataRow("names", "public void Free(Carveout.Memory.PageAllocator allocator) { }", "M:Sample.Free(Carveout.Memory.PageAllocator)")]
    [DataRow("threads", "public sealed class Inner { }", "T:Sample.Inner")]
    [DataRow("annotations", "/// <returns>Null where there is none.</returns>\npublic string Find() { return null; }", "M:Sample.Find")]
    public void RuleFindsWhatBreaksIt(string rule, string member, string found)
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("library.dll");
        var errors = DeviceCompiler.Compile(path, [("library.cs", $"public class Sample\n{{\n{member}\n}}\n")], withLibraries: true);
        Assert.IsEmpty(errors, string.Join('\n', errors));

        using var library = new DocumentedLibrary(path);
        Assert.Contains(line => line.StartsWith(found, StringComparison.Ordinal), _all[rule](library), string.Join('\n', _all[rule](library)));
    }

    private static string[] Libraries(Func<DocumentedLibrary, IEnumerable<string>> rule) => [.. DeviceLibraries.Paths.SelectMany(path =>
    {
        using var library = new DocumentedLibrary(path);
        return rule(library).ToArray();
    })];

    /// <summary>The first column of the tables below "Words". Some cells have several words, some with an explanation behind
    /// them.</summary>
    private static HashSet<string> Words()
    {
        string page = File.ReadAllText(Path.Combine(Locations.Repository, "docs", "architecture.md"));
        return [.. page[page.IndexOf("\n## Words\n", StringComparison.Ordinal)..].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(line => Parenthesis().Replace(line.Split('|')[1], "").Split(',')).Select(word => word.Trim(' ', '`'))];
    }

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex Parenthesis();
}
