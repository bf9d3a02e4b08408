namespace Carveout.Panels.Tests;

/// <summary>SSD1306 by its datasheet, command by command.</summary>
[TestClass]
public sealed class Ssd1306PanelTests
{
    private readonly Ssd1306Panel _panel = new(64);

    [TestMethod]
    [DataRow(0, "0,0 1,0 0,8 1,8 0,0")]
    [DataRow(1, "0,0 0,8 1,0 1,8 0,0")]
    public void A_window_is_filled_by_lines_or_by_columns_and_then_anew(int mode, string places)
    {
        SwitchOn(0x20, (byte)mode, 0x21, 0, 1, 0x22, 0, 1);
        string[] expected = places.Split(' ');
        for (int i = 0; i < expected.Length; i++)
        {
            // The last byte goes to the first place, and is another pattern there.
            byte pattern = i == 4 ? (byte)2 : (byte)1;
            _panel.Data([pattern]);
            Assert.AreEqual(i == 4 ? "0,1" : expected[i], Lit().Except(expected.Take(i == 4 ? 0 : i)).Except(i == 4 ? expected[1..] : []).Single());
        }
        Assert.AreEqual(1, _panel.Frames);
    }

    /// <summary>A frame begins at the first pixel, however far the last one got.</summary>
    [TestMethod]
    public void A_window_begins_at_its_first_byte()
    {
        SwitchOn(0x20, 0, 0x21, 4, 7, 0x22, 2, 3);
        _panel.Data([1, 1, 1, 1, 1]);
        Commands(0x21, 4, 7, 0x22, 2, 3);
        _panel.Data([0, 0, 0]);
        Assert.AreSequenceEqual(new[] { "7,16", "4,24" }, Lit());
    }

    /// <summary>Page addressing, the state after reset: the pointer stays within a page.</summary>
    [TestMethod]
    public void A_page_begins_where_the_nibbles_say_and_goes_round()
    {
        SwitchOn(0xB3, 0x0E, 0x17);
        _panel.Data([1, 1, 1]);
        Assert.AreSequenceEqual(new[] { "126,24", "127,24" }, Lit());
    }

    /// <summary>In the other modes these commands move the pointers, too, and data continues there.</summary>
    [TestMethod]
    public void Pages_and_columns_can_be_named_in_every_mode()
    {
        SwitchOn(0x20, 0, 0xB1, 0x0F, 0x17);
        _panel.Data([1, 1]);
        Assert.AreSequenceEqual(new[] { "127,8", "0,16" }, Lit());
        Assert.IsEmpty(_panel.Remarks());
    }

    [TestMethod]
    [DataRow("8D 14", "display on (0xAF)")]
    [DataRow("AF", "the charge pump (0x8D 0x14)")]
    [DataRow("", "the charge pump (0x8D 0x14) and display on (0xAF)")]
    [DataRow("8D 14 AF AE", "display on (0xAF)")]
    [DataRow("8D 14 AF 8D 10", "the charge pump (0x8D 0x14)")]
    public void Nothing_is_seen_without_the_pump_and_before_it_is_switched_on(string sent, string missing)
    {
        Commands([.. sent.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Convert.ToByte(word, 16))]);
        Commands(0xA5);
        Assert.AreEqual($"SSD1306 shows nothing: it still waits for {missing}", _panel.Remarks().Single());
        Assert.IsTrue(_panel.Picture().All(part => part == 0));
        Commands(0x8D, 0x14, 0xAF);
        Assert.IsTrue(_panel.Picture().All(part => part == 0xFF));
    }

    /// <summary>The first line on the glass: an offset or a start line of 8 brings line 8 to the top. A ratio of 16 leaves the lower end of
    /// the glass dark.</summary>
    [TestMethod]
    [DataRow("", "0,0")]
    [DataRow("D3 08", "0,56")]
    [DataRow("40", "0,0")]
    [DataRow("48", "0,56")]
    [DataRow("A8 0F", "0,48")]
    public void Lines_go_to_outputs_by_start_line_offset_and_ratio(string sent, string place)
    {
        SwitchOn();
        _panel.Data([1]);
        Commands([.. sent.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Convert.ToByte(word, 16))]);
        Assert.AreEqual(place, Lit().Single());
    }

    [TestMethod]
    public void Scanning_from_the_first_line_turns_it_on_its_head()
    {
        SwitchOn();
        _panel.Data([1]);
        Commands(0xC0);
        Assert.AreEqual("0,63", Lit().Single());
    }

    /// <summary>The remap of segments affects only later writes.</summary>
    [TestMethod]
    public void Remap_leaves_what_is_written()
    {
        SwitchOn();
        _panel.Data([1]);
        Commands(0xA0);
        Assert.AreEqual("0,0", Lit().Single());
        _panel.Data([1]);
        Assert.AreSequenceEqual(new[] { "0,0", "126,0" }, Lit());
    }

    /// <summary>If the outputs come in order and the glass takes them in turn, the lines of both halves alternate.</summary>
    [TestMethod]
    public void Wrong_pins_comb_the_picture()
    {
        SwitchOn(0xDA, 0x02, 0x20, 0, 0x21, 0, 0);
        _panel.Data([0xFF]);
        Assert.AreSequenceEqual(Enumerable.Range(0, 8).Select(line => $"0,{2 * line}"), Lit());
    }

    [TestMethod]
    public void All_on_and_inverse_are_over_the_memory()
    {
        SwitchOn();
        Commands(0xA7);
        Assert.HasCount(128 * 64, Lit());
        Commands(0xA5);
        Assert.IsEmpty(Lit());
        Commands(0xA6, 0xA4, 0x81, 0x20);
        Assert.IsEmpty(Lit());
        Assert.AreEqual(0x20, _panel.Contrast);
    }

    /// <summary>Scroll commands consume their parameters.</summary>
    [TestMethod]
    public void What_is_not_modelled_is_named_and_counted()
    {
        SwitchOn(0x26, 0, 0, 0, 7, 0, 0xFF, 0x2F, 0x2E, 0xE3, 0xA8, 3, 0x21, 9, 3, 0xF0);
        Assert.AreSequenceEqual(new[] { "0x21 9 to 3, whose end comes before its start", "0x26", "0x2F", "0xF0", "a multiplex ratio of 4" },
            _panel.NotModelled.Keys);
    }

    private void SwitchOn(params ReadOnlySpan<byte> more)
    {
        Commands(0xA1, 0xC8, 0x8D, 0x14, 0xAF);
        Commands(more);
    }

    private void Commands(params ReadOnlySpan<byte> commands)
    {
        foreach (byte command in commands)
        {
            _panel.Command(command);
        }
    }

    private IEnumerable<string> Lit() =>
        from y in Enumerable.Range(0, 64)
        from x in Enumerable.Range(0, 128)
        where _panel.ColorAt(x, y) != 0
        select $"{x},{y}";
}
