namespace Carveout.DeviceSurface.Tests.Documentation;

/// <summary>The documentation that users of a package read in their editor.</summary>
[TestClass]
public sealed class DocumentationTests
{
    public static IEnumerable<string> LibraryNames => DeviceLibraries.Names;

    [TestMethod]
    [DynamicData(nameof(LibraryNames))]
    public void EverythingPublicIsDocumented(string name)
    {
        using var library = new DocumentedLibrary(DeviceLibraries.PathOf(name));

        var gaps = DocumentationGaps.Of(library);

        Assert.IsEmpty(gaps, string.Join('\n', gaps));
    }
}
