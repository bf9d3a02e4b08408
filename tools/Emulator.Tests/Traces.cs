using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Tests;

/// <summary>The traces that ship in examples/traces.</summary>
internal static class Traces
{
    public static string PathOf(string name) => Path.Combine(Checkout.Folder, "examples", "traces", name + ".trace.gz");

    public static TraceFile Read(string name) => TraceFile.Read(PathOf(name));
}
