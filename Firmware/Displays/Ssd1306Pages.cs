using System;
using Carveout.Board;

namespace Carveout.Video.Displays
{
    /// <summary>Converts frames of RGB565 to the SSD1306's layout: scaled to its 128 columns, dithered, in pages of eight lines.</summary>
    /// <remarks>Carveout's own driver and nanoFramework's binding both send these bytes. Nothing is allocated after construction. Not
    /// synchronized.</remarks>
    public sealed class Ssd1306Pages
    {
        /// <summary>Columns of the panel, which are also the bytes of a page.</summary>
        public const int Width = 128;

        private const int LinesPerPage = 8;

        private readonly PhysicalMemory _memory;
        private readonly VideoFormat _format;
        private readonly LineScaler _scaler;
        private readonly BayerDither _dither = new BayerDither();
        private readonly byte[] _source, _line;
        private readonly int _height;

        /// <summary>Makes a converter for the pages of a panel.</summary>
        /// <param name="height">64 or 32: the lines of the panel.</param>
        /// <param name="format">The format of the frames, RGB565 of any size.</param>
        public Ssd1306Pages(PhysicalMemory memory, int height, VideoFormat format, ScaleFit fit)
        {
            if (memory == null)
            {
                throw new ArgumentNullException(nameof(memory));
            }
            if (format == null)
            {
                throw new ArgumentNullException(nameof(format));
            }
            if (height != 64 && height != 32)
            {
                throw new ArgumentOutOfRangeException(nameof(height), "SSD1306 with " + height.ToString() + " lines: expected 64 or 32");
            }
            if (format.PixelFormat != PixelFormat.RGB565)
            {
                throw new ArgumentOutOfRangeException(nameof(format), "SSD1306 cannot dither " + format.ToString() + ": expected RGB565");
            }
            _memory = memory;
            _height = height;
            _format = format;
            _scaler = new LineScaler(format.Width, format.Height, Width, height, fit);
            _source = new byte[format.LineSize];
            _line = new byte[2 * Width];
        }

        internal PhysicalMemory Memory { get { return _memory; } }

        /// <summary>Lines of the panel.</summary>
        public int Height { get { return _height; } }

        /// <summary>Pages of the panel.</summary>
        public int Count { get { return _height / LinesPerPage; } }

        /// <summary>The format of the frames that it takes.</summary>
        public VideoFormat Format { get { return _format; } }

        /// <summary>Converts one page of a frame.</summary>
        /// <param name="address">Address of an image of <see cref="Format"/>.</param>
        /// <param name="page">0 to <see cref="Count"/> - 1, from the top.</param>
        /// <param name="into">Receives the page.</param>
        /// <param name="offset">Where its <see cref="Width"/> bytes begin.</param>
        /// <exception cref="ArgumentOutOfRangeException">The address is 0, or the memory does not have the bytes.</exception>
        public void Render(uint address, int page, byte[] into, int offset)
        {
            if (address == 0)
            {
                throw new ArgumentOutOfRangeException(nameof(address), "SSD1306: 0 is no address of a frame");
            }
            int shown = -1, end = (page + 1) * LinesPerPage;
            for (int y = page * LinesPerPage; y < end; y++)
            {
                int line = _scaler.SourceLine(y);
                if (line < 0)
                {
                    Array.Clear(_line, 0, _line.Length);
                    shown = -1;
                }
                else if (line != shown)
                {
                    _memory.Read(address + (uint)(line * _format.BytesPerLine), _source, 0, _source.Length);
                    _scaler.Scale(_source, 0, _line, 0);
                    shown = line;
                }
                _dither.DitherLine(_line, 0, y, into, offset, Width);
            }
        }
    }
}
