using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Carveout.DeviceSurface.Tests.Packages;

/// <summary>The packages for nuget.org, packed for real, except for the files that only nanoFramework's tools make.</summary>
[TestClass]
public sealed partial class PackageTests
{
    private static PackedLibraries _packed = null!;

    public static IEnumerable<string> PackageIds => DeviceProject.All.Where(p => p.IsPacked).Select(p => p.AssemblyName);

    public static IEnumerable<string> ProjectNames => DeviceProject.All.Select(p => p.ToString());

    /// <summary>The version that MSBuild gave to the tests.</summary>
    private static string Version => typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
        .InformationalVersion.Split('+')[0];

    [ClassInitialize]
    public static void Pack(TestContext context) => _packed = new PackedLibraries();

    [ClassCleanup]
    public static void RemovePackages() => _packed.Dispose();

    [TestMethod]
    public void EachLibraryIsPackedOnce()
    {
        Assert.AreEqual(0, _packed.Run.ExitCode, _packed.Run.Output);
        Assert.IsEmpty(Message.ReadAll(_packed.Run.Output), _packed.Run.Output);
        Assert.AreEqual(
            string.Join('\n', PackageIds.Select(FileName).Order(StringComparer.Ordinal)),
            string.Join('\n', _packed.FileNames));
        Assert.IsTrue(new[] { "Carveout.Board", "Carveout.Frames", "Carveout.Buses" }.All(PackageIds.Contains));
    }

    [TestMethod]
    [DynamicData(nameof(PackageIds))]
    public void LibraryLiesWhereProjectsOfBothStylesLookForIt(string id)
    {
        string[] kinds = ["dll", "pdb", "pdbx", "pe", "xml"];
        string[] expected =
        [
            "docs/README.md", "images/icon.png", "LICENSE", id + ".nuspec",
            .. new[] { "lib", "lib/netnano1.0" }.SelectMany(folder => kinds.Select(kind => $"{folder}/{id}.{kind}")),
        ];

        Assert.AreEqual(
            string.Join('\n', expected.Order(StringComparer.Ordinal)),
            string.Join('\n', _packed.EntriesOf(FileName(id))));
        Assert.IsTrue(File.ReadAllBytes(DeviceLibraries.PathOf(id)).AsSpan().SequenceEqual(_packed.Read(FileName(id), $"lib/{id}.dll")));
        foreach (string kind in kinds)
        {
            Assert.AreSequenceEqual(_packed.Read(FileName(id), $"lib/{id}.{kind}"), _packed.Read(FileName(id), $"lib/netnano1.0/{id}.{kind}"));
        }
    }

    [TestMethod]
    [DynamicData(nameof(PackageIds))]
    public void PackageSaysWhatNugetOrgShows(string id)
    {
        var metadata = _packed.MetadataOf(FileName(id), id);

        Assert.AreEqual(id, Value(metadata, "id"));
        Assert.AreEqual(Version, Value(metadata, "version"));
        Assert.AreEqual("MIT", Value(metadata, "license"));
        Assert.AreEqual("docs/README.md", Value(metadata, "readme"));
        Assert.AreEqual("images/icon.png", Value(metadata, "icon"));
        Assert.AreEqual("false", Value(metadata, "requireLicenseAcceptance"));
        Assert.AreEqual(PackedLibraries.Commit, (string)metadata.Elements().Single(e => e.Name.LocalName == "repository").Attribute("commit")!);
        Assert.AreEqual(PackedLibraries.Repository, Value(metadata, "projectUrl"));
        Assert.Contains("nanoFramework", Value(metadata, "tags").Split(' '));
        Assert.IsFalse(string.IsNullOrWhiteSpace(Value(metadata, "description")));
        string readme = Encoding.UTF8.GetString(_packed.Read(FileName(id), "docs/README.md"));
        Assert.Contains($"\n| `{id}` |", readme, "the readme of all packages has a line for each");
    }

    /// <summary>Users match firmware and package by version and checksum.</summary>
    [TestMethod]
    public void NativePackageSaysWhichFirmwareItWants()
    {
        string table = File.ReadAllText(Path.Combine(Locations.Repository, "Board", "Native", "interop", "Carveout_Native.cpp"));
        string wanted = Value(_packed.MetadataOf(FileName("Carveout.Native"), "Carveout.Native"), "description");

        var said = WantedFirmware().Match(wanted);
        Assert.IsTrue(said.Success, wanted);
        Assert.Contains($" {said.Groups["checksum"].Value},", table);
        Assert.Contains($"{{ {said.Groups["version"].Value.Replace(".", ", ", StringComparison.Ordinal)} }}", table);
    }

    /// <summary>A package depends on exactly what the project was built with, in the same versions; its siblings come from the same
    /// build.</summary>
    [TestMethod]
    [DynamicData(nameof(PackageIds))]
    public void DependenciesAreTheProjectsReferences(string id)
    {
        var project = DeviceProject.All.Single(p => p.AssemblyName == id);
        var expected = project.Packages.Where(p => !p.IsForDevelopment).Select(p => $"{p.Id} {p.Version}")
            .Concat(project.ReferencedLibraries.Select(library => $"{library} [{Version}]"));

        var dependencies = _packed.MetadataOf(FileName(id), id).Descendants()
            .Where(e => e.Name.LocalName == "dependency")
            .Select(d => $"{(string)d.Attribute("id")!} {(string)d.Attribute("version")!}");

        Assert.AreEqual(
            string.Join('\n', expected.Order(StringComparer.Ordinal)),
            string.Join('\n', dependencies.Order(StringComparer.Ordinal)));
    }

    /// <summary>More packages may be restored, because the referenced libraries need them.</summary>
    [TestMethod]
    [DynamicData(nameof(ProjectNames))]
    public void ReferencesLeadToThePackagesThatAreRestored(string name)
    {
        var project = DeviceProject.All.Single(p => p.ToString() == name);

        var notRestored = project.ReferencedPackageFolders.Except(project.Packages.Select(p => $"{p.Id}.{p.Version}"));

        Assert.IsEmpty(notRestored, string.Join('\n', notRestored));
    }

    [TestMethod]
    public void OwnPackagesAreTakenInTheVersionThatIsPacked()
    {
        var others = DeviceProject.All.SelectMany(p => p.Packages).Where(p => PackageIds.Contains(p.Id) && p.Version != Version);

        Assert.IsEmpty(others, string.Join('\n', others));
    }

    /// <summary>Two projects of one application cannot use two versions of a library.</summary>
    [TestMethod]
    public void EveryProjectHasTheSameVersionOfAPackage()
    {
        var several = DeviceProject.All.SelectMany(p => p.Packages).Select(p => (p.Id, p.Version)).Distinct()
            .GroupBy(p => p.Id)
            .Where(g => g.Count() > 1);

        Assert.IsEmpty(several, string.Join('\n', several.SelectMany(g => g)));
    }

    [TestMethod]
    public void VersionStandsInOneFile()
    {
        var attributes = VersionAttribute().Matches(File.ReadAllText(Path.Combine(Locations.Repository, "Product.cs")));

        Assert.HasCount(3, attributes);
        Assert.AreEqual(Version, attributes.Single(a => a.Groups["kind"].Value == "Informational").Groups["version"].Value);
        string number = Version.Split('-')[0];
        Assert.IsTrue(attributes.Where(a => a.Groups["kind"].Value != "Informational").All(a => a.Groups["version"].Value == number), number);
        var elsewhere = Directory.GetFiles(Locations.Repository, "AssemblyInfo.cs", SearchOption.AllDirectories)
            .Where(p => !p.Contains("/obj/", StringComparison.Ordinal) && VersionAttribute().IsMatch(File.ReadAllText(p)));
        Assert.IsEmpty(elsewhere, string.Join('\n', elsewhere));
        foreach (string library in DeviceLibraries.Paths)
        {
            Assert.AreEqual(new Version(number + ".0"), AssemblyName.GetAssemblyName(library).Version, library);
        }
    }

    [TestMethod]
    [DataRow(PackedLibraries.WithoutTools, "Carveout.Board.pe", "nanoFramework's own tools")]
    [DataRow(PackedLibraries.OtherVersion, ".0, not 7.8.9")]
    [DataRow(PackedLibraries.WithoutRepository, "-p:RepositoryUrl=")]
    public void WhatIsWrongIsNamedAndNothingIsPacked(string name, params string[] expected)
    {
        DotnetRun run = _packed.Refusals.Of(name);

        Assert.AreEqual(1, run.ExitCode, run.Output);
        foreach (string part in expected)
        {
            Assert.Contains(part, run.Output);
        }

        Assert.IsFalse(_packed.RefusalsLeftPackages);
    }

    private static string FileName(string id) => $"{id}.{Version}.nupkg";

    private static string Value(XElement metadata, string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;

    [GeneratedRegex(@"requires a target with Carveout\.Native v(?<version>[0-9.]+) \(checksum (?<checksum>0x[0-9A-F]{8})\)")]
    private static partial Regex WantedFirmware();

    [GeneratedRegex("Assembly(?<kind>File|Informational|)Version\\(\"(?<version>[^\"]+)\"\\)")]
    private static partial Regex VersionAttribute();
}
