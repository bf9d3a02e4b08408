using System.Globalization;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Tests.Investigation;

/// <summary>How often the right owner is accused or called undecided, and nobody is accused if nobody leaks, in generated traces whose leaks are
/// known. The table of docs/trace-format.md is the result for the fixed seeds. With another <c>CARVEOUT_SEED</c>, or <c>CARVEOUT_ITERATIONS</c> times as many
/// traces, the result is only printed. Where tests do not have their whole length it is every third row.</summary>
[TestClass]
public sealed class LeakAccuracyTests
{
    private const int Page = 4096;

    private static readonly double[] s_rates = [0.01, 0.02, 0.05, 0.1, 0.3];
    private static readonly double[] s_shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Leaks_are_named_and_nobody_else_as_often_as_the_document_says()
    {
        ulong first = TestSeed.Or(1);
        int seeds = 3 * TestSeed.Iterations;
        TestContext.WriteLine($"seeds {first} to {first + (ulong)seeds - 1}");
        string[] rows = [.. Kinds().Where((_, number) => TestSeed.IsWhole || number % 3 == 1).Select(kind => Row(kind.Kind, kind.Leaks, kind.Makers, first, seeds))];
        string table = string.Join('\n', rows);
        TestContext.WriteLine(table);
        if (first == 1 && TestSeed.Iterations == 1)
        {
            string document = File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "trace-format.md"));
            Assert.IsNotEmpty(rows);
            foreach (string row in TestSeed.IsWhole ? [table] : rows)
            {
                Assert.Contains(row, document, table);
            }
        }
    }

    private string Row(string kind, string? leaks, Func<LeakTraces, TraceFile>[] makers, ulong first, int seeds)
    {
        int traces = 0, accused = 0, mayLeak = 0, wrong = 0, wrongMayLeak = 0;
        foreach (bool isTimed in new[] { true, false })
        {
            for (ulong seed = first; seed < first + (ulong)seeds; seed++)
            {
                for (int i = 0; i < makers.Length; i++)
                {
                    var ledger = new TraceLedger(makers[i](new LeakTraces((seed * 1000) + (ulong)i, isTimed)), Page);
                    string[] suspects = Names(ledger, ledger.Suspects), undecided = Names(ledger, ledger.Undecided);
                    bool isAccused = suspects.Contains(leaks), isUndecided = undecided.Contains(leaks), isWrong = suspects.Any(name => name != leaks);
                    traces++;
                    accused += isAccused ? 1 : 0;
                    mayLeak += isUndecided ? 1 : 0;
                    wrong += isWrong ? 1 : 0;
                    wrongMayLeak += undecided.Any(name => name != leaks) ? 1 : 0;
                    if (isWrong || (leaks is not null && !isAccused && !isUndecided))
                    {
                        TestContext.WriteLine($"{kind}, seed {seed}, number {i}, {(isTimed ? "timed" : "not timed")}: accused: {string.Join(", ", suspects)}");
                    }
                }
            }
        }
        string leak = leaks is null ? "– | – | –" : string.Create(CultureInfo.InvariantCulture, $"{accused} | {mayLeak} | {traces - accused - mayLeak}");
        return string.Create(CultureInfo.InvariantCulture, $"| {kind} | {traces} | {leak} | {wrong} | {wrongMayLeak} |");

        static string[] Names(TraceLedger ledger, IReadOnlyList<LeakSuspect> found) => [.. found.Select(suspect => ledger.Owners.Names[suspect.Owner])];
    }

    private static IEnumerable<(string Kind, string? Leaks, Func<LeakTraces, TraceFile>[] Makers)> Kinds()
    {
        int[] zones = [.. BoardCatalog.Names().Select(name => (int)Math.Min(EmulatedBoard.Of(name).Main.Size / Page, 8192)).Distinct()];
        foreach (double rate in s_rates)
        {
            int[] pages = [.. zones.Select(zone => (int)(rate * zone)).Where(count => count >= 10)];
            foreach ((string owner, string where) in new[] { ("leak", "an owner of its own"), ("app", "in a churn of the same owner") })
            {
                yield return ($"leak of {100 * rate:0} % of the zone, {where}", owner,
                    [.. pages.Select(count => new Func<LeakTraces, TraceFile>(make => make.Leak(count, owner)))]);
            }
        }
        yield return ("start of 10 to 80 % of the trace", null, Starts(0, 0.8));
        yield return ("start of 90 and 95 % of the trace", null, Starts(0.81, 1));
        yield return ("start alone, 10 to 95 % of the operations", null,
            [.. s_shares.Select(share => new Func<LeakTraces, TraceFile>(make => make.StartAlone(share)))]);
        yield return ("load that rises and falls", null, [.. Enumerable.Repeat(new Func<LeakTraces, TraceFile>(make => make.Season()), 10)]);
        yield return ("cache that fills", null, Caches((make, owner) => make.FillingCache(owner)));
        yield return ("cache that is full and replaces", null, Caches((make, owner) => make.ReplacingCache(owner)));

        static Func<LeakTraces, TraceFile>[] Starts(double least, double most) =>
        [
            .. from share in s_shares where share >= least && share <= most from owner in new[] { "boot", "app" }
               select new Func<LeakTraces, TraceFile>(make => make.Start(share, owner)),
        ];

        static Func<LeakTraces, TraceFile>[] Caches(Func<LeakTraces, string, TraceFile> make) =>
            [.. from owner in new[] { "cache", "app" } from i in Enumerable.Range(0, 5) select new Func<LeakTraces, TraceFile>(traces => make(traces, owner))];
    }
}
