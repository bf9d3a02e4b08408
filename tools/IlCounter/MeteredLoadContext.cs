using System.Reflection;
using System.Runtime.Loader;

namespace Carveout.IlCounter;

/// <summary>Keeps instrumented assemblies apart from the originals with the same names.</summary>
/// <remarks>
/// All other assemblies (the framework, packages) come from the default context. The context lives as long as the process: if it were
/// collectible, every access to a static field would be slower, including the counts.
/// </remarks>
internal sealed class MeteredLoadContext : AssemblyLoadContext
{
    private readonly Dictionary<string, byte[]> _images;

    public MeteredLoadContext(Dictionary<string, byte[]> images)
        : base("IL counting") => _images = images;

    /// <summary>Loads every image.</summary>
    public IReadOnlyList<Assembly> LoadAll() => _images.Keys.Select(name => LoadFromAssemblyName(new AssemblyName(name))).ToList();

    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name is { } name && _images.TryGetValue(name, out byte[]? image) ? LoadFromStream(new MemoryStream(image)) : null;
}
