namespace Carveout.Emulator.Tests.Properties;

/// <summary>Zone sizes at which a map has an edge: one page, a word, a summary word, the third level, the most pages of a map.</summary>
internal static class ZoneSizes
{
    /// <summary>Up to 2048 pages <see cref="FreeBlockMap"/> has two levels, beyond it three.</summary>
    private static readonly int[] s_common =
        [1, 2, 3, 5, 7, 8, 16, 31, 32, 33, 63, 64, 65, 191, 1000, 1024, 1025, 2047, 2048, 2049, 4096, 5000, 30720];

    public static IReadOnlyList<int> OfBuddies { get; } = [.. s_common, 32768, PageMap.MaxPages(PageMapKind.FreeBlocks)];

    /// <summary>Sizes for buddies, each without hot slots, with the usual ones, and with one for every order.</summary>
    public static IEnumerable<object[]> BuddyCases =>
        from pages in OfBuddies
        from hotOrders in new[] { 0, PageMap.DefaultHotOrders, PageMap.MaxPageOrder + 1 }
        select new object[] { pages, hotOrders };

    public static IReadOnlyList<int> OfRuns { get; } = [.. s_common, PageMap.MaxPages(PageMapKind.Runs)];

    /// <summary>Steps between validations, whose cost grows with the zone.</summary>
    public static int Interval(int pages) => pages <= 300 ? 20 : pages <= 5000 ? 100 : 1000;

    /// <summary>A share of a test's steps, since in large zones the model is slow.</summary>
    public static int Share(int steps, int pages) => pages <= 50_000 ? steps : steps / 4;
}
