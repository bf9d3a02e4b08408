using System.Reflection;

namespace Carveout.DeviceSurface.Tests;

/// <summary>Paths, as MSBuild knew them when it built the tests.</summary>
internal static class Locations
{
    public static string Repository { get; } = Metadata("Repository");

    /// <summary>The folder of the assemblies that device code is compiled against.</summary>
    public static string Surface { get; } = Metadata("Surface");

    /// <summary>The folder of the SDK's own analyzers.</summary>
    public static string Analyzers { get; } = Metadata("Analyzers");

    public static string Probes { get; } = Path.Combine(Repository, "tools", "DeviceSurface.Tests", "probes");

    /// <summary>The command line, carveout.</summary>
    public static string Emulator { get; } = Metadata("Emulator");

    public static string Dotnet { get; } = Metadata("Dotnet") is { Length: > 0 } path ? path : "dotnet";

    private static string Metadata(string key) => typeof(Locations).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == key).Value!;
}
