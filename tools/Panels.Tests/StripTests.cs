using BigGustave;
using Carveout.Emulator.Movies;
using Carveout.Emulator.Tests;
using Carveout.Panels.Tests.Drivers;
using Carveout.Video;
using BitmapImage = Iot.Device.Graphics.BitmapImage;

namespace Carveout.Panels.Tests;

/// <summary>docs/panels.png: what is visible on the panels. <c>CARVEOUT_RECORD=1</c> draws it again.</summary>
[TestClass]
public sealed class StripTests
{
    private const int Gap = 8, Width = (3 * (240 + Gap)) + 128, Height = 320, PixelSize = 2;

    private static readonly (byte Low, byte High) Grey = (0x10, 0x84);

    private readonly byte[] _strip = new byte[PixelSize * Width * Height];

    [ClassInitialize]
    public static void RegisterImages(TestContext context) => BitmapImage.RegisterImageFactory(new PlainImage.Factory());

    [TestMethod]
    public void The_picture_in_the_documentation_is_what_the_panels_show()
    {
        for (int i = 0; i < _strip.Length; i += PixelSize)
        {
            (_strip[i], _strip[i + 1]) = Grey;
        }
        byte[] card = Card(240, 320), wide = Card(128, 64), flat = Card(128, 32);
        byte[] ours = Show("Carveout's Ili9341", "ILI9341", card, 0, 0);
        Assert.AreSequenceEqual(ours, Show("Iot.Device.Bindings' Ili9341", "ILI9341", card, 240 + Gap, 0));
        Assert.AreSequenceEqual(ours, Show("Carveout's GraphicsDisplay", "ILI9341", card, 2 * (240 + Gap), 0));
        const int Column = 3 * (240 + Gap);
        byte[] oled = Show("Carveout's Ssd1306", "SSD1306 128x64", wide, Column, 0);
        Assert.AreSequenceEqual(oled, Show("Carveout's BoundSsd1306", "SSD1306 128x64", wide, Column, 64 + Gap));
        byte[] low = Show("Carveout's Ssd1306", "SSD1306 128x32", flat, Column, 2 * (64 + Gap));
        // This driver takes pictures of two colours.
        Assert.AreSequenceEqual(low, Show("Iot.Device.Bindings' Ssd1306", "SSD1306 128x32", low, Column, (2 * (64 + Gap)) + 32 + Gap));

        string path = Path.Combine(Checkout.Folder, "docs", "panels.png");
        var format = new VideoFormat(Width, Height, PixelFormat.RGB565);
        if (Environment.GetEnvironmentVariable("CARVEOUT_RECORD") == "1")
        {
            PngWriter.Write(path, format, _strip);
        }
        var png = Png.Open(path);
        Assert.AreEqual((Width, Height), (png.Width, png.Height));
        var image = new Rgb565Image(format, _strip);
        for (int at = 0; at < Width * Height; at++)
        {
            Pixel pixel = png.GetPixel(at % Width, at / Width);
            Assert.AreEqual(image.Pixel(at % Width, at / Width), (pixel.R, pixel.G, pixel.B), $"{at % Width},{at / Width}");
        }
    }

    private static byte[] Card(int width, int height)
    {
        var card = new TestCard(width, height, PixelFormat.RGB565);
        byte[] picture = new byte[PixelSize * width * height];
        for (int y = 0; y < height; y++)
        {
            card.FillLine(42, y, picture, PixelSize * width * y);
        }
        return picture;
    }

    private byte[] Show(string driver, string chip, byte[] picture, int x, int y)
    {
        using Connection connection = Pairing.All.First(pair => pair.Driver == driver && pair.Chip == chip).Connect();
        connection.Show(picture);
        byte[] seen = connection.Panel.Picture();
        int line = PixelSize * connection.Panel.Format.Width;
        for (int i = 0; i < connection.Panel.Format.Height; i++)
        {
            seen.AsSpan(i * line, line).CopyTo(_strip.AsSpan(PixelSize * (((y + i) * Width) + x)));
        }
        return seen;
    }
}
