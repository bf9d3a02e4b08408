using Carveout.HeapBudget;
using Carveout.IlCounter;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>What a frame of a pool costs in IL, and what it would cost that a reference which was kept in spite of Dispose never becomes
/// somebody else's frame.</summary>
[TestClass]
public sealed class FrameCostTests
{
    private const int Pages = 16, Frames = 3;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(false, 173)]
    [DataRow(true, 312)]
    public void A_rent_and_its_disposal_stay_within_their_budget(bool isStrict, int most)
    {
        IlMeter meter = DeviceMeter.Load();
        object memory = meter.FindType(typeof(CarveoutMemory).FullName!).GetMethod(nameof(CarveoutMemory.Reserve), [typeof(int), typeof(int)])!.Invoke(null, [Pages * 4096, 0])!;
        object format = meter.Create(typeof(VideoFormat).FullName!, 80, 60, (int)PixelFormat.RGB565);
        object pool = memory.GetType().GetMethod(nameof(CarveoutMemory.CreatePool))!.Invoke(memory, [format, Frames, "movie"])!;
        pool.GetType().GetProperty(nameof(FramePool.Strict))!.SetValue(pool, isStrict);
        var rent = meter.Bind<Func<string, object>>(pool, nameof(FramePool.Rent));
        long worst = 0;
        for (int i = 0; i < 20; i++)
        {
            object frame = null!;
            long cost = meter.Measure(() => frame = rent("display")).Instructions;
            worst = Math.Max(worst, cost + meter.Measure(meter.Bind<Action>(frame, nameof(FrameBuffer.Dispose))).Instructions);
        }
        TestContext.WriteLine($"{worst} IL; a new object takes {DeviceHeap.PriceOf(typeof(FrameBuffer))} bytes of the device's heap");
        Assert.IsLessThanOrEqualTo(most, worst);
    }

    /// <summary>What docs/costs.md says.</summary>
    [TestMethod]
    public void A_new_object_for_each_rent_takes_this_much_of_the_heap() => Assert.AreEqual(84, DeviceHeap.PriceOf(typeof(FrameBuffer)));
}
