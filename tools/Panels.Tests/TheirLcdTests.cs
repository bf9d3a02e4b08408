using System.Drawing;
using Carveout.Panels.Tests.Drivers;
using Carveout.Video.Displays;
using Iot.Device.Graphics;

namespace Carveout.Panels.Tests;

/// <summary>What the LCD drivers of Iot.Device.Bindings do beyond whole pictures.</summary>
[TestClass]
public sealed class TheirLcdTests
{
    [ClassInitialize]
    public static void RegisterImages(TestContext context) => BitmapImage.RegisterImageFactory(new PlainImage.Factory());

    /// <summary>The driver sends the lines that have changed, to a window that is one column wider than the panel.</summary>
    [TestMethod]
    [DataRow("ILI9341", 0, 0, 240, 1)]
    [DataRow("ILI9341", 17, 100, 50, 33)]
    [DataRow("ILI9341", 239, 319, 1, 1)]
    [DataRow("ILI9342C", 0, 239, 320, 1)]
    [DataRow("ILI9342C", 300, 20, 20, 200)]
    public void A_change_leaves_the_rest_as_it_was(string chip, int x, int y, int changedWidth, int changedHeight)
    {
        Panel panel = chip == "ILI9341" ? Ili934xPanel.Ili9341(Rotation.None) : Ili934xPanel.Ili9342();
        using Iot.Device.Ili934x.Ili9341 driver = Pairing.TheirDriver(panel, 4096);
        int width = panel.Format.Width, height = panel.Format.Height;
        Noise.AssertShown(new byte[2 * width * height], panel, "at first it is black");
        byte[] picture = Noise.Picture(width, height, 4), change = Noise.Picture(changedWidth, changedHeight, 5);
        driver.DrawBitmap(PlainImage.Of(picture, width));
        driver.DrawBitmap(PlainImage.Of(change, changedWidth), new Point(0, 0), new Rectangle(x, y, changedWidth, changedHeight), true);
        Lay(change, picture, width, x, y, changedWidth);
        Noise.AssertShown(picture, panel, "with the change");

        // Without the driver's own memory, a window is exact to the pixel.
        byte[] direct = Noise.Picture(changedWidth, changedHeight, 6);
        driver.SendBitmapPixelData(Noise.Swapped(direct), new Rectangle(x, y, changedWidth, changedHeight));
        Lay(direct, picture, width, x, y, changedWidth);
        Noise.AssertShown(picture, panel, "with the window");
    }

    private static void Lay(byte[] part, byte[] picture, int width, int x, int y, int partWidth)
    {
        for (int line = 0; line < part.Length / (2 * partWidth); line++)
        {
            part.AsSpan(2 * partWidth * line, 2 * partWidth).CopyTo(picture.AsSpan(2 * (((y + line) * width) + x)));
        }
    }
}
