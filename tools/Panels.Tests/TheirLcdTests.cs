using System.Device.Gpio;
using System.Drawing;
using Carveout.Panels.Tests.Drivers;
using Carveout.Video.Displays;
using Iot.Device.Graphics;

namespace Carveout.Panels.Tests;

/// <summary>LCDs driven by Iot.Device.Bindings as it comes from nuget.org: each shows, picture for picture, what it was asked to.</summary>
[TestClass]
public sealed class TheirLcdTests
{
    [ClassInitialize]
    public static void RegisterImages(TestContext context) => BitmapImage.RegisterImageFactory(new PlainImage.Factory());

    /// <summary>The last buffer cuts pixels between two transfers.</summary>
    [TestMethod]
    [DataRow("ILI9341", 4096)]
    [DataRow("ILI9341", 64)]
    [DataRow("ILI9341", 1001)]
    [DataRow("ILI9342C", 4096)]
    [DataRow("ILI9342C", 64)]
    [DataRow("ILI9342C", 1001)]
    public void Every_picture_is_shown_whole(string chip, int bufferSize)
    {
        (Panel panel, Iot.Device.Ili934x.Ili9341 driver) = Wire(chip, bufferSize);
        using (driver)
        {
            int width = panel.Format.Width, height = panel.Format.Height;
            Noise.AssertShown(new byte[2 * width * height], panel, "at first it is black");
            long before = panel.Frames;
            for (int seed = 1; seed <= 3; seed++)
            {
                byte[] picture = Noise.Picture(width, height, seed);
                driver.DrawBitmap(ImageOf(picture, width, height));
                Noise.AssertShown(picture, panel, $"picture {seed}");
            }
            Assert.AreEqual(before + 3, panel.Frames);
            Assert.IsEmpty(panel.Remarks());
        }
    }

    /// <summary>The driver sends the lines that have changed, to a window that is a column wider than the panel.</summary>
    [TestMethod]
    [DataRow("ILI9341", 0, 0, 240, 1)]
    [DataRow("ILI9341", 17, 100, 50, 33)]
    [DataRow("ILI9341", 239, 319, 1, 1)]
    [DataRow("ILI9342C", 0, 239, 320, 1)]
    [DataRow("ILI9342C", 300, 20, 20, 200)]
    public void A_change_leaves_the_rest_as_it_was(string chip, int x, int y, int changedWidth, int changedHeight)
    {
        (Panel panel, Iot.Device.Ili934x.Ili9341 driver) = Wire(chip, 4096);
        using (driver)
        {
            int width = panel.Format.Width, height = panel.Format.Height;
            byte[] picture = Noise.Picture(width, height, 4), change = Noise.Picture(changedWidth, changedHeight, 5);
            driver.DrawBitmap(ImageOf(picture, width, height));
            driver.DrawBitmap(ImageOf(change, changedWidth, changedHeight), new Point(0, 0), new Rectangle(x, y, changedWidth, changedHeight), true);
            Lay(change, picture, width, x, y, changedWidth);
            Noise.AssertShown(picture, panel, "with the change");

            // Past the driver's own memory: a window to the pixel.
            byte[] direct = Noise.Picture(changedWidth, changedHeight, 6);
            driver.SendBitmapPixelData(Swapped(direct), new Rectangle(x, y, changedWidth, changedHeight));
            Lay(direct, picture, width, x, y, changedWidth);
            Noise.AssertShown(picture, panel, "with the window");
        }
    }

    /// <summary>Our driver and theirs, one after the other on one module: the pictures cannot be told apart.</summary>
    [TestMethod]
    public void Our_driver_and_theirs_show_the_same()
    {
        (Panel panel, Iot.Device.Ili934x.Ili9341 driver) = Wire("ILI9341", 4096);
        byte[] picture = Noise.Picture(240, 320, 7);
        using (driver)
        {
            driver.DrawBitmap(ImageOf(picture, 240, 320));
        }
        byte[] theirs = panel.Picture();
        var memory = new Carveout.Board.ManagedMemory(0x20000000, picture.Length);
        var ours = new Ili9341(new OurWires(panel), memory, Rotation.None, Carveout.Video.PixelFormat.RGB565, 4096);
        ours.Initialize();
        memory.Write(0x20000000, picture, 0, picture.Length);
        ours.Show(0x20000000);
        Assert.AreSequenceEqual(theirs, panel.Picture());
    }

    private static (Panel Panel, Iot.Device.Ili934x.Ili9341 Driver) Wire(string chip, int bufferSize)
    {
        Panel panel = chip == "ILI9341" ? Ili934xPanel.Ili9341(Rotation.None) : Ili934xPanel.Ili9342();
        Assert.AreEqual(chip, panel.Name);
        var pins = new ModulePins(panel);
        var spi = new ModuleSpi(panel, pins);
        var gpio = new GpioController(pins);
        return (panel, chip == "ILI9341"
            ? new Iot.Device.Ili934x.Ili9341(spi, ModulePins.DataCommand, ModulePins.ResetLine, -1, bufferSize, gpio)
            : new Iot.Device.Ili934x.Ili9342(spi, ModulePins.DataCommand, ModulePins.ResetLine, -1, bufferSize, gpio));
    }

    private static PlainImage ImageOf(byte[] picture, int width, int height)
    {
        var image = new PlainImage(width, height);
        for (int i = 0; i < width * height; i++)
        {
            image.SetPixel(i % width, i / width, Noise.ColorAt(picture, i));
        }
        return image;
    }

    private static byte[] Swapped(byte[] picture) => [.. Enumerable.Range(0, picture.Length).Select(i => picture[i ^ 1])];

    private static void Lay(byte[] part, byte[] picture, int width, int x, int y, int partWidth)
    {
        for (int line = 0; line < part.Length / (2 * partWidth); line++)
        {
            part.AsSpan(2 * partWidth * line, 2 * partWidth).CopyTo(picture.AsSpan(2 * (((y + line) * width) + x)));
        }
    }
}
