using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Scenario;
using Spectre.Console;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes a run's result in words and as JSON.</summary>
internal static class PlayText
{
    /// <summary>The setting, and every zone at the end, which a live view already shows.</summary>
    public static string State(PlayRun run, PlayOptions options, PlayResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(Setting(options));
        foreach (ZoneState zone in result.Zones)
        {
            text.AppendLine($"{zone.Name,-10} {SizeText.Of(zone.FreeBytes),7} free, largest block {SizeText.Of(zone.LargestFreeBytes)}");
            text.AppendLine($"{"",19}free blocks of 1 2 4 8 ... pages: {string.Join(' ', zone.FreeBlocksPerOrder)}");
        }
        if (PoolOf(run) is { } pool)
        {
            text.AppendLine($"{pool.Name,-10} {SizeText.Of(pool.Size),7} reserved at boot, never free");
        }
        text.AppendLine($"owners     {run.Owners}");
        text.AppendLine(MomentOf(run));
        foreach (string word in Words(run))
        {
            text.AppendLine(word);
        }
        return text.ToString();
    }

    /// <summary>The board's reservation for frames; null with another policy.</summary>
    public static Reservation? PoolOf(PlayRun run) => run.Map.FindReservation(BoardCatalog.PoolName);

    /// <summary>The moment that the state of zones and owners belongs to.</summary>
    public static string MomentOf(PlayRun run) => run.HasDied
        ? $"zones and owners as they stood when the movie died, after {ClockText.Of(run.Seconds)}"
        : $"zones and owners as they stand after {ClockText.Of(run.Seconds)}";

    /// <summary>Explains the words of the table.</summary>
    public static IEnumerable<string> Words(PlayRun run)
    {
        yield return "zone: pages that are given out by themselves; DMA: those that devices reach";
        yield return "largest block: the most that one request can get";
        if (PoolOf(run) is { } pool)
        {
            yield return $"{pool.Name}: the movie's own, in no zone";
        }
    }

    /// <summary>The verdict; its last line says whether the movie played on and, if not, why.</summary>
    public static string Verdict(PlayResult result)
    {
        var text = new StringBuilder();
        if (result.Refused > 0)
        {
            text.AppendLine($"the application was refused {CountText.Of(result.Refused, "time")}, first after {ClockText.Of(result.FirstRefusedSeconds!.Value)}");
            if (result.LastRefusedBytes > 0)
            {
                text.AppendLine($"the last of them wanted {SizeText.Of(result.LastRefusedBytes)}; at the end "
                    + (result.WhyRefused.Count == 0 ? "there is a place for that again" : "there is still no place for that:"));
            }
            foreach (string reason in result.WhyRefused)
            {
                // The line above has the size already.
                text.AppendLine($"  {reason.Replace($", wanted {SizeText.Of(result.LastRefusedBytes)};", ";")}");
            }
            if (result.WhyRefused.Any(reason => reason.Contains("kept by", StringComparison.Ordinal)))
            {
                text.AppendLine("watermark, lowmem_reserve: what a zone keeps from such requests for worse times");
            }
        }
        if (result.Moves is { } moves)
        {
            text.AppendLine($"compacted {moves}");
        }
        if (result.Pixels is { } pixels)
        {
            text.Append(PixelText.Of(result, pixels));
        }
        string played = $"played {CountText.Of(result.Loops, "loop")}, {CountText.Of(result.Frames, "frame")}, ";
        if (result.FailedAtLoop is null)
        {
            return text.AppendLine(played + "no failure").ToString();
        }
        text.AppendLine().Append(result.Report).AppendLine();
        return text.AppendLine($"{played}failed at loop {result.FailedAtLoop} after {ClockText.Of(result.FailedAtSeconds!.Value)}: {result.Why}").ToString();
    }

    /// <summary>Separate lines, which a terminal wraps between words.</summary>
    public static Rows Lines(string text) => new(text.TrimEnd().ReplaceLineEndings("\n").Split('\n').Select(line => new Text(line)));

    /// <summary>The documented keys: loops, frames, failedAtLoop, failedAtSeconds, seed, zones; both failed… are null where the movie lived.
    /// With pixels there is the key pixels, with movable memory moves {stalls, successes, failures, pagesMigrated, longestStop}.</summary>
    public static string Json(PlayResult result)
    {
        JsonNode text = JsonSerializer.SerializeToNode(
            new
            {
                result.Loops, result.Frames, result.FailedAtLoop, result.FailedAtSeconds, result.Seed, result.Zones, result.Why,
                RefusedToApplication = result.Refused,
            },
            JsonStyle.Results)!;
        if (result.Pixels is not null)
        {
            text["pixels"] = JsonSerializer.SerializeToNode(result.Pixels, JsonStyle.Results);
        }
        if (result.Moves is not null)
        {
            text["moves"] = JsonSerializer.SerializeToNode(result.Moves, JsonStyle.Results);
        }
        return text.ToJsonString(JsonStyle.Results) + Environment.NewLine;
    }

    /// <summary>The setting in one line.</summary>
    public static string Setting(PlayOptions options)
    {
        MovieSpec movie = options.Movie;
        if (options.Plan is { } plan)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{options.Board}, a plan of {SizeText.Of(plan.ReservationBytes)}: {string.Join(", ", plan.Streams)}, "
                + $"loops of {movie.LoopSeconds} s, leak {SizeText.Of(options.Application.LeakPerLoop)} a loop, "
                + $"{options.Hours} h, seed {options.Seed}");
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"{options.Board}, {Name(options.Allocator)}, {Name(options.Zones)}, {Name(options.Tail)}: {movie.Width}x{movie.Height} "
            + $"({SizeText.Of(options.FrameSize)}) x {movie.Buffers} buffers, {(double)movie.FramesPerSecond / movie.Seconds:0.##} fps, "
            + $"loops of {movie.LoopSeconds} s, "
            + $"{(options.Movable == 0 ? "" : $"application {options.Movable} % movable, ")}"
            + $"leak {SizeText.Of(options.Application.LeakPerLoop)} a loop, {options.Hours} h, seed {options.Seed}");
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
