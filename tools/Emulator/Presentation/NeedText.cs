using System.Globalization;
using System.Text.Json;
using Carveout.Diagnostics;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Presentation;

/// <summary>What <c>carveout replay --need</c> prints.</summary>
internal static class NeedText
{
    /// <summary>A table of the arenas that were found.</summary>
    public static string Summary(string name, ReplayOptions options, ReplayNeed need)
    {
        (double least, double mean, double sure) = need.Times;
        ArenaSearch arenas = need.Arenas;
        IEnumerable<string> lines =
        [
            $"{name}: {ReplayText.Setting(options)}",
            $"most bytes live         {SizeText.Of(need.PeakLive)}",
            string.Create(CultureInfo.InvariantCulture, $"need                    {mean:0.000} times as much in the mean ({least:0.000}-{sure:0.000})"),
            $"arenas                  no smaller one than {CountText.Of(arenas.Least!.Value, "page")} serves it, each from {arenas.Safe} on does, "
                + $"{arenas.Mean} in the mean",
            $"tried                   {CountText.Of(arenas.Tried, "arena")}, each a page larger, until {ReplayNeed.InARow} in a row served it",
        ];
        return string.Join(Environment.NewLine, lines) + Environment.NewLine;
    }

    /// <summary>The documented keys: peakLive in bytes, need {least, mean, sure} in times of it, pages {least, mean, sure}, pageSize, tried.</summary>
    public static string Json(ReplayNeed need)
    {
        (double least, double mean, double sure) = need.Times;
        return JsonSerializer.Serialize(
            new
            {
                need.PeakLive, Need = new { Least = least, Mean = mean, Sure = sure },
                Pages = new { need.Arenas.Least, need.Arenas.Mean, Sure = need.Arenas.Safe }, need.PageSize, need.Arenas.Tried,
            },
            JsonStyle.Results) + Environment.NewLine;
    }
}
