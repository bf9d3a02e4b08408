using Carveout.Buffers;
using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>The cost of a buffer in IL, without the lock.</summary>
[TestClass]
public sealed class BufferCostTests
{
    public TestContext TestContext { get; set; } = null!;

    /// <param name="others">How many buffers are rented after the measured one: a return searches them.</param>
    /// <param name="most">Budget of a rent and its return.</param>
    [TestMethod]
    [DataRow(0, 110)]
    [DataRow(7, 240)]
    public void A_rent_and_its_return_stay_within_their_budget(int others, int most)
    {
        IlMeter meter = IlMeter.Load(typeof(BufferPool).Assembly.Location);
        object pool = meter.Create(typeof(BufferPool).FullName!, "http", 1500, 16);
        var rent = meter.Bind<Func<string, byte[]>>(pool, nameof(BufferPool.Rent));
        var giveBack = meter.Bind<Action<byte[]>>(pool, nameof(BufferPool.Return));
        byte[] buffer = rent("warm");
        giveBack(buffer);
        long cost = meter.Measure(() => buffer = rent("ota")).Instructions;
        for (int i = 0; i < others; i++)
        {
            rent("mqtt");
        }
        cost += meter.Measure(() => giveBack(buffer)).Instructions;
        TestContext.WriteLine($"{cost} IL with {others} rented since");
        Assert.IsLessThanOrEqualTo(most, cost);
    }
}
