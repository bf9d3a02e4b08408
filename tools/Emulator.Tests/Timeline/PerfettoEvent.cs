using System.IO.Compression;
using System.Text.Json;

namespace Carveout.Emulator.Tests.Timeline;

/// <summary>An event of Chrome's trace event format, as a viewer reads it. Anything outside of the format fails.</summary>
internal sealed record PerfettoEvent(string Phase, int Process, long Time, string Name, string? Id, long Duration, long? Value, string? Track, string? Argument)
{
    /// <summary>All events of a file.</summary>
    public static List<PerfettoEvent> Read(string path)
    {
        using Stream file = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(File.OpenRead(path), CompressionMode.Decompress) : File.OpenRead(path);
        using JsonDocument document = JsonDocument.Parse(file);
        var events = new List<PerfettoEvent>();
        var tracks = new Dictionary<(int, int), string>();
        foreach (JsonElement said in document.RootElement.GetProperty("traceEvents").EnumerateArray())
        {
            string phase = said.GetProperty("ph").GetString()!, name = said.GetProperty("name").GetString()!;
            int process = said.GetProperty("pid").GetInt32();
            Assert.IsTrue(process > 0 && phase is "M" or "C" or "b" or "e" or "X" or "i", phase);
            long time = phase == "M" ? 0 : said.GetProperty("ts").GetInt64();
            Assert.IsGreaterThanOrEqualTo(0, time);
            JsonProperty? argument = said.TryGetProperty("args", out JsonElement arguments) ? arguments.EnumerateObject().Single() : null;
            string? track = null;
            if (phase == "M" && name == "thread_name")
            {
                tracks.Add((process, said.GetProperty("tid").GetInt32()), argument!.Value.Value.GetString()!);
            }
            else if (phase is "X" or "i")
            {
                track = tracks[(process, said.GetProperty("tid").GetInt32())];
            }
            events.Add(new PerfettoEvent(phase, process, time, name, phase is "b" or "e" ? said.GetProperty("cat").GetString() + said.GetProperty("id").GetString() : null,
                phase == "X" ? said.GetProperty("dur").GetInt64() : 0, phase == "C" ? argument!.Value.Value.GetInt64() : null, track,
                phase == "M" ? argument!.Value.Value.GetString() : null));
        }
        return events;
    }
}

/// <summary>Questions of tests about events.</summary>
internal static class PerfettoEvents
{
    /// <summary>The values of a counter, in order.</summary>
    public static long[] Values(this IEnumerable<PerfettoEvent> events, string counter) =>
        [.. events.Where(e => e.Phase == "C" && e.Name == counter).Select(e => e.Value!.Value)];
}
