using System.Reflection;

namespace Carveout.DeviceSurface.Tests;

/// <summary>The packed libraries, as the surface check built them before the tests.</summary>
internal static class DeviceLibraries
{
    public static IReadOnlyList<string> Paths { get; } = [.. typeof(DeviceLibraries).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(a => a.Key == "DeviceLibrary")
        .Select(a => a.Value!)];

    public static IEnumerable<string> Names => Paths.Select(p => Path.GetFileNameWithoutExtension(p)!);

    public static string PathOf(string name) => Paths.Single(p => Path.GetFileNameWithoutExtension(p) == name);
}
