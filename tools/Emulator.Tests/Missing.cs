using System.Diagnostics.CodeAnalysis;

namespace Carveout.Emulator.Tests;

/// <summary>A program that a test needs and this machine does not have.</summary>
internal static class Missing
{
    /// <summary>Ends the test: as inconclusive or, in CI, which installs everything, with a failure.</summary>
    /// <param name="why">What is missing.</param>
    /// <param name="packages">Its Debian packages.</param>
    /// <param name="untried">What the test did not check, in a sentence.</param>
    [DoesNotReturn]
    public static void Skip(string why, string packages, string untried)
    {
        Assert.IsFalse(TestSeed.IsInCi, $"CI installs {packages}, and still {why}");
        Assert.Inconclusive($"SKIPPED: {why} (Debian: apt-get install {packages}), so {untried}");
    }
}
