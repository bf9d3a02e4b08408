using System.Reflection;

namespace Carveout.BareMetal.Tests;

/// <summary>Paths, as MSBuild knew them when it built the tests.</summary>
internal static class Locations
{
    public static string BareMetal { get; } = Metadata("BareMetal");

    public static string Repository { get; } = Path.GetFullPath(Path.Combine(BareMetal, "..", ".."));

    public static string BareMetalPage { get; } = Path.Combine(Repository, "docs", "bare-metal.md");

    public static string CostsPage { get; } = Path.Combine(Repository, "docs", "costs.md");

    public static string Machines { get; } = Path.Combine(BareMetal, "Machines");

    public static string Dotnet { get; } = Metadata("Dotnet") is { Length: > 0 } path ? path : "dotnet";

    private static string Metadata(string key) => typeof(Locations).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == key).Value!;
}
