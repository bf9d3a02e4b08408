using System.Reflection;

namespace Carveout.DeviceSurface.Tests;

/// <summary>Where things are, as MSBuild knew when it built the tests.</summary>
internal static class Locations
{
    public static string Repository { get; } = Metadata("Repository");

    public static string Listings { get; } = Path.Combine(Repository, "tools", "DeviceSurface", "api");

    public static string Probes { get; } = Path.Combine(Repository, "tools", "DeviceSurface.Tests", "probes");

    public static string CSharpCompiler { get; } = Metadata("CSharpCompiler");

    public static string Dotnet { get; } = Metadata("Dotnet") is { Length: > 0 } path ? path : "dotnet";

    private static string Metadata(string key) => typeof(Locations).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == key).Value!;
}
