using Carveout.Board;
using Carveout.Panels.Tests.Drivers;
using Carveout.Video;
using Carveout.Video.Displays;

namespace Carveout.Panels.Tests;

/// <summary>Our own drivers on the panels that other people's drivers have judged.</summary>
[TestClass]
public sealed class OurDriverTests
{
    private const uint Frame = 0x20000000;
    private const int Pictures = 3;

    public static IEnumerable<object[]> Lcds =>
        from rotation in Enum.GetValues<Rotation>()
        from pixels in new[] { PixelFormat.RGB565, PixelFormat.RGB565X }
        from module in new[] { "ILI9341", "ST7789 240x320 0,0", "ST7789 240x240 0,0", "ST7789 135x240 52,40" }
        select new object[] { module, rotation, pixels };

    [TestMethod]
    [DynamicData(nameof(Lcds))]
    public void Every_picture_is_shown_as_the_module_hangs(string module, Rotation rotation, PixelFormat pixels)
    {
        var memory = new ManagedMemory(Frame, 240 * 320 * 2);
        (Panel panel, SpiPanel driver) = Wire(module, rotation, pixels, memory);
        Assert.IsNotNull(panel.Missing);
        driver.Initialize();
        for (int seed = 1; seed <= Pictures; seed++)
        {
            byte[] picture = Noise.Picture(panel.Format.Width, panel.Format.Height, seed);
            byte[] frame = pixels == PixelFormat.RGB565 ? picture : [.. Enumerable.Range(0, picture.Length).Select(i => picture[i ^ 1])];
            memory.Write(Frame, frame, 0, frame.Length);
            driver.Show(Frame);
            Noise.AssertShown(picture, panel, $"picture {seed}");
        }
        Assert.AreEqual(Pictures, panel.Frames);
        Assert.IsEmpty(panel.Remarks());
    }

    [TestMethod]
    [DataRow(64)]
    [DataRow(32)]
    public void An_oled_shows_the_bits_that_it_was_rendered(int height)
    {
        var memory = new ManagedMemory(Frame, 160 * 120 * 2);
        var format = new VideoFormat(160, 120, PixelFormat.RGB565);
        var panel = new Ssd1306Panel(height);
        var driver = new Ssd1306(new OurWires(panel), memory, height, format, ScaleFit.Fill, 100);
        var pages = new Ssd1306Pages(memory, height, format, ScaleFit.Fill);
        driver.Initialize();
        byte[] page = new byte[Ssd1306.Width];
        for (int seed = 1; seed <= Pictures; seed++)
        {
            byte[] picture = Noise.Picture(160, 120, seed);
            memory.Write(Frame, picture, 0, picture.Length);
            driver.Show(Frame);
            for (int y = 0; y < height; y++)
            {
                pages.Render(Frame, y / 8, page, 0);
                for (int x = 0; x < page.Length; x++)
                {
                    Assert.AreEqual((page[x] >> (y % 8) & 1) != 0, panel.ColorAt(x, y) != 0, $"picture {seed}: {x},{y}");
                }
            }
        }
        Assert.AreEqual(Pictures, panel.Frames);
        Assert.IsEmpty(panel.Remarks());
    }

    private static (Panel Panel, SpiPanel Driver) Wire(string module, Rotation rotation, PixelFormat pixels, PhysicalMemory memory)
    {
        if (module == "ILI9341")
        {
            var ili = Ili934xPanel.Ili9341(rotation);
            return (ili, new Ili9341(new OurWires(ili), memory, rotation, pixels, 4096));
        }
        int[] part = [.. module.Split(' ', 'x', ',').Skip(1).Select(word => int.Parse(word, System.Globalization.CultureInfo.InvariantCulture))];
        var geometry = new PanelGeometry(part[0], part[1], part[2], part[3], rotation);
        var st = new St7789Panel(geometry);
        return (st, new St7789(new OurWires(st), memory, geometry, pixels, 4096));
    }
}
