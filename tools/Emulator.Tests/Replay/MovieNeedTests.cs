using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Tests.Replay;

/// <summary>What movies need in a map of runs that is told how large a frame is.</summary>
[TestClass]
public sealed class MovieNeedTests
{
    private const int Page = 4096;

    /// <summary>Whether the other maps are measured, too: with more seeds than one.</summary>
    private static readonly bool s_compares = TestSeed.Iterations > 1;

    private static readonly Movie[] s_movies =
    [
        new(20, 64, 4, 3, 60, 4, 1), new(5, 12, 4, 2, 60, 4, 1), new(10, 20, 3, 3, 60, 4, 1), new(38, 150, 3, 4, 60, 5, 1), new(20, 64, 8, 3, 60, 3, 2),
        new(38, 75, 2, 4, 30, 4, 1), new(38, 38, 4, 6, 60, 4, 1), new(75, 225, 3, 8, 40, 5, 1),
    ];

    public TestContext TestContext { get; set; } = null!;

    /// <summary>How much more than the frames and what stays each movie needs at most. Every second of them, or all.</summary>
    public static IEnumerable<object[]> Limits =>
        new[] { 1.01, 1.01, 1.01, 1.012, 1.01, 1.01, 1.025, 1.025 }.Select((most, number) => new object[] { number, most })
            .Where((_, number) => TestSeed.IsWhole || number % 2 == 1);

    /// <summary>With <c>CARVEOUT_ITERATIONS=5</c> five seeds each, and the others beside it: docs/costs.md has that table. The last two are
    /// those whose small blocks are long: among these even the best fit of all loses more than one page of a hundred. Without the lowest of four
    /// equal runs the fourth and the last two need 1.015, 1.026 and 1.033.</summary>
    [TestMethod]
    [DynamicData(nameof(Limits))]
    public void Frames_and_what_stays_do_not_lie_between_each_other(int number, double most)
    {
        Movie movie = s_movies[number];
        ulong seed = TestSeed.Or(0x2044);
        TraceFile[] traces = [.. Enumerable.Range(0, TestSeed.Iterations).Select(i => movie.Trace(seed + (ulong)i))];
        double told = Mean(DmaTail.Exact, movie.Least, null);
        TestContext.WriteLine($"seeds from {seed}; {movie.Name}: told {told:0.000}");
        if (s_compares)
        {
            TestContext.WriteLine($"| {movie.Name} | {told:0.000} | {Mean(DmaTail.Exact, 0, null):0.000} "
                + $"| {Mean(DmaTail.Keep, 1, null):0.000} | {Mean(DmaTail.Exact, movie.Least, pages => new BestFitMap(pages)):0.000} |");
        }
        Assert.IsLessThanOrEqualTo(most, told);

        double Mean(DmaTail tail, int framePages, Func<int, PageMap>? map) => traces.Average(trace => ReplayNeed.Of(trace,
            new ReplayOptions(0, Page, tail, ReplayOptions.DefaultPoolFrom, AllocatorKind.Carveout, false, FramesFrom: framePages * Page), map, _ => { }, default)
            .Times.Mean);
    }
}
