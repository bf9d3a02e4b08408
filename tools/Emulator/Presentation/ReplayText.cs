using System.Text.Json;
using Carveout.Diagnostics;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Presentation;

/// <summary>A replay's result in words and as JSON.</summary>
internal static class ReplayText
{
    /// <summary>A table of the result.</summary>
    public static string Summary(string name, ReplayOptions options, ReplayResult result)
    {
        string failed = result.FirstFailed is int first
            ? $"operation {first} (line {result.FailedRequest.Line}, {SizeText.Of(result.FailedRequest.Size)}"
                + $"{(result.FirstFailedLoop is int loop ? $", loop {loop}" : "")})"
            : "none";
        IEnumerable<string> lines =
        [
            $"{name}: {SizeText.Of(options.ArenaSize)} in {Setting(options)}",
            $"allocations             {result.Allocations}",
            string.Create(CultureInfo.InvariantCulture, $"succeeded               {result.Succeeded} ({result.SuccessRate * 100:0.000} %)"),
            $"largest free block      min {SizeText.Of(result.LargestMin)}, mean {SizeText.Of((long)result.LargestMean)}, "
                + $"last {SizeText.Of(result.LargestLast)}",
            $"first failed operation  {failed}",
            $"metadata                {SizeText.Of(result.MetadataSize)}",
            .. SlabLines(result.Slabs),
            .. MoveLines(result.Moves),
            "no two live blocks overlapped",
        ];
        return string.Join(Environment.NewLine, lines) + Environment.NewLine;
    }

    /// <summary>How a trace is replayed, from the size of the pages on.</summary>
    public static string Setting(ReplayOptions options) =>
        $"pages of {SizeText.Of(options.PageSize)}, {options.Allocator.ToString().ToLowerInvariant()}, {options.Tail.ToString().ToLowerInvariant()}"
            + (options.Through == AllocationPath.Kmalloc ? $", through kmalloc, {(options.SlabSizes ?? SlabSizeSet.Fine).Name} sizes" : "")
            + (options.Movable != 0 ? $", {options.Movable} % movable" : "");

    /// <summary>The documented keys: allocations, succeeded, successRate, largestFreeBlock {min, mean, last} in bytes, firstFailedOperation
    /// (counted from 1, null where none failed), metadataSize in bytes, slabs (null where none serves) {caches, cacheMetadataSize, bytes, asked,
    /// rounding, free}, in bytes after the last operation, moves (null where nothing is movable) {stalls, successes, failures,
    /// pagesMigrated, longestStop}.</summary>
    public static string Json(ReplayResult result) =>
        JsonSerializer.Serialize(
            new
            {
                result.Allocations, result.Succeeded, result.SuccessRate,
                LargestFreeBlock = new { Min = result.LargestMin, Mean = result.LargestMean, Last = result.LargestLast },
                FirstFailedOperation = result.FirstFailed, result.MetadataSize, result.Slabs, result.Moves,
            },
            JsonStyle.Results) + Environment.NewLine;

    private static IEnumerable<string> MoveLines(CompactionUse? use)
    {
        if (use is not null)
        {
            yield return $"compacted               {use}";
        }
    }

    private static IEnumerable<string> SlabLines(SlabUse? use)
    {
        if (use is not null)
        {
            yield return $"caches                  {use.Caches}, {SizeText.Of(use.CacheMetadataSize)} of the metadata";
            yield return $"slabs at the end        {SizeText.Of(use.Bytes)}: asked for {Share(use.Asked)}, rounding {Share(use.Rounding)}, "
                + $"free or left over {Share(use.Free)}";
        }

        string Share(long bytes) =>
            string.Create(CultureInfo.InvariantCulture, $"{SizeText.Of(bytes)} ({100.0 * bytes / Math.Max(1, use.Bytes):0.0} %)");
    }
}
