using System.Device.Gpio;
using Carveout.Board;
using Carveout.Buses;
using Carveout.Graphics;
using Carveout.Panels.Tests.Drivers;
using Carveout.Video;
using Carveout.Video.Displays;
using nanoFramework.UI;

namespace Carveout.Panels.Tests;

/// <summary>A driver and a panel, in one of the ways in which they go together.</summary>
/// <param name="Driver">The maker of the driver.</param>
/// <param name="Chip">The panel.</param>
/// <param name="Hangs">How the panel hangs.</param>
/// <param name="Sent">How the pictures are sent.</param>
/// <param name="Connect">Connects them.</param>
internal sealed record Pairing(string Driver, string Chip, string Hangs, string Sent, Func<Connection> Connect)
{
    /// <summary>How many pictures are compared for each pairing.</summary>
    public const int Pictures = 3;

    private const uint Frame = 0x20000000;
    private const string Theirs = "Iot.Device.Bindings'", Ours = "Carveout's";

    /// <summary>All pairings.</summary>
    public static IReadOnlyList<Pairing> All { get; } = [.. Lcds(), .. Oleds()];

    public override string ToString() => $"{Driver} on {Chip}, {Hangs}, {Sent}";

    private static IEnumerable<Pairing> Lcds()
    {
        foreach (int bufferSize in new[] { 4096, 64, 1001 })
        {
            // The last one cuts pixels between two transfers.
            string sent = $"buffer of {bufferSize}";
            yield return new Pairing($"{Theirs} Ili9341", "ILI9341", "upright", sent, () => TheirLcd(Ili934xPanel.Ili9341(Rotation.None), bufferSize));
            yield return new Pairing($"{Theirs} Ili9342", "ILI9342C", "upright", sent, () => TheirLcd(Ili934xPanel.Ili9342(), bufferSize));
        }
        foreach (Rotation rotation in Enum.GetValues<Rotation>())
        {
            string hangs = rotation == Rotation.None ? "upright" : $"turned by {90 * (int)rotation}";
            foreach (PixelFormat pixels in new[] { PixelFormat.RGB565, PixelFormat.RGB565X })
            {
                yield return new Pairing($"{Ours} Ili9341", "ILI9341", hangs, $"{pixels}", () =>
                {
                    var panel = Ili934xPanel.Ili9341(rotation);
                    return OurLcd(panel, pixels, memory => new Ili9341(new OurWires(panel), memory, rotation, pixels, 4096));
                });
                foreach ((int width, int height, int column, int row) in new[] { (240, 320, 0, 0), (240, 240, 0, 0), (135, 240, 52, 40) })
                {
                    yield return new Pairing($"{Ours} St7789", $"ST7789 {width}x{height}", hangs, $"{pixels}", () =>
                    {
                        var geometry = new PanelGeometry(width, height, column, row, rotation);
                        var panel = new St7789Panel(geometry);
                        return OurLcd(panel, pixels, memory => new St7789(new OurWires(panel), memory, geometry, pixels, 4096));
                    });
                }
            }
            yield return new Pairing($"{Ours} GraphicsDisplay", "ILI9341", hangs, "DisplayControl.Write", () => OnScreen(rotation));
        }
    }

    private static IEnumerable<Pairing> Oleds()
    {
        foreach (int height in new[] { 64, 32 })
        {
            string chip = $"SSD1306 128x{height}";
            yield return new Pairing($"{Ours} Ssd1306", chip, "upright", "columns and pages", () => OurOled(height));
            yield return new Pairing($"{Ours} BoundSsd1306", chip, "upright", "Ssd13xx.Display", () => BoundOled(height));
            yield return new Pairing($"{Theirs} Ssd1306", chip, "upright", "columns and pages", () => TheirOled(height));
        }
    }

    private static Connection TheirLcd(Panel panel, int bufferSize)
    {
        Iot.Device.Ili934x.Ili9341 driver = TheirDriver(panel, bufferSize);
        return new Connection(panel, picture => driver.DrawBitmap(PlainImage.Of(picture, panel.Format.Width))) { Driver = driver };
    }

    /// <summary>The driver of Iot.Device.Bindings for a panel, which sets it up and clears it.</summary>
    public static Iot.Device.Ili934x.Ili9341 TheirDriver(Panel panel, int bufferSize)
    {
        var pins = new ModulePins(panel);
        var spi = new ModuleSpi(panel, pins);
        var gpio = new GpioController(pins);
        return panel.Name == "ILI9341"
            ? new Iot.Device.Ili934x.Ili9341(spi, ModulePins.DataCommand, ModulePins.ResetLine, -1, bufferSize, gpio)
            : new Iot.Device.Ili934x.Ili9342(spi, ModulePins.DataCommand, ModulePins.ResetLine, -1, bufferSize, gpio);
    }

    private static Connection OurLcd(Panel panel, PixelFormat pixels, Func<ManagedMemory, SpiPanel> create)
    {
        Assert.IsNotNull(panel.Missing);
        return OverMemory(panel, pixels, memory =>
        {
            SpiPanel driver = create(memory);
            driver.Initialize();
            return driver;
        });
    }

    /// <summary>A write has a fortieth of the screen.</summary>
    private static Connection OnScreen(Rotation rotation)
    {
        const int Writes = 40;
        var panel = Ili934xPanel.Ili9341(rotation);
        DisplayControl.Drive(panel, rotation);
        Connection connection = OverMemory(panel, PixelFormat.RGB565, memory => new GraphicsDisplay(memory, panel.Format.SizeImage / Writes));
        return connection with { Windows = Writes };
    }

    private static Connection OurOled(int height)
    {
        var panel = new Ssd1306Panel(height);
        return OverMemory(panel, PixelFormat.RGB565, memory =>
        {
            var driver = new Ssd1306(new OurWires(panel), memory, height, panel.Format, ScaleFit.Fill, 100);
            driver.Initialize();
            return driver;
        });
    }

    /// <summary>It selects pages in a mode that goes through them by itself.</summary>
    private static Connection BoundOled(int height)
    {
        var panel = new Ssd1306Panel(height);
        Connection connection = OverMemory(panel, PixelFormat.RGB565,
            memory => new BoundSsd1306(new Iot.Device.Ssd13xx.Ssd13xx(panel), memory, panel.Format, ScaleFit.Fill));
        return connection with { Windows = height == 64 ? 1 : 0 };
    }

    /// <summary>The driver sets up 32 lines whatever it is constructed with, and sends four pages a frame. A glass of 64 lines then shows
    /// every second line of its own, since its outputs are set to come in order.</summary>
    private static Connection TheirOled(int height)
    {
        const int Lines = 32;
        var panel = new Ssd1306Panel(height);
        var driver = new Iot.Device.Ssd13xx.Ssd1306(new ModuleI2c(panel), Ssd1306.Width, Lines);
        return new Connection(panel, picture => driver.DrawBitmap(PlainImage.Of(picture, Ssd1306.Width)))
        {
            Driver = driver, Lines = Lines, Seen = picture => height == Lines ? picture : Combed(picture),
        };
    }

    private static byte[] Combed(byte[] picture)
    {
        int line = 2 * Ssd1306.Width;
        byte[] seen = new byte[2 * picture.Length];
        for (int at = 0; at < picture.Length; at += line)
        {
            picture.AsSpan(at, line).CopyTo(seen.AsSpan((2 * at) + line));
        }
        return seen;
    }

    private static Connection OverMemory(Panel panel, PixelFormat pixels, Func<ManagedMemory, FrameDisplay> create)
    {
        var memory = new ManagedMemory(Frame, panel.Format.SizeImage);
        FrameDisplay display = create(memory);
        return new Connection(panel, picture =>
        {
            byte[] frame = pixels == PixelFormat.RGB565 ? picture : Noise.Swapped(picture);
            memory.Write(Frame, frame, 0, frame.Length);
            display.Show(Frame);
        });
    }
}
