using System.Xml.Linq;

namespace Carveout.DeviceSurface.Tests.Packages;

/// <summary>An .nfproj with its packages.config, and its .nuspec if it is packed.</summary>
internal sealed class DeviceProject
{
    private static readonly XNamespace _msbuild = "http://schemas.microsoft.com/developer/msbuild/2003";

    private readonly string _path;
    private readonly XDocument _project;

    private DeviceProject(string path)
    {
        _path = path;
        _project = XDocument.Load(path);
        AssemblyName = _project.Descendants(_msbuild + "AssemblyName").Single().Value;
    }

    /// <summary>All projects of the repository.</summary>
    public static IReadOnlyList<DeviceProject> All { get; } = [.. Directory
        .GetFiles(Locations.Repository, "*.nfproj", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(p => new DeviceProject(p))];

    public string AssemblyName { get; }

    public string Specification => Path.ChangeExtension(_path, ".nuspec");

    public bool IsPacked => File.Exists(Specification);

    /// <summary>The packages in packages.config, without those that only the development needs: users' projects do not depend on
    /// them.</summary>
    public IEnumerable<(string Id, string Version, bool IsForDevelopment)> Packages =>
        XDocument.Load(Path.Combine(Path.GetDirectoryName(_path)!, "packages.config"))
            .Descendants("package")
            .Select(p => ((string)p.Attribute("id")!, (string)p.Attribute("version")!, (bool?)p.Attribute("developmentDependency") ?? false));

    /// <summary>The folders under packages/ of its references, such as <c>nanoFramework.CoreLibrary.1.17.11</c>.</summary>
    public IEnumerable<string> ReferencedPackageFolders =>
        _project.Descendants(_msbuild + "HintPath").Select(h => h.Value.Split('\\').SkipWhile(part => part != "packages").ElementAt(1)).Distinct();

    /// <summary>The assemblies of this repository that it refers to.</summary>
    public IEnumerable<string> ReferencedLibraries => _project
        .Descendants(_msbuild + "ProjectReference")
        .Select(r => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(_path)!, ((string)r.Attribute("Include")!).Replace('\\', '/'))))
        .Select(path => All.Single(p => p._path == path).AssemblyName);

    public override string ToString() => Path.GetRelativePath(Locations.Repository, _path);
}
