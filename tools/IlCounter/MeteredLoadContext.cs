using System.Reflection;
using System.Runtime.Loader;

namespace Carveout.IlCounter;

/// <summary>Holds instrumented assemblies apart from the originals of the same names.</summary>
/// <remarks>
/// What is not among them (the framework, packages) comes from the default context. The context is not collectible, which would
/// slow every access to a static field, the counts among them: it lives as long as the process.
/// </remarks>
sealed class MeteredLoadContext : AssemblyLoadContext
{
    readonly Dictionary<string, byte[]> _images;

    public MeteredLoadContext(Dictionary<string, byte[]> images)
        : base("IL counting") => _images = images;

    /// <summary>Loads every image.</summary>
    public IReadOnlyList<Assembly> LoadAll() => _images.Keys.Select(name => LoadFromAssemblyName(new AssemblyName(name))).ToList();

    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name is { } name && _images.TryGetValue(name, out byte[]? image) ? LoadFromStream(new MemoryStream(image)) : null;
}
