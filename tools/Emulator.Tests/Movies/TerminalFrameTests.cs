using System.Text;
using Carveout.Emulator.Presentation;
using Carveout.Video;
using Spectre.Console;

namespace Carveout.Emulator.Tests.Movies;

/// <summary>Frames as half blocks, to the last escape sequence.</summary>
[TestClass]
public sealed class TerminalFrameTests
{
    private const string Escape = "\u001b[";

    private static readonly VideoFormat s_two = new(2, 2, PixelFormat.RGB565);

    // Red, green; blue, white.
    private static readonly byte[] s_image = [0x00, 0xF8, 0xE0, 0x07, 0x1F, 0x00, 0xFF, 0xFF];

    [TestMethod]
    public void True_colour_is_written_in_full()
    {
        Assert.AreEqual(
            $"{Escape}38;2;255;0;0;48;2;0;0;255m▀{Escape}0m{Escape}38;2;0;255;0;48;2;255;255;255m▀{Escape}0m\n",
            Draw(s_two, s_image, 80, ColorSystemSupport.TrueColor));
    }

    [TestMethod]
    public void Of_256_colours_the_nearest_are_taken()
    {
        Assert.AreEqual($"{Escape}38;5;9;48;5;12m▀{Escape}0m{Escape}38;5;10;48;5;15m▀{Escape}0m\n",
            Draw(s_two, s_image, 80, ColorSystemSupport.EightBit));
    }

    [TestMethod]
    public void One_look_is_written_once_and_an_odd_line_has_no_lower_half()
    {
        var format = new VideoFormat(3, 3, PixelFormat.RGB565X);
        byte[] image = new byte[18];
        Array.Fill(image, (byte)0xFF, 0, 6);
        Assert.AreEqual($"{Escape}38;2;255;255;255;48;2;0;0;0m▀▀▀{Escape}0m\n{Escape}38;2;0;0;0m▀▀▀{Escape}0m\n",
            Draw(format, image, 80, ColorSystemSupport.TrueColor));
    }

    [TestMethod]
    public void A_wide_frame_is_scaled_to_the_columns_by_means()
    {
        var format = new VideoFormat(4, 4, PixelFormat.RGB565);
        // Columns alternate between black and white, so every mean is grey.
        byte[] image = [.. Enumerable.Range(0, 16).SelectMany(i => (byte[])((i & 1) == 0 ? [0, 0] : [0xFF, 0xFF]))];
        string grey = $"{Escape}38;2;128;128;128;48;2;128;128;128m";
        Assert.AreEqual($"{grey}▀▀{Escape}0m\n", Draw(format, image, 2, ColorSystemSupport.TrueColor));
        Assert.AreEqual($"{Escape}38;2;128;128;128m▀{Escape}0m\n", Draw(format, image, 1, ColorSystemSupport.TrueColor));
        string black = Draw(new VideoFormat(320, 240, PixelFormat.RGB565), new byte[153600], 6, ColorSystemSupport.TrueColor);
        Assert.AreEqual(3, black.Count(c => c == '\n'));
    }

    [TestMethod]
    public void The_terminals_width_is_not_exceeded()
    {
        var format = new VideoFormat(320, 240, PixelFormat.RGB565);
        string drawn = Draw(format, new byte[153600], 1000, ColorSystemSupport.TrueColor, 40);
        Assert.AreEqual(40, drawn.Split('\n')[0].Count(c => c == '▀'));
        Assert.AreEqual(15, drawn.Count(c => c == '\n'));
    }

    [TestMethod]
    [DataRow(ColorSystemSupport.TrueColor, true, true, true, true)]
    [DataRow(ColorSystemSupport.EightBit, true, true, true, true)]
    [DataRow(ColorSystemSupport.Standard, true, true, true, false)]
    [DataRow(ColorSystemSupport.NoColors, true, true, true, false)]
    [DataRow(ColorSystemSupport.TrueColor, false, true, true, false)]
    [DataRow(ColorSystemSupport.TrueColor, true, false, true, false)]
    [DataRow(ColorSystemSupport.TrueColor, true, true, false, false)]
    public void Only_a_terminal_that_can_is_drawn_on(ColorSystemSupport colours, bool terminal, bool unicode, bool ansi, bool can)
    {
        IAnsiConsole console = Console(new StringWriter(), colours, terminal, 80, ansi);
        console.Profile.Capabilities.Unicode = unicode;
        Assert.AreEqual(can, TerminalFrame.CanShow(console));
    }

    [TestMethod]
    public void Refuses_what_it_cannot_draw()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new TerminalFrame(new VideoFormat(2, 2, PixelFormat.YUYV), s_image, 80));
        Assert.ThrowsExactly<ArgumentException>(() => new TerminalFrame(s_two, new byte[7], 80));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TerminalFrame(s_two, s_image, 0));
    }

    private static string Draw(VideoFormat format, byte[] image, int columns, ColorSystemSupport colours, int width = 80)
    {
        var text = new StringWriter { NewLine = "\n" };
        Console(text, colours, true, width, true).Write(new TerminalFrame(format, image, columns));
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static IAnsiConsole Console(StringWriter text, ColorSystemSupport colours, bool terminal, int width, bool ansi) =>
        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No, ColorSystem = colours, Out = new Terminal(text, terminal, width),
        });

    /// <summary>A console with chosen properties.</summary>
    private sealed class Terminal(TextWriter writer, bool isTerminal, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => width;

        public int Height => 24;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
