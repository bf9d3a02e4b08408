namespace Carveout.BareMetal.Tests;

/// <summary>The displays show, pixel by pixel, what the host computes, and the same three times.</summary>
[TestClass]
public sealed class ScreenTests
{
    private const int Runs = 3;

    [TestMethod]
    public void The_lcd_shows_the_last_frame_out_of_the_allocators_memory()
    {
        Screen[] screens = Take("realview-pb-a8", "display");
        Assert.AreEqual("38 descriptors, 0 wrong frames\nready\n", screens[0].Output);
        byte[] expected = Picture(320, 240, 1, (x, y) =>
        {
            int pixel = TestCard.Colour(29, x, y, 240);
            return ((pixel >> 11) << 3, (pixel >> 5 & 63) << 2, (pixel & 31) << 3);
        });
        Assert.AreSequenceEqual(expected, screens[0].Rgb);
    }

    [TestMethod]
    public void The_oled_shows_the_last_frame_out_of_the_allocators_memory()
    {
        Screen[] screens = Take("lm3s6965evb", "oled");
        // QEMU draws each pixel of the panel as four by four; 15 is white.
        byte[] expected = Picture(128, 64, 4, (x, y) =>
        {
            int grey = TestCard.Grey(19, x, y, 64) * 17;
            return (grey, grey, grey);
        });
        Assert.AreSequenceEqual(expected, screens[0].Rgb);
    }

    private static Screen[] Take(string machine, string argument)
    {
        var firmware = Firmware.Of(machine);
        Screen[] screens = [.. Enumerable.Range(0, Runs).Select(_ => Screen.Of(firmware, argument))];
        foreach (Screen screen in screens)
        {
            Assert.AreSequenceEqual(screens[0].Rgb, screen.Rgb);
        }
        return screens;
    }

    private static byte[] Picture(int width, int height, int scale, Func<int, int, (int Red, int Green, int Blue)> pixel)
    {
        byte[] rgb = new byte[width * scale * height * scale * 3];
        for (int at = 0; at < rgb.Length; at += 3)
        {
            int x = at / 3 % (width * scale) / scale, y = at / 3 / (width * scale) / scale;
            (int red, int green, int blue) = pixel(x, y);
            rgb[at] = (byte)red;
            rgb[at + 1] = (byte)green;
            rgb[at + 2] = (byte)blue;
        }
        return rgb;
    }
}
