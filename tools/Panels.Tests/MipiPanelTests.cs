using Carveout.Video.Displays;

namespace Carveout.Panels.Tests;

/// <summary>ILI9341 and ST7789 by their datasheets, command by command.</summary>
[TestClass]
public sealed class MipiPanelTests
{
    private const int White = 0x3FFFF, Red = 0x3F000, Blue = 0x3F;

    /// <summary>An IPS glass that shows the memory's pixels unchanged once it is inverted.</summary>
    private readonly St7789Panel _panel = new(new PanelGeometry(Rotation.None));

    /// <summary>The datasheets' table of MV, MX and MY: the places of the first, the second and the last pixel of a full window.</summary>
    [TestMethod]
    [DataRow(0x00, 0, 0, 1, 0, 239, 319)]
    [DataRow(0x80, 0, 319, 1, 319, 239, 0)]
    [DataRow(0x40, 239, 0, 238, 0, 0, 319)]
    [DataRow(0xC0, 239, 319, 238, 319, 0, 0)]
    [DataRow(0x20, 0, 0, 0, 1, 239, 319)]
    [DataRow(0xA0, 0, 319, 0, 318, 239, 0)]
    [DataRow(0x60, 239, 0, 239, 1, 0, 319)]
    [DataRow(0xE0, 239, 319, 239, 318, 0, 0)]
    public void Access_control_has_eight_orientations(int access, int x, int y, int secondX, int secondY, int lastX, int lastY)
    {
        SwitchOn(_panel, access);
        (int columns, int lines) = (access & 0x20) == 0 ? (240, 320) : (320, 240);
        Window(_panel, 0, columns - 1, 0, lines - 1);
        for (int i = 0; i < 240 * 320; i++)
        {
            _panel.Data(i == 0 ? [0xF8, 0x00] : i == 1 ? [0x07, 0xE0] : i == (240 * 320) - 1 ? [0x00, 0x1F] : [0x00, 0x00]);
        }
        Assert.AreEqual((Red, 63 << 6, Blue), (_panel.ColorAt(x, y), _panel.ColorAt(secondX, secondY), _panel.ColorAt(lastX, lastY)));
        Assert.AreEqual(1, _panel.Frames);
    }

    /// <summary>A colour filter of blue, green, red needs BGR; the bit also changes what was written before.</summary>
    [TestMethod]
    public void BGR_exchanges_red_and_blue_at_the_glass()
    {
        var ili = Ili934xPanel.Ili9341(Rotation.None);
        SwitchOn(ili, 0x48);
        Pixel(ili, 0, 0, [0xF8, 0x00]);
        Assert.AreEqual(Red, ili.ColorAt(0, 0));
        Send(ili, 0x36, 0x40);
        Assert.AreEqual(Blue, ili.ColorAt(0, 0));
    }

    /// <summary>After power-on a pixel has 18 bits: the upper six of each byte.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Pixels_have_18_bits_until_COLMOD_says_16(bool isSaid)
    {
        _panel.Command(0x21);
        if (isSaid)
        {
            Send(_panel, 0x3A, 0x66);
        }
        Pixel(_panel, 5, 6, [0xFF, 0x83, 0x07]);
        Assert.AreEqual(63 << 12 | 32 << 6 | 1, _panel.ColorAt(5, 6));
        Send(_panel, 0x3A, 0x55);
        Pixel(_panel, 5, 6, [0xF8, 0x01]);
        Assert.AreEqual(Red | 1 << 1, _panel.ColorAt(5, 6));
    }

    [TestMethod]
    public void Another_size_of_pixels_is_named_and_nothing_is_written()
    {
        SwitchOn(_panel, 0);
        Send(_panel, 0x3A, 0x53);
        Pixel(_panel, 0, 0, [0xFF, 0xFF, 0xFF]);
        Assert.AreEqual(0, _panel.ColorAt(0, 0));
        Assert.AreEqual("ST7789 was sent COLMOD 0x53, which is neither 16 nor 18 bits a pixel: not modelled (1 time)", _panel.Remarks().Single());
    }

    /// <summary>A window that ends beyond the memory ends with it, and its lines have that length.</summary>
    [TestMethod]
    public void A_window_ends_with_the_memory()
    {
        SwitchOn(_panel, 0);
        Window(_panel, 238, 400, 318, 500);
        _panel.Data([0xF8, 0, 0, 0x1F, 0xFF, 0xFF, 0x07, 0xE0]);
        Assert.AreEqual((Red, Blue, White, 63 << 6),
            (_panel.ColorAt(238, 318), _panel.ColorAt(239, 318), _panel.ColorAt(238, 319), _panel.ColorAt(239, 319)));
        Assert.AreEqual(1, _panel.Frames);
        Window(_panel, 240, 300, 0, 10);
        _panel.Data([0xFF, 0xFF]);
        Assert.AreEqual(0, _panel.ColorAt(0, 0));
    }

    [TestMethod]
    public void A_window_that_ends_before_it_starts_changes_nothing_and_is_named()
    {
        SwitchOn(_panel, 0);
        Send(_panel, 0x2A, 0, 9, 0, 3);
        _panel.Command(0x2C);
        _panel.Data([0xF8, 0]);
        Assert.AreEqual(Red, _panel.ColorAt(0, 0));
        Assert.Contains("CASET 9 to 3", _panel.Remarks().Single());
    }

    /// <summary>Pixels beyond the last one begin at the first again; WEMODE makes the ILI9341 drop them.</summary>
    [TestMethod]
    [DataRow(1, Blue)]
    [DataRow(0, Red)]
    public void Pixels_beyond_the_window_begin_again_or_are_dropped(int mode, int first)
    {
        var ili = Ili934xPanel.Ili9341(Rotation.None);
        SwitchOn(ili, 0x48);
        Send(ili, 0xF6, (byte)mode);
        Window(ili, 0, 1, 0, 0);
        ili.Data([0xF8, 0, 0xFF, 0xFF, 0, 0x1F]);
        Assert.AreEqual((first, White), (ili.ColorAt(0, 0), ili.ColorAt(1, 0)));
        // A new RAMWR takes pixels again.
        ili.Command(0x2C);
        ili.Data([0x07, 0xE0]);
        Assert.AreEqual(63 << 6, ili.ColorAt(0, 0));
    }

    /// <summary>RAMWRC continues where the last write stopped, and RAMWR begins anew. A pixel may be cut between transfers.</summary>
    [TestMethod]
    public void Writing_continues_or_starts_anew()
    {
        SwitchOn(_panel, 0);
        Window(_panel, 10, 12, 0, 0);
        _panel.Data([0xF8]);
        _panel.Data([0x00]);
        _panel.Command(0x3C);
        _panel.Data([0x00, 0x1F]);
        Assert.AreEqual((Red, Blue), (_panel.ColorAt(10, 0), _panel.ColorAt(11, 0)));
        _panel.Command(0x2C);
        _panel.Data([0x00, 0x1F]);
        Assert.AreEqual(Blue, _panel.ColorAt(10, 0));
    }

    /// <summary>The memory keeps its content while nothing is visible.</summary>
    [TestMethod]
    public void Nothing_is_seen_before_it_wakes_and_is_switched_on()
    {
        Send(_panel, 0x3A, 0x55);
        _panel.Command(0x21);
        Pixel(_panel, 0, 0, [0xFF, 0xFF]);
        AssertDark("SLPOUT (0x11) and DISPON (0x29)");
        _panel.Command(0x11);
        AssertDark("DISPON (0x29)");
        _panel.Command(0x29);
        Assert.AreEqual(0xFF, _panel.Picture()[0]);
        _panel.Command(0x10);
        AssertDark("SLPOUT (0x11)");
        _panel.Command(0x11);
        _panel.Command(0x28);
        AssertDark("DISPON (0x29)");
    }

    [TestMethod]
    public void Inversion_is_what_an_IPS_glass_wants_and_a_TN_glass_does_not()
    {
        SwitchOn(_panel, 0);
        _panel.Command(0x20);
        Assert.AreEqual(White, _panel.ColorAt(0, 0));
        var ili = Ili934xPanel.Ili9341(Rotation.None);
        SwitchOn(ili, 0x48);
        Assert.AreEqual(0, ili.ColorAt(0, 0));
        ili.Command(0x21);
        Assert.AreEqual(White, ili.ColorAt(0, 0));
    }

    [TestMethod]
    public void Idle_mode_leaves_eight_colours()
    {
        SwitchOn(_panel, 0);
        Pixel(_panel, 0, 0, [0x80, 0x0F]);
        _panel.Command(0x39);
        Assert.AreEqual(Red, _panel.ColorAt(0, 0));
        _panel.Command(0x38);
        Assert.AreNotEqual(Red, _panel.ColorAt(0, 0));
    }

    /// <summary>Between lines that stay, the others are shown from the line that VSCRSADD names on, round and round, until NORON.</summary>
    [TestMethod]
    public void Lines_scroll_between_those_that_are_fixed()
    {
        SwitchOn(_panel, 0);
        for (int line = 0; line < 320; line++)
        {
            Pixel(_panel, 0, line, [0, (byte)(line % 32)]);
        }
        Send(_panel, 0x33, 0, 10, 0, 100, 0, 210);
        Send(_panel, 0x37, 0, 15);
        int[] from = [.. new[] { 9, 10, 104, 105, 109, 110 }.Select(y => _panel.ColorAt(0, y))];
        Assert.AreSequenceEqual(new[] { 9, 15, 109, 10, 14, 110 }.Select(line => Grey(line % 32)), from);
        _panel.Command(0x13);
        Assert.AreEqual(Grey(10), _panel.ColorAt(0, 10));
        Send(_panel, 0x33, 0, 10, 0, 100, 0, 200);
        Assert.Contains("VSCRDEF 10, 100, 200", _panel.Remarks().Single());
    }

    /// <summary>DISCTRL's GS and SS drive lines and columns from the other end.</summary>
    [TestMethod]
    [DataRow(0x82, 0, 0)]
    [DataRow(0xC2, 0, 319)]
    [DataRow(0xA2, 239, 0)]
    public void The_drivers_may_run_backwards(int drivers, int x, int y)
    {
        var ili = Ili934xPanel.Ili9341(Rotation.None);
        SwitchOn(ili, 0x48);
        Pixel(ili, 0, 0, [0xF8, 0]);
        Send(ili, 0xB6, 0x0A, (byte)drivers);
        Assert.AreEqual(Red, ili.ColorAt(x, y));
    }

    /// <summary>SWRESET switches off and opens the whole window; MADCTL, COLMOD and the memory stay. The reset line resets MADCTL and
    /// COLMOD, too.</summary>
    [TestMethod]
    public void The_reset_command_keeps_what_the_line_does_not()
    {
        SwitchOn(_panel, 0x40);
        Window(_panel, 5, 6, 7, 8);
        _panel.Command(0x01);
        Assert.IsNotNull(_panel.Missing);
        Assert.AreEqual(White, _panel.ColorAt(0, 0), "no longer inverted");
        _panel.Command(0x21);
        _panel.Command(0x2C);
        _panel.Data([0xF8, 0]);
        Assert.AreEqual(Red, _panel.ColorAt(239, 0));
        _panel.Reset();
        _panel.Command(0x21);
        _panel.Command(0x2C);
        _panel.Data([0, 0, 0xFC]);
        Assert.AreEqual((Blue, Red), (_panel.ColorAt(0, 0), _panel.ColorAt(239, 0)));
    }

    [TestMethod]
    public void RAMCTRL_takes_the_low_byte_first()
    {
        SwitchOn(_panel, 0);
        Send(_panel, 0xB0, 0x00, 0xF8);
        Pixel(_panel, 0, 0, [0x00, 0xF8]);
        Assert.AreEqual(Red, _panel.ColorAt(0, 0));
    }

    /// <summary>Partial mode and reading the identity are not modelled. Gamma is known, and no pixel depends on it.</summary>
    [TestMethod]
    public void What_is_not_modelled_is_named_and_counted()
    {
        SwitchOn(_panel, 0);
        Send(_panel, 0xE0, 1, 2, 3);
        _panel.Command(0x12);
        _panel.Command(0x04);
        _panel.Command(0x12);
        Assert.AreSequenceEqual(
            new[] { "ST7789 was sent 0x04: not modelled (1 time)", "ST7789 was sent 0x12: not modelled (2 times)" }, _panel.Remarks());
    }

    private void AssertDark(string waitsFor)
    {
        Assert.AreEqual($"ST7789 shows nothing: it still waits for {waitsFor}", _panel.Remarks().Single());
        Assert.IsTrue(_panel.Picture().All(part => part == 0));
        Assert.AreEqual(White, _panel.ColorAt(0, 0));
    }

    private static int Grey(int blue) => blue << 1 | blue >> 4;

    private static void SwitchOn(Panel panel, int access)
    {
        panel.Command(0x11);
        Send(panel, 0x3A, 0x55);
        Send(panel, 0x36, (byte)access);
        if (panel is St7789Panel)
        {
            panel.Command(0x21);
        }
        panel.Command(0x29);
    }

    private static void Window(Panel panel, int left, int right, int top, int bottom)
    {
        Send(panel, 0x2A, (byte)(left >> 8), (byte)left, (byte)(right >> 8), (byte)right);
        Send(panel, 0x2B, (byte)(top >> 8), (byte)top, (byte)(bottom >> 8), (byte)bottom);
        panel.Command(0x2C);
    }

    private static void Pixel(Panel panel, int x, int y, ReadOnlySpan<byte> pixel)
    {
        Window(panel, x, x, y, y);
        panel.Data(pixel);
    }

    private static void Send(Panel panel, byte command, params ReadOnlySpan<byte> parameters)
    {
        panel.Command(command);
        panel.Data(parameters);
    }
}
