using System;
using Carveout.Board;

namespace Carveout.Video.Displays
{
    /// <summary>Draws frames as text on the console, with characters for brightness. For a board without a display and for a first look.</summary>
    /// <remarks>Each character shows the pixel nearest to its middle, its BT.601 luma in ten steps. It allocates new lines for each frame,
    /// so it is not for movies. Not synchronized: one thread drives a display.</remarks>
    public sealed class ConsoleDisplay : FrameDisplay
    {
        /// <summary>The most characters in a line, and the most lines.</summary>
        internal const int MaxCharacters = 256;

        private const string Shades = " .:-=+*#%@";

        private readonly PhysicalMemory _memory;
        private readonly int _columns, _lines;
        private readonly byte[] _pixels;

        /// <summary>Makes a console display of a given size.</summary>
        /// <param name="format">The format of the frames: RGB565, RGB565X, YUYV or GREY.</param>
        /// <param name="columns">Characters in a line, 1 to 256.</param>
        /// <param name="lines">Lines of text, 1 to 256; half as many as columns look square.</param>
        /// <exception cref="ArgumentOutOfRangeException">The format is another, or a number is out of its range.</exception>
        public ConsoleDisplay(PhysicalMemory memory, VideoFormat format, int columns, int lines)
        {
            if (memory == null)
            {
                throw new ArgumentNullException(nameof(memory));
            }
            if (format == null)
            {
                throw new ArgumentNullException(nameof(format));
            }
            if (format.PixelFormat != PixelFormat.RGB565 && format.PixelFormat != PixelFormat.RGB565X && format.PixelFormat != PixelFormat.YUYV
                && format.PixelFormat != PixelFormat.GREY)
            {
                throw new ArgumentOutOfRangeException(nameof(format), "the console cannot draw " + format.ToString()
                    + ": expected RGB565, RGB565X, YUYV or GREY");
            }
            if (columns < 1 || columns > MaxCharacters || lines < 1 || lines > MaxCharacters)
            {
                throw new ArgumentOutOfRangeException(nameof(columns), columns.ToString() + "x" + lines.ToString()
                    + " characters: expected 1 to " + MaxCharacters.ToString() + " each way");
            }
            _memory = memory;
            Format = format;
            _columns = columns;
            _lines = lines;
            _pixels = new byte[format.LineSize];
        }

        /// <inheritdoc/>
        public override VideoFormat Format { get; }

        /// <inheritdoc/>
        public override PhysicalMemory Memory { get { return _memory; } }

        /// <inheritdoc/>
        public override void Show(uint address)
        {
            if (address == 0)
            {
                throw new ArgumentOutOfRangeException(nameof(address), "console: 0 is no address of a frame");
            }
            var text = new char[_columns];
            for (int line = 0; line < _lines; line++)
            {
                int y = (2 * line + 1) * Format.Height / (2 * _lines);
                _memory.Read(address + (uint)(y * Format.BytesPerLine), _pixels, 0, _pixels.Length);
                for (int column = 0; column < _columns; column++)
                {
                    text[column] = Shades[LumaAt((2 * column + 1) * Format.Width / (2 * _columns)) * Shades.Length / 256];
                }
                Console.WriteLine(new string(text));
            }
        }

        private int LumaAt(int x)
        {
            if (Format.PixelFormat == PixelFormat.GREY)
            {
                return _pixels[x];
            }
            int low = _pixels[2 * x], high = _pixels[2 * x + 1];
            if (Format.PixelFormat == PixelFormat.YUYV)
            {
                return low;
            }
            int pixel = Format.PixelFormat == PixelFormat.RGB565 ? high << 8 | low : low << 8 | high;
            // Luma by BT.601, its weights in thousandths, of colours of five, six and five bits.
            return ((pixel >> 11) * 299 * 255 / 31 + (pixel >> 5 & 63) * 587 * 255 / 63 + (pixel & 31) * 114 * 255 / 31) / 1000;
        }
    }
}
