using System.IO.Compression;
using System.Xml.Linq;

namespace Carveout.DeviceSurface.Tests.Packages;

/// <summary>The packages of all libraries, made with the maintainer's command from what this machine has.</summary>
/// <remarks>
/// The metadata processor is not available, so its files, .pe and .pdbx, contain a line of text instead that says so. Everything lies in a
/// folder of the test's own, which is deleted with it.
/// </remarks>
internal sealed class PackedLibraries : IDisposable
{
    public const string Repository = "https://carveout.invalid/sources";

    /// <summary>The commit in the packages.</summary>
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    public const string WithoutTools = "without-tools", OtherVersion = "other-version", WithoutRepository = "without-repository";

    private const string Named = "RepositoryUrl=" + Repository;

    private const string Placeholder = "Not made here: this needs nanoFramework's metadata processor.";

    private static readonly string[] _missingHere = [".pe", ".pdbx"];

    private readonly TemporaryFolder _folder = new();

    /// <summary>Packs by the command, and then packs what is refused.</summary>
    public PackedLibraries()
    {
        CopyLibraries("libraries", withPlaceholders: true);
        CopyLibraries(WithoutTools, withPlaceholders: false);
        Run = DotnetRun.Start(
            Locations.Repository,
            ["pack", "packaging", "-o", Packages, .. Options("libraries", Named, "SourceRevisionId=" + Commit).Select(o => "-p:" + o)]);
        Refusals = new BuildSeries(_folder)
            .AddTarget(WithoutTools, Project, "Pack", null, [.. Options(WithoutTools, Named), RefusedPackages])
            .AddTarget(OtherVersion, Project, "Pack", null, [.. Options("libraries", Named, "Version=7.8.9"), RefusedPackages])
            .AddTarget(WithoutRepository, Project, "Pack", null, [.. Options("libraries"), RefusedPackages])
            .Run();
    }

    public DotnetRun Run { get; }

    /// <summary>What happens if something is wrong, by its name.</summary>
    public BuildSeries Refusals { get; }

    /// <summary>Whether a refusal has left a package.</summary>
    public bool RefusalsLeftPackages => Directory.Exists(_folder.PathOf("refused"));

    public IEnumerable<string> FileNames => Directory.Exists(Packages)
        ? Directory.GetFiles(Packages).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)
        : [];

    private static string Project => Path.Combine(Locations.Repository, "packaging", "Packages.csproj");

    private string Packages => _folder.PathOf("packages");

    private string RefusedPackages => "PackageOutputPath=" + _folder.PathOf("refused");

    /// <summary>The files of a package, without those of its container.</summary>
    public IReadOnlyList<string> EntriesOf(string fileName)
    {
        using var package = Open(fileName);
        return [.. package.Entries
            .Select(e => e.FullName)
            .Where(n => !n.StartsWith("_rels/", StringComparison.Ordinal))
            .Where(n => !n.StartsWith("package/", StringComparison.Ordinal) && n != "[Content_Types].xml")
            .Order(StringComparer.Ordinal)];
    }

    public byte[] Read(string fileName, string entry)
    {
        using var package = Open(fileName);
        using var content = package.GetEntry(entry)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>The metadata element of the package's specification.</summary>
    public XElement MetadataOf(string fileName, string id)
    {
        var specification = XDocument.Load(new MemoryStream(Read(fileName, id + ".nuspec")));
        return specification.Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }

    public void Dispose() => _folder.Dispose();

    private void CopyLibraries(string folder, bool withPlaceholders)
    {
        Directory.CreateDirectory(_folder.PathOf(folder));
        foreach (string library in DeviceLibraries.Paths)
        {
            foreach (string file in new[] { library, Path.ChangeExtension(library, ".pdb"), Path.ChangeExtension(library, ".xml") })
            {
                File.Copy(file, _folder.PathOf(Path.Combine(folder, Path.GetFileName(file))));
            }

            foreach (string extension in withPlaceholders ? _missingHere : [])
            {
                _folder.Write(Path.Combine(folder, Path.ChangeExtension(Path.GetFileName(library), extension)), Placeholder);
            }
        }
    }

    /// <summary>A folder for what packing writes, so that a maintainer's own folder is left alone.</summary>
    private string[] Options(string libraries, params string[] others) =>
        ["DeviceOutput=" + _folder.PathOf(libraries), "BaseIntermediateOutputPath=" + _folder.PathOf("obj/"), "Configuration=Release", .. others];

    private ZipArchive Open(string fileName) => ZipFile.OpenRead(Path.Combine(Packages, fileName));
}
