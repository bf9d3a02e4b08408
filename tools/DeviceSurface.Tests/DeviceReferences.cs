namespace Carveout.DeviceSurface.Tests;

/// <summary>The surface of this repository's listings, and the reference assemblies that the tests compile against.</summary>
[TestClass]
public sealed class DeviceReferences
{
    private static readonly Lazy<TemporaryFolder> _folder = new(Generate);

    internal static Surface Surface { get; } = Surface.Load(Locations.Listings);

    internal static IReadOnlyList<string> Paths => Directory.GetFiles(_folder.Value.Path, "*.dll");

    [AssemblyCleanup]
    public static void RemoveFolder()
    {
        if (_folder.IsValueCreated)
        {
            _folder.Value.Dispose();
        }
    }

    private static TemporaryFolder Generate()
    {
        var folder = new TemporaryFolder();
        Assert.AreEqual(0, CommandLine.Run(["generate", Locations.Listings, folder.Path], Console.Out, Console.Out));
        return folder;
    }
}
