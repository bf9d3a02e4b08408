using Carveout.Emulator.Movies;
using Carveout.Video;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Presentation;

/// <summary>Draws a frame as text: an upper half block for two pixels, the upper one in its foreground, the lower one in its
/// background.</summary>
/// <remarks>The frame is reduced to the given columns, so that each character shows the mean of its pixels; it is never enlarged.
/// Spectre.Console writes true colour if the terminal has it, otherwise the nearest of 256 colours. If <see cref="CanShow"/> is false (a
/// file, a pipe, fewer colours, no Unicode), nothing is drawn.</remarks>
internal sealed class TerminalFrame : Renderable
{
    private const char UpperHalf = '▀';

    private readonly VideoFormat _format;
    private readonly byte[] _image;
    private readonly int _columns;

    /// <summary>Makes a frame that draws what the array holds at that time.</summary>
    /// <param name="format">RGB565 or RGB565X.</param>
    /// <param name="image">The frame.</param>
    /// <param name="columns">The most characters in a line, at least 1; fewer if the terminal is narrower.</param>
    /// <exception cref="ArgumentException">The format is none of these, or the frame is too short.</exception>
    public TerminalFrame(VideoFormat format, byte[] image, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        _ = new Rgb565Image(format, image);
        _format = format;
        _image = image;
        _columns = columns;
    }

    /// <summary>Whether a console can show pictures: a terminal with Unicode and at least 256 colours.</summary>
    public static bool CanShow(IAnsiConsole console)
    {
        Capabilities can = console.Profile.Capabilities;
        return console.Profile.Out.IsTerminal && can.Ansi && can.Unicode && can.ColorSystem is ColorSystem.EightBit or ColorSystem.TrueColor;
    }

    /// <inheritdoc/>
    protected override Measurement Measure(RenderOptions options, int maxWidth)
    {
        int width = Columns(maxWidth);
        return new Measurement(width, width);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        int width = Columns(maxWidth), height = Math.Max(1, ((_format.Height * width) + (_format.Width / 2)) / _format.Width);
        for (int y = 0; y < height; y += 2)
        {
            // Characters with one look are written together, because a picture consists mostly of escape sequences.
            var look = Style.Plain;
            int run = 0;
            for (int x = 0; x < width; x++)
            {
                Color upper = Mean(x, y, width, height);
                Style next = y + 1 < height ? new Style(upper, Mean(x, y + 1, width, height)) : new Style(upper);
                if (run > 0 && !next.Equals(look))
                {
                    yield return Blocks(run, look);
                    run = 0;
                }
                look = next;
                run++;
            }
            yield return Blocks(run, look);
            yield return Segment.LineBreak;
        }
    }

    private static Segment Blocks(int count, Style style) => new(new string(UpperHalf, count), style);

    private int Columns(int maxWidth) => Math.Min(Math.Min(_columns, maxWidth), _format.Width);

    private Color Mean(int x, int y, int width, int height)
    {
        int left = x * _format.Width / width, right = Math.Max(left + 1, (x + 1) * _format.Width / width);
        int top = y * _format.Height / height, bottom = Math.Max(top + 1, (y + 1) * _format.Height / height);
        var image = new Rgb565Image(_format, _image);
        int red = 0, green = 0, blue = 0, count = (right - left) * (bottom - top);
        for (int line = top; line < bottom; line++)
        {
            for (int column = left; column < right; column++)
            {
                (byte r, byte g, byte b) = image.Pixel(column, line);
                red += r;
                green += g;
                blue += b;
            }
        }
        return new Color(Rounded(red, count), Rounded(green, count), Rounded(blue, count));
    }

    private static byte Rounded(int sum, int count) => (byte)((sum + (count / 2)) / count);
}
