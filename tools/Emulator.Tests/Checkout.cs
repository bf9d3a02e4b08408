using System.Runtime.CompilerServices;

namespace Carveout.Emulator.Tests;

/// <summary>The checkout that this test was compiled in.</summary>
internal static class Checkout
{
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
