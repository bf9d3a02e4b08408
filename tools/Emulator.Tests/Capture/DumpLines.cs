using Carveout.Diagnostics;

namespace Carveout.Emulator.Tests.Capture;

/// <summary>Lines of a dump as a device writes them.</summary>
internal static class DumpLines
{
    /// <summary>Adds the mark and the checksum to a text.</summary>
    public static string Line(string text) => $"{TraceText.Mark}{text}{TraceText.SumMark}{TraceText.Checksum(text):x4}";
}
