using Carveout.Board;
using Carveout.Graphics;
using Carveout.Video.Displays;
using nanoFramework.UI;

namespace Carveout.Panels.Tests;

/// <summary>Frames on the screen of nanoFramework.Graphics: what is sent to the firmware, and refusals. <see cref="PairingTests"/> compares
/// the pictures.</summary>
[TestClass]
public sealed class GraphicsDisplayTests
{
    private const uint Frame = 0x20000000;

    private readonly ManagedMemory _memory = new(Frame, 240 * 320 * 2);

    /// <summary>A line has 480 bytes; no write has more than fits into the chunk.</summary>
    [TestMethod]
    [DataRow(16384, 10, "240x34 at 0,0 of 8160", "240x14 at 0,306 of 8160")]
    [DataRow(4800, 32, "240x10 at 0,0 of 2400", "240x10 at 0,310 of 2400")]
    [DataRow(959, 320, "240x1 at 0,0 of 240", "240x1 at 0,319 of 240")]
    [DataRow(480, 320, "240x1 at 0,0 of 240", "240x1 at 0,319 of 240")]
    public void Whole_lines_go_out_as_many_as_fit(int chunkSize, int writes, string first, string last)
    {
        GraphicsDisplay display = Upright(chunkSize);
        display.Show(Frame);
        List<string> written = DisplayControl.Writes;
        Assert.HasCount(writes, written);
        Assert.AreEqual((first, last), (written[0], written[^1]));
        for (int i = 1; i < writes; i++)
        {
            int above = int.Parse(written[i - 1].Split(' ')[2].Split(',')[1]), lines = int.Parse(written[i - 1].Split(' ')[0].Split('x')[1]);
            Assert.Contains($" at 0,{above + lines} of ", written[i]);
        }
    }

    [TestMethod]
    [DataRow(479)]
    [DataRow(16385)]
    public void A_chunk_is_a_line_or_more_and_fits_a_transfer(int chunkSize) =>
        Assert.Contains($"{chunkSize} bytes: expected 480, a line, to 16384",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Upright(chunkSize)).Message);

    [TestMethod]
    public void A_screen_has_to_be_there()
    {
        DisplayControl.Forget();
        Assert.AreEqual("DisplayControl has no screen: expected DisplayControl.Initialize before",
            Assert.ThrowsExactly<InvalidOperationException>(() => new GraphicsDisplay(_memory, 4096)).Message);
        DisplayControl.Drive(Ili934xPanel.Ili9341(Rotation.None), Rotation.None, bitsPerPixel: 1);
        Assert.AreEqual("DisplayControl has a screen of 1 bits a pixel: expected 16",
            Assert.ThrowsExactly<InvalidOperationException>(() => new GraphicsDisplay(_memory, 4096)).Message);
        Assert.ThrowsExactly<ArgumentNullException>(() => new GraphicsDisplay(null!, 4096));
    }

    /// <summary>The firmware would write beyond the screen.</summary>
    [TestMethod]
    public void A_screen_that_was_turned_since_is_refused()
    {
        GraphicsDisplay display = Upright(4096);
        DisplayControl.Drive(Ili934xPanel.Ili9341(Rotation.Clockwise90), Rotation.Clockwise90);
        Assert.AreEqual("the screen is 320x240 now: expected 240x320, as when this display was made",
            Assert.ThrowsExactly<InvalidOperationException>(() => display.Show(Frame)).Message);
        Assert.IsEmpty(DisplayControl.Writes);
    }

    [TestMethod]
    public void What_is_no_frame_is_refused()
    {
        GraphicsDisplay display = Upright(4096);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => display.Show(0));
        Assert.IsEmpty(DisplayControl.Writes);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => display.Show(Frame + 2));
    }

    private GraphicsDisplay Upright(int chunkSize)
    {
        DisplayControl.Drive(Ili934xPanel.Ili9341(Rotation.None), Rotation.None);
        return new GraphicsDisplay(_memory, chunkSize);
    }
}
