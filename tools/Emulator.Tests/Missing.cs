using System.Diagnostics.CodeAnalysis;

namespace Carveout.Emulator.Tests;

/// <summary>What a test wants to run and this machine does not have.</summary>
internal static class Missing
{
    /// <summary>Ends the test: inconclusive, but in CI, which installs all of it, with a failure.</summary>
    /// <param name="why">What is missing.</param>
    /// <param name="packages">What Debian calls it.</param>
    /// <param name="untried">What the test did not try, in a sentence.</param>
    [DoesNotReturn]
    public static void Skip(string why, string packages, string untried)
    {
        Assert.AreNotEqual("true", Environment.GetEnvironmentVariable("CI"), $"CI installs {packages}, and still {why}");
        Assert.Inconclusive($"SKIPPED: {why} (Debian: apt-get install {packages}), so {untried}");
    }
}
