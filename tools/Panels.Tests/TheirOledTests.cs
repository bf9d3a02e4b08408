using Carveout.Panels.Tests.Drivers;
using Iot.Device.Graphics;

namespace Carveout.Panels.Tests;

/// <summary>What the SSD1306 driver of Iot.Device.Bindings does beyond pictures of its own size.</summary>
[TestClass]
public sealed class TheirOledTests
{
    private const int Width = 128;

    [ClassInitialize]
    public static void RegisterImages(TestContext context) => BitmapImage.RegisterImageFactory(new PlainImage.Factory());

    /// <summary>Even if it is constructed for 64 lines, the driver drives 32: the upper half of each frame.</summary>
    [TestMethod]
    public void A_driver_for_64_lines_shows_each_frame_at_the_same_place()
    {
        var panel = new Ssd1306Panel(32);
        using var driver = new Iot.Device.Ssd13xx.Ssd1306(new ModuleI2c(panel), Width, 64);
        PlainImage image = PlainImage.Of(Noise.BlackAndWhite(Width, 64, 1), Width);
        driver.DrawBitmap(image);
        byte[] first = panel.Picture();
        driver.DrawBitmap(image);
        Assert.AreSequenceEqual(first, panel.Picture());
        Assert.AreEqual(0x8F, panel.Contrast);
    }
}
