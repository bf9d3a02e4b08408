using Mono.Cecil;

namespace Carveout.DeviceRun;

/// <summary>The places of assemblies: the checkout's device builds, the user's folders, and the packages that NuGet has restored.</summary>
internal sealed class AssemblySources
{
    private const string TestAssembly = "NFUnitTest";

    private readonly string _root, _configuration;
    private readonly string[] _folders;

    /// <summary>Finds the assemblies of a checkout.</summary>
    /// <param name="root">The checkout's folder.</param>
    /// <param name="configuration">Debug or Release.</param>
    /// <param name="folders">The user's folders, which are searched first.</param>
    public AssemblySources(string root, string configuration, IEnumerable<string> folders)
    {
        _root = root;
        _configuration = configuration;
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        _folders = [.. folders, .. LibrariesIn(Path.Combine(root, "packages"), "nanoFramework.*"), .. LibrariesIn(packages, "nanoframework.*")];
        Builds = [.. Directory.EnumerateFiles(root, "*.nfproj", SearchOption.AllDirectories).SelectMany(BuildOf)];
    }

    /// <summary>The existing device builds (programs, libraries and test assemblies), each with its project.</summary>
    public IReadOnlyList<(string Project, string Path)> Builds { get; }

    /// <summary>The test projects, by name.</summary>
    public IEnumerable<(string Project, string Path)> Tests => Builds.Where(b => IsTest(b.Path)).OrderBy(b => b.Project, StringComparer.Ordinal);

    /// <summary>An assembly with everything that it refers to, in the order of loading: the lowest first, the assembly itself
    /// last.</summary>
    /// <exception cref="DeviceRunException">One of them is not found.</exception>
    public IReadOnlyList<string> Closure(string path)
    {
        var order = new List<string>();
        Add(path, order, []);
        return order;
    }

    /// <summary>The path of an assembly that is not part of the checkout.</summary>
    /// <exception cref="DeviceRunException">It is not found.</exception>
    public string Find(string name, string neededBy)
    {
        string? build = Builds.Where(b => !IsTest(b.Path) && Path.GetFileNameWithoutExtension(b.Path) == name).Select(b => b.Path).FirstOrDefault();
        return build ?? _folders.SelectMany(folder => (string[])[Path.Combine(folder, name + ".dll"), Path.Combine(folder, name + ".exe")])
            .FirstOrDefault(File.Exists)
            ?? throw new DeviceRunException($"{name}, which {neededBy} refers to, is nowhere. It is in the NuGet package "
                + (name == "mscorlib" ? "nanoFramework.CoreLibrary" : name.Contains("Launcher") ? "nanoFramework.TestFramework" : "nanoFramework." + name.Replace("nanoFramework.", ""))
                + ": restore it, or give the folder that has its .dll and .pe with --lib. https://docs.nanoframework.net/content/unit-test/index.html");
    }

    private void Add(string path, List<string> order, HashSet<string> seen)
    {
        if (!seen.Add(path))
        {
            return;
        }
        foreach (string name in ReferencesOf(path))
        {
            Add(Find(name, Path.GetFileName(path)), order, seen);
        }
        order.Add(path);
    }

    private static IEnumerable<string> ReferencesOf(string path)
    {
        try
        {
            using var module = ModuleDefinition.ReadModule(path);
            return [.. module.AssemblyReferences.Select(reference => reference.Name)];
        }
        catch (BadImageFormatException)
        {
            throw new DeviceRunException($"{path} is no .NET assembly");
        }
    }

    private static bool IsTest(string path) => Path.GetFileNameWithoutExtension(path) == TestAssembly;

    private static IEnumerable<string> LibrariesIn(string packages, string pattern) => !Directory.Exists(packages)
        ? []
        // nanoFramework's tools put packages into NAME.VERSION/lib, NuGet's into NAME/VERSION/lib; the newest version first.
        : Directory.EnumerateDirectories(packages, pattern).Order(StringComparer.OrdinalIgnoreCase).SelectMany(package =>
            Directory.EnumerateDirectories(package).OrderByDescending(VersionOf).Select(version => Path.Combine(version, "lib"))
                .Prepend(Path.Combine(package, "lib")));

    private static Version VersionOf(string folder) => Version.TryParse(Path.GetFileName(folder).Split('-')[0], out Version? version) ? version : new Version(0, 0);

    private IEnumerable<(string Project, string Path)> BuildOf(string project)
    {
        string folder = Path.Combine(Path.GetDirectoryName(project)!, "bin", "device", _configuration);
        // The project's own assembly is the one that also exists in obj; beside it lie its references.
        return !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".dll" or ".exe")
            .Where(file => File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "obj", "device", _configuration, Path.GetFileName(file))))
            .Select(file => (Path.GetFileNameWithoutExtension(project), file));
    }
}
