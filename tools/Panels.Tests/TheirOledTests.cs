using System.Drawing;
using Carveout.Panels.Tests.Drivers;
using Iot.Device.Graphics;

namespace Carveout.Panels.Tests;

/// <summary>SSD1306 driven by Iot.Device.Bindings as it comes from nuget.org.</summary>
/// <remarks>The driver sets up 32 lines whatever it is constructed with, and sends four pages a frame: a glass of 64 lines then shows every
/// other line of its own, since its outputs are set to come in order.</remarks>
[TestClass]
public sealed class TheirOledTests
{
    private const int Width = 128, Lines = 32;

    [ClassInitialize]
    public static void RegisterImages(TestContext context) => BitmapImage.RegisterImageFactory(new PlainImage.Factory());

    [TestMethod]
    [DataRow(32)]
    [DataRow(64)]
    public void Every_picture_is_shown_at_its_place(int glass)
    {
        var panel = new Ssd1306Panel(glass);
        using var driver = new Iot.Device.Ssd13xx.Ssd1306(new ModuleI2c(panel), Width, Lines);
        Assert.IsNull(panel.Missing);
        for (int seed = 1; seed <= 4; seed++)
        {
            bool[] lit = Draw(driver, seed);
            AssertShown(lit, panel, glass == Lines ? 1 : 2, $"picture {seed}");
        }
        Assert.AreEqual(0x8F, panel.Contrast);
        Assert.IsEmpty(panel.Remarks());
    }

    /// <summary>Constructed for 64 lines, the driver still drives 32: frame after frame its upper half.</summary>
    [TestMethod]
    public void A_driver_for_64_lines_shows_each_frame_at_the_same_place()
    {
        var panel = new Ssd1306Panel(Lines);
        using var driver = new Iot.Device.Ssd13xx.Ssd1306(new ModuleI2c(panel), Width, 64);
        var image = new PlainImage(Width, 64);
        image.Clear(Color.Black);
        for (int x = 0; x < Width; x++)
        {
            image.SetPixel(x, x % Lines, Color.White);
        }
        driver.DrawBitmap(image);
        byte[] first = panel.Picture();
        driver.DrawBitmap(image);
        Assert.AreSequenceEqual(first, panel.Picture());
    }

    private static bool[] Draw(Iot.Device.Ssd13xx.Ssd1306 driver, int seed)
    {
        var random = new Random(seed);
        bool[] lit = [.. Enumerable.Range(0, Width * Lines).Select(_ => random.Next(2) != 0)];
        var image = new PlainImage(Width, Lines);
        for (int i = 0; i < lit.Length; i++)
        {
            image.SetPixel(i % Width, i / Width, lit[i] ? Color.White : Color.Black);
        }
        driver.DrawBitmap(image);
        return lit;
    }

    /// <summary>The lines of the picture are the glass's, or every second one of them from its lower end.</summary>
    private static void AssertShown(bool[] lit, Ssd1306Panel panel, int apart, string when)
    {
        for (int y = 0; y < panel.Format.Height; y++)
        {
            int line = (y - (apart - 1)) / apart;
            bool isShown = y % apart == apart - 1;
            for (int x = 0; x < Width; x++)
            {
                Assert.AreEqual(isShown && lit[(line * Width) + x], panel.ColorAt(x, y) != 0, $"{when}: {x},{y}");
            }
        }
    }
}
