namespace Carveout.Emulator.Tests.Machine;

[TestClass]
public sealed class EventQueueTests
{
    [TestMethod]
    public void Events_run_by_time_and_those_of_one_time_in_the_order_of_scheduling()
    {
        var queue = new EventQueue();
        var seen = new List<string>();
        queue.After(20, () => seen.Add($"c{queue.Now}"));
        queue.After(10, () =>
        {
            seen.Add($"a{queue.Now}");
            queue.After(10, () => seen.Add($"d{queue.Now}"));
            queue.After(0, () => seen.Add($"b{queue.Now}"));
        });
        queue.RunUntil(100, () => false);
        Assert.AreEqual("a10 b10 c20 d20", string.Join(' ', seen));
    }

    [TestMethod]
    public void Runs_up_to_the_end_and_not_beyond()
    {
        var queue = new EventQueue();
        int runs = 0;
        queue.After(100, () => runs++);
        queue.After(101, () => runs++);
        queue.RunUntil(100, () => false);
        Assert.AreEqual(1, runs);
        queue.RunUntil(101, () => false);
        Assert.AreEqual(2, runs);
    }

    [TestMethod]
    public void Nothing_can_be_scheduled_in_the_past() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EventQueue().After(-1, () => { }));

    [TestMethod]
    public void Chance_repeats_from_its_seed_and_stays_in_its_bounds()
    {
        // The published reference sequence of splitmix64 from seed 1234567.
        var known = new SplitMix64(1234567);
        Assert.AreEqual(6457827717110365317UL, known.Next());
        Assert.AreEqual(3203168211198807973UL, known.Next());
        var chance = new SplitMix64(1);
        int[] counts = new int[3];
        for (int i = 0; i < 30_000; i++)
        {
            counts[chance.Below(3)]++;
            Assert.IsGreaterThanOrEqualTo(1L, chance.Exponential(100));
        }
        // Three equal shares of 30,000 are 10,000 each with a standard deviation of 82; a difference of six deviations is no chance.
        Assert.IsTrue(counts.All(count => Math.Abs(count - 10_000) < 500), string.Join(' ', counts));
    }
}
