using Carveout.Diagnostics;
using Carveout.Emulator.Diagnosis;

namespace Carveout.Emulator.Timeline;

/// <summary>Writes the dumps of logs as a timeline: each file's areas as counters, refused requests as instants.</summary>
/// <remarks>Time begins with a file's first dump. Dumps without times are a second apart.</remarks>
internal static class DiagnosisTimeline
{
    private const double Microseconds = 1_000_000;

    /// <summary>Writes all dumps.</summary>
    public static void Write(DumpStore store, TimelineOutput output)
    {
        var processes = new Dictionary<string, (int Number, double Start)>();
        foreach (IReadOnlyList<Dump> dumps in store.Snapshots)
        {
            foreach (AreaSeries series in AreaSeries.Of(dumps))
            {
                (int process, double start) = ProcessOf(dumps[0]);
                double[] places = series.Places;
                for (int i = 0; i < series.Count; i++)
                {
                    Say(output, process, (long)((places[i] - (series.IsTimed ? start : 0)) * Microseconds), series.Areas[i]);
                }
            }
        }
        foreach (Dump dump in store.Events)
        {
            (int process, double start) = ProcessOf(dump);
            long time = dump.Seconds is double seconds ? (long)((seconds - start) * Microseconds) : 0;
            foreach (MemoryArea area in dump.Areas)
            {
                Say(output, process, time, area);
            }
            string what = dump.Request is { } request
                ? (request.Bytes is long bytes and > 0 ? $"{SizeText.Of(bytes)} refused" : "a request refused") + (request.Who.Length > 0 ? $" to {request.Who}" : "")
                : dump.Format;
            output.Instant(process, time, "memory", what);
        }

        (int Number, double Start) ProcessOf(Dump dump)
        {
            string file = dump.Place.File;
            if (!processes.TryGetValue(file, out (int Number, double Start) process))
            {
                double start = store.Snapshots.SelectMany(dumps => dumps).Concat(store.Events).Where(other => other.Place.File == file)
                    .Min(other => other.Seconds) ?? 0;
                processes.Add(file, process = (output.Process(file), start));
            }
            return process;
        }
    }

    private static void Say(TimelineOutput output, int process, long time, MemoryArea area)
    {
        if (area.Free is long free)
        {
            output.Counter(process, time, $"{area.Name} free", "bytes", free);
        }
        if ((area.Largest ?? area.Blocks?.Largest) is long largest)
        {
            output.Counter(process, time, $"{area.Name} largest free", "bytes", largest);
        }
        for (int order = 0; order < area.Blocks?.Counts.Count; order++)
        {
            output.Counter(process, time, string.Create(CultureInfo.InvariantCulture, $"{area.Name} free blocks of order {order}"), "blocks",
                area.Blocks.Counts[order]);
        }
    }
}
