using System.Globalization;

namespace Carveout.Emulator.Tests;

/// <summary>The seed of a random test: a fixed one, so that main does not turn red by chance, or the one in <c>CARVEOUT_SEED</c>.</summary>
internal static class TestSeed
{
    /// <summary>The seed to use and to print.</summary>
    public static ulong Or(ulong standard)
    {
        string? given = Environment.GetEnvironmentVariable("CARVEOUT_SEED");
        return given is null ? standard : ulong.Parse(given, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
