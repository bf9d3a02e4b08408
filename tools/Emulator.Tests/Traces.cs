using System.Runtime.CompilerServices;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Tests;

/// <summary>The traces that ship in examples/traces.</summary>
internal static class Traces
{
    public static string PathOf(string name) => Path.Combine(Repository, "examples", "traces", name + ".trace.gz");

    public static TraceFile Read(string name) => TraceFile.Read(PathOf(name));

    /// <summary>The checkout that this test was compiled in.</summary>
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
