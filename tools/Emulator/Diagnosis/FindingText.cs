using System.Globalization;
using Carveout.Diagnostics;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Writes numbers of findings as text.</summary>
internal static class FindingText
{
    /// <summary>The fragmentation index of each order that could not be served, from the smallest: above 0.5 it means fragmentation, below
    /// it shortage.</summary>
    public static string Indices(FreeBlocks blocks)
    {
        var words = new List<string>();
        for (int order = blocks.LargestOrder + 1; order < blocks.Counts.Count; order++)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"{SizeText.Of(blocks.BlockSize(order))} {blocks.Index(order) / 1000.0:0.000}"));
        }
        return words.Count == 0 ? "of every order: it would succeed" : string.Join(", ", words);
    }

    /// <summary>A span of the dumps' clock as h:mm:ss, or a number of dumps if they have no times.</summary>
    public static string Span(double places, bool isTimed)
    {
        if (!isTimed)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{places:0.#} dumps");
        }
        return places < 120 ? string.Create(CultureInfo.InvariantCulture, $"{places:0.#} s")
            : places < 100 * 3600.0 ? string.Create(CultureInfo.InvariantCulture, $"{(long)places / 3600}:{(long)places / 60 % 60:00}:{(long)places % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{places / 86400:0.#} days");
    }

    /// <summary>Bytes that may be a fraction or negative.</summary>
    public static string Bytes(double bytes) => (bytes < 0 ? "-" : "") + SizeText.Of((long)Math.Min(Math.Abs(Math.Round(bytes)), long.MaxValue / 2));
}
