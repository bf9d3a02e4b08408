using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carveout.Diagnostics;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Presentation;

/// <summary>A run's result in words and as JSON.</summary>
internal static class PlayText
{
    /// <summary>The setting, and every zone at the end: what a live view shows already.</summary>
    public static string State(PlayRun run, PlayOptions options, PlayResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(Setting(options));
        foreach (ZoneState zone in result.Zones)
        {
            text.AppendLine($"{zone.Name,-8} {SizeText.Of(zone.FreeBytes),10} free, largest {SizeText.Of(zone.LargestFreeBytes),9}, blocks per order "
                + string.Join(' ', zone.FreeBlocksPerOrder));
        }
        return text.AppendLine($"owners   {ProcText.TopOwners(run.Allocator)}").ToString();
    }

    /// <summary>How it ended; the last line says whether the movie lived, and if not, why.</summary>
    public static string Verdict(PlayResult result)
    {
        var text = new StringBuilder();
        if (result.Refused > 0)
        {
            text.AppendLine($"the application was refused {CountText.Of(result.Refused, "time")}, first after {ClockText.Of(result.FirstRefusedSeconds!.Value)}");
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

    /// <summary>What plays where, in one line.</summary>
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
            + $"({SizeText.Of(movie.FrameSize)}) x {movie.Buffers} buffers, {(double)movie.FramesPerSecond / movie.Seconds:0.##} fps, "
            + $"loops of {movie.LoopSeconds} s, "
            + $"{(options.Movable == 0 ? "" : $"application {options.Movable} % movable, ")}"
            + $"leak {SizeText.Of(options.Application.LeakPerLoop)} a loop, {options.Hours} h, seed {options.Seed}");
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
