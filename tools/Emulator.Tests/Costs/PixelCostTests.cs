using Carveout.IlCounter;
using Carveout.Video;
using Carveout.Video.Displays;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>The cost of a pixel on the interpreter. Counts are exact, so the budgets are the costs that were reached.</summary>
[TestClass]
public sealed class PixelCostTests
{
    private const int Width = 320;

    private readonly byte[] _from = new byte[4 * Width], _to = new byte[4 * Width];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Conversion_stays_within_its_budget()
    {
        IlMeter meter = Load();
        object converter = meter.Create(typeof(PixelConverter).FullName!, (int)Quantization.LimitedRange, (int)PixelFormat.RGB565);
        var yuyv = meter.Bind<Action<byte[], int, byte[], int, int, bool>>(converter, nameof(PixelConverter.YuyvLine));
        var grey = meter.Bind<Action<byte[], int, byte[], int, int>>(converter, nameof(PixelConverter.GreyLine));
        var planar = meter.Bind<Action<byte[], int, byte[], int, byte[], int, byte[], int, int, int>>(converter, nameof(PixelConverter.Yuv420Line));
        var colours = meter.Bind<Action<byte[], int, int, byte[], int, int>>(converter, nameof(PixelConverter.RgbLine));
        AssertWithin("YUYV", 60, meter.Measure(() => yuyv(_from, 0, _to, 0, Width, false)));
        AssertWithin("UYVY", 60, meter.Measure(() => yuyv(_from, 0, _to, 0, Width, true)));
        AssertWithin("YUV420", 62, meter.Measure(() => planar(_from, 0, _from, Width, _from, 2 * Width, _to, 0, Width, 1)));
        AssertWithin("NV12", 62, meter.Measure(() => planar(_from, 0, _from, Width, _from, Width + 1, _to, 0, Width, 2)));
        AssertWithin("RGB888", 52, meter.Measure(() => colours(_from, 0, 3, _to, 0, Width)));
        AssertWithin("XRGB8888", 52, meter.Measure(() => colours(_from, 0, 4, _to, 0, Width)));
        AssertWithin("GREY", 32, meter.Measure(() => grey(_from, 0, _to, 0, Width)));
    }

    [TestMethod]
    [DataRow(Width, 1)]
    [DataRow(Width / 2, 36)]
    [DataRow(Width * 2, 36)]
    public void Scaling_stays_within_its_budget(int source, int budget)
    {
        IlMeter meter = Load();
        object scaler = meter.Create(typeof(LineScaler).FullName!, source, source * 3 / 4, Width, Width * 3 / 4, (int)ScaleFit.Fill);
        var scale = meter.Bind<Action<byte[], int, byte[], int>>(scaler, nameof(LineScaler.Scale));
        AssertWithin($"{source} to {Width} pixels", budget, meter.Measure(() => scale(_from, 0, _to, 0)));
    }

    [TestMethod]
    public void Dithering_stays_within_its_budget()
    {
        IlMeter meter = Load();
        object dither = meter.Create(typeof(BayerDither).FullName!);
        var line = meter.Bind<Action<byte[], int, int, byte[], int, int>>(dither, nameof(BayerDither.DitherLine));
        AssertWithin("dithering", 49, meter.Measure(() => line(_from, 0, 0, _to, 0, Width)));
    }

    [TestMethod]
    public void The_test_card_stays_within_its_budget()
    {
        IlMeter meter = Load();
        object card = meter.Create(typeof(TestCard).FullName!, Width, 240, (int)PixelFormat.RGB565);
        var fill = meter.Bind<Action<long, int, byte[], int>>(card, nameof(TestCard.FillLine));
        long frame = 0;
        IlCount count = meter.Measure(() =>
        {
            for (int y = 0; y < 240; y++)
            {
                fill(frame, y, _to, 0);
            }
        });
        TestContext.WriteLine($"test card: {count.Instructions / 240.0:0.0} IL a line");
        Assert.IsLessThanOrEqualTo(142, count.Instructions / 240);
    }

    private static IlMeter Load() => DeviceMeter.Load();

    /// <param name="what">The operation in words.</param>
    /// <param name="budget">IL instructions a pixel, including a pixel's share of the fixed cost of a line.</param>
    /// <param name="count">The count for a line of <see cref="Width"/> pixels.</param>
    private void AssertWithin(string what, int budget, IlCount count)
    {
        TestContext.WriteLine($"{what}: {(double)count.Instructions / Width:0.0} IL a pixel ({count})");
        Assert.IsLessThanOrEqualTo(budget * Width, count.Instructions);
    }
}
