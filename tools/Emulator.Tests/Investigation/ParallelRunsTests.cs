using Carveout.Emulator.Investigation;

namespace Carveout.Emulator.Tests.Investigation;

/// <summary>Runs are handed out one by one: no run waits for another while a core is free.</summary>
[TestClass]
public sealed class ParallelRunsTests
{
    private const int Runs = 16;

    /// <summary>Whichever run lasts longest, the others are done meanwhile.</summary>
    [TestMethod]
    public void Nothing_waits_behind_a_long_run()
    {
        if (Environment.ProcessorCount == 1)
        {
            Assert.Inconclusive("one core");
        }
        for (int slow = 0; slow < Runs; slow++)
        {
            using var others = new CountdownEvent(Runs - 1);
            bool[] found = ParallelRuns.Of(Runs, (i, _) => i == slow ? others.Wait(TimeSpan.FromSeconds(20)) : others.Signal() || true, _ => { },
                _ => false, CancellationToken.None);
            Assert.IsTrue(found[slow], $"runs waited for run {slow}");
        }
    }

    [TestMethod]
    public void Results_stand_in_the_order_of_the_runs_and_the_share_ends_at_all()
    {
        double share = 0;
        int[] found = ParallelRuns.Of(100, (i, report) => Told(i, report), done => share = done, _ => false, CancellationToken.None);
        Assert.AreSequenceEqual(Enumerable.Range(0, 100).ToArray(), found);
        Assert.AreEqual(1, share, 1e-9);

        static int Told(int i, Action<double> report)
        {
            report(0.5);
            return i;
        }
    }

    [TestMethod]
    public void A_cancelled_investigation_begins_no_further_run()
    {
        using var cancel = new CancellationTokenSource();
        int begun = 0;
        Assert.ThrowsExactly<OperationCanceledException>(() => ParallelRuns.Of(1000, (i, _) =>
        {
            cancel.Cancel();
            return Interlocked.Increment(ref begun);
        }, _ => { }, _ => false, cancel.Token));
        Assert.IsLessThanOrEqualTo(2 * Environment.ProcessorCount, begun);
    }

    [TestMethod]
    public void What_is_meant_for_the_caller_reaches_him_unchanged()
    {
        var e = Assert.ThrowsExactly<InvalidOperationException>(() =>
            ParallelRuns.Of(8, (i, _) => i == 3 ? throw new InvalidOperationException("three") : i, _ => { }, e => e is InvalidOperationException, CancellationToken.None));
        Assert.AreEqual("three", e.Message);
    }
}
