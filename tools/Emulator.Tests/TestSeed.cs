using System.Globalization;

namespace Carveout.Emulator.Tests;

/// <summary>The seed of a random test: a fixed one, so that main does not turn red by chance, or the one in <c>CARVEOUT_SEED</c>, decimal
/// or hexadecimal with 0x; and by how much such tests are longer than usual.</summary>
internal static class TestSeed
{
    /// <summary>The environment variable that replaces every seed.</summary>
    public const string Variable = "CARVEOUT_SEED";

    /// <summary>The environment variable that multiplies the length of every random test.</summary>
    public const string IterationsVariable = "CARVEOUT_ITERATIONS";

    /// <summary>The environment variable for how long every reader of files is given made-up ones, at least.</summary>
    public const string SecondsVariable = "CARVEOUT_SECONDS";

    /// <summary>How long: 0, or what the environment asks for, up to a day.</summary>
    public static int Seconds
    {
        get
        {
            string? given = Environment.GetEnvironmentVariable(SecondsVariable);
            return string.IsNullOrEmpty(given) ? 0 : (int)Math.Min(Number(given), 86_400);
        }
    }

    /// <summary>The factor: 1, or what the environment asks for, up to 100,000.</summary>
    public static int Iterations
    {
        get
        {
            string? given = Environment.GetEnvironmentVariable(IterationsVariable);
            return string.IsNullOrEmpty(given) ? 1 : (int)Math.Clamp(Number(given), 1, 100_000);
        }
    }

    /// <summary>Whether tests run in CI, which has all tools.</summary>
    public static bool IsInCi { get; } = Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Whether tests write what they would compare.</summary>
    public static bool IsRecording { get; } = Environment.GetEnvironmentVariable("CARVEOUT_RECORD") == "1";

    /// <summary>Whether tests have their whole length: in CI, where something is recorded, and where the environment says how long they are to be.</summary>
    /// <remarks>Otherwise they are as long as it takes to find a defect that somebody has just made.</remarks>
    public static bool IsWhole { get; } = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(IterationsVariable))
        || IsInCi || IsRecording;

    /// <summary>Of so many runs that a test can make, how many it makes: the first ones, and all where tests have their whole length.</summary>
    /// <param name="all">All that there are.</param>
    /// <param name="usual">How many of them otherwise.</param>
    public static int Of(int all, int usual) => IsWhole ? all : Math.Min(all, usual);

    /// <summary>The length of a random test: so many steps times <see cref="Iterations"/>, and a third of it where tests do not have their whole
    /// length.</summary>
    public static int Steps(int count) => IsWhole ? (int)Math.Min(int.MaxValue, (long)count * Iterations) : Math.Max(1, count / 3);

    /// <summary>The seed to use and to print.</summary>
    public static ulong Or(ulong standard)
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(given) ? standard : Number(given);
    }

    /// <summary>A number as on a command line: decimal, or hexadecimal with 0x.</summary>
    public static ulong Number(string text) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        : ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
