using System;

namespace Carveout.Video
{
    /// <summary>A generated movie: colour bars, a grey ramp below them, a bouncing box and the number of the frame. It is drawn line by
    /// line.</summary>
    /// <remarks>The bars are the eight of ITU-R BT.601 at full amplitude, in limited range. A frame depends on its number alone, so a test
    /// can tell what every byte of it must be. The constructor draws parts, and Array.Copy, which is native on the device, puts every line
    /// together from them. Nothing is allocated afterwards. Not synchronized: it remembers where the box is.</remarks>
    public sealed class TestCard
    {
        /// <summary>The least width and height, in pixels.</summary>
        internal const int MinSize = 16;

        /// <summary>The most digits of the frame's number; higher digits are cut off.</summary>
        internal const int MaxDigits = 8;

        private const int PixelSize = 2;
        private const int Bars = 8, GlyphWidth = 5, GlyphHeight = 7, CellWidth = 6, CellHeight = 9;
        private const int LumaWhite = 235, LumaBlack = 16, Neutral = 128;

        private readonly byte[] _barLine, _rampLine, _boxPart;

        /// <summary>The rows of all ten digits: <see cref="CellHeight"/> rows for each digit, <see cref="_cellBytes"/> bytes for each row.</summary>
        private readonly byte[] _cells;

        private readonly int[] _digit = new int[MaxDigits];
        private readonly int _rampY, _boxSize, _zoom, _cellBytes, _counterX, _counterY, _digits;
        private long _frame = -1;
        private int _boxX, _boxY;

        /// <summary>Draws the parts.</summary>
        /// <param name="width">Pixels, 16 to 4096; even for YUYV.</param>
        /// <param name="height">Lines, 16 to 4096.</param>
        /// <param name="pixelFormat">RGB565, RGB565X or YUYV.</param>
        /// <exception cref="ArgumentException">A size is out of its range, or the format is none of these.</exception>
        public TestCard(int width, int height, PixelFormat pixelFormat)
        {
            if (pixelFormat != PixelFormat.RGB565 && pixelFormat != PixelFormat.RGB565X && pixelFormat != PixelFormat.YUYV)
            {
                throw new ArgumentOutOfRangeException(nameof(pixelFormat), VideoFormat.NameOf(pixelFormat) + ": expected RGB565, RGB565X or YUYV");
            }
            if (width < MinSize || height < MinSize)
            {
                throw new ArgumentOutOfRangeException(width < MinSize ? nameof(width) : nameof(height), width.ToString() + "x"
                    + height.ToString() + ": expected at least " + MinSize.ToString() + " each way");
            }
            Format = new VideoFormat(width, height, pixelFormat);
            // Lines are drawn as YUYV, whose pixels come in pairs, and then converted. If the width is odd, the last pixel is dropped.
            int pairs = width + 1 & ~1;
            _barLine = Line(pairs, true);
            _rampLine = Line(pairs, false);
            _rampY = height - height / 4;
            _boxSize = (width < height ? width : height) / 8 & ~1;
            _boxPart = new byte[_boxSize * PixelSize];
            Paint(_boxPart, 0, _boxSize, LumaWhite, Neutral, Neutral);
            Paint(_boxPart, 0, 2, LumaBlack, Neutral, Neutral);
            Paint(_boxPart, _boxSize - 2, 2, LumaBlack, Neutral, Neutral);
            _zoom = height / 60 < 1 ? 1 : height / 60;
            while (_zoom > 1 && width < (MaxDigits + 1) * CellWidth * _zoom)
            {
                _zoom--;
            }
            int cell = CellWidth * _zoom, room = width / cell;
            _digits = room > MaxDigits ? MaxDigits : room;
            _cellBytes = cell * PixelSize;
            _counterX = (width - _digits * cell) / 2 & ~1;
            _counterY = height / 16;
            _cells = new byte[10 * CellHeight * _cellBytes];
            DrawDigits();
            if (pixelFormat != PixelFormat.YUYV)
            {
                var converter = new PixelConverter(Quantization.LimitedRange, pixelFormat);
                ToRgb(converter, _barLine);
                ToRgb(converter, _rampLine);
                ToRgb(converter, _boxPart);
                for (int row = 0; row < _cells.Length; row += _cellBytes)
                {
                    byte[] rgb = new byte[_cellBytes];
                    converter.YuyvLine(_cells, row, rgb, 0, cell);
                    Array.Copy(rgb, 0, _cells, row, _cellBytes);
                }
            }
        }

        /// <summary>The format of the frames; lines have no gaps between them.</summary>
        public VideoFormat Format { get; }

        /// <summary>How many digits of the frame's number are shown.</summary>
        public int Digits { get { return _digits; } }

        /// <summary>Draws a frame of the movie, line by line. Allocates a line.</summary>
        /// <param name="frame">A frame of the card's size and pixel format.</param>
        /// <param name="number">The frame's number, from 0: the box moves with it.</param>
        /// <exception cref="ObjectDisposedException">The frame was given back.</exception>
        /// <exception cref="ArgumentException">The frame has another size or pixel format, or the number is negative; nothing was drawn.</exception>
        public void DrawOn(FrameBuffer frame, int number)
        {
            if (frame == null)
            {
                throw new ArgumentNullException(nameof(frame));
            }
            uint address = frame.Address;
            if (frame.Width != Format.Width || frame.Height != Format.Height || frame.PixelFormat != Format.PixelFormat)
            {
                throw new ArgumentException(frame.ToString() + " cannot take a card of " + Format.ToString()
                    + ": expected the same size and pixel format", nameof(frame));
            }
            var pixels = new byte[Format.LineSize];
            for (int y = 0; y < frame.Height; y++)
            {
                FillLine(number, y, pixels, 0);
                frame.Memory.Write(address, pixels, 0, pixels.Length);
                address += (uint)frame.Stride;
            }
        }

        /// <summary>Writes a line of a frame: <see cref="VideoFormat.LineSize"/> bytes of <see cref="Format"/>.</summary>
        /// <param name="number">The frame's number, from 0.</param>
        /// <param name="y">The line, from the top.</param>
        /// <param name="line">Receives the bytes.</param>
        /// <param name="offset">Where they begin.</param>
        /// <exception cref="ArgumentOutOfRangeException">The number is negative, there is no such line, or the array does not have the
        /// bytes; nothing was written.</exception>
        public void FillLine(long number, int y, byte[] line, int offset)
        {
            int size = Format.LineSize;
            if (number < 0 || (uint)y >= (uint)Format.Height)
            {
                throw new ArgumentOutOfRangeException(number < 0 ? nameof(number) : nameof(y), "frame " + number.ToString() + ", line "
                    + y.ToString() + ": expected a frame from 0 on and a line of 0 to " + (Format.Height - 1).ToString());
            }
            if (line == null)
            {
                throw new ArgumentNullException(nameof(line));
            }
            if (offset < 0 || offset > line.Length - size)
            {
                throw new ArgumentOutOfRangeException(nameof(offset), size.ToString() + " bytes from offset " + offset.ToString()
                    + " do not lie in an array of " + line.Length.ToString());
            }
            if (number != _frame)
            {
                Place(number);
            }
            Array.Copy(y < _rampY ? _barLine : _rampLine, 0, line, offset, size);
            if (y >= _boxY && y - _boxY < _boxSize)
            {
                Array.Copy(_boxPart, 0, line, offset + PixelSize * _boxX, _boxPart.Length);
            }
            int row = y - _counterY;
            if (row >= 0 && row < CellHeight * _zoom)
            {
                row /= _zoom;
                int at = offset + PixelSize * _counterX;
                for (int i = _digits - 1; i >= 0; i--)
                {
                    Array.Copy(_cells, (_digit[i] * CellHeight + row) * _cellBytes, line, at, _cellBytes);
                    at += _cellBytes;
                }
            }
        }

        /// <summary>Computes what all lines of a frame share.</summary>
        private void Place(long frame)
        {
            _frame = frame;
            _boxX = Bounce(frame * 2, (Format.Width - _boxSize) / 2) * 2;
            _boxY = Bounce(frame * 3, Format.Height - _boxSize);
            for (int i = 0; i < MaxDigits; i++)
            {
                _digit[i] = (int)(frame % 10);
                frame /= 10;
            }
        }

        private static int Bounce(long way, int travel)
        {
            int at = (int)(way % (2 * travel));
            return at < travel ? at : 2 * travel - at;
        }

        private static byte[] Line(int width, bool bars)
        {
            // Y, U and V of white, yellow, cyan, green, magenta, red, blue and black.
            byte[] colours =
            {
                235, 128, 128, 210, 16, 146, 170, 166, 16, 145, 54, 34, 106, 202, 222, 81, 90, 240, 41, 240, 110, 16, 128, 128,
            };
            byte[] line = new byte[width * PixelSize];
            for (int x = 0; x < width; x += 2)
            {
                if (bars)
                {
                    int bar = 3 * (x * Bars / width);
                    Paint(line, x, 2, colours[bar], colours[bar + 1], colours[bar + 2]);
                }
                else
                {
                    Paint(line, x, 2, LumaBlack + x * (LumaWhite - LumaBlack) / (width - 2), Neutral, Neutral);
                }
            }
            return line;
        }

        /// <summary>Paints pixels in YUYV; both numbers of pixels are even.</summary>
        private static void Paint(byte[] line, int x, int width, int y, int u, int v)
        {
            for (int at = PixelSize * x; at < PixelSize * (x + width); at += 4)
            {
                line[at] = (byte)y;
                line[at + 1] = (byte)u;
                line[at + 2] = (byte)y;
                line[at + 3] = (byte)v;
            }
        }

        /// <summary>Draws the digits, white on black, with an empty row above and below. Chroma is neutral everywhere, so single pixels may
        /// differ.</summary>
        private void DrawDigits()
        {
            // A digit has seven rows of five pixels; the left one is bit 4.
            byte[] glyphs =
            {
                0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E, 0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E,
                0x0E, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1F, 0x1F, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0E,
                0x02, 0x06, 0x0A, 0x12, 0x1F, 0x02, 0x02, 0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E,
                0x06, 0x08, 0x10, 0x1E, 0x11, 0x11, 0x0E, 0x1F, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08,
                0x0E, 0x11, 0x11, 0x0E, 0x11, 0x11, 0x0E, 0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C,
            };
            for (int digit = 0; digit < 10; digit++)
            {
                for (int row = 0; row < CellHeight; row++)
                {
                    bool blank = row == 0 || row > GlyphHeight;
                    int glyph = blank ? 0 : glyphs[digit * GlyphHeight + row - 1];
                    int at = (digit * CellHeight + row) * _cellBytes;
                    for (int x = 0; x < CellWidth * _zoom; x++)
                    {
                        int column = x / _zoom;
                        bool lit = column < GlyphWidth && (glyph >> (GlyphWidth - 1 - column) & 1) != 0;
                        _cells[at + PixelSize * x] = (byte)(lit ? LumaWhite : LumaBlack);
                        _cells[at + PixelSize * x + 1] = Neutral;
                    }
                }
            }
        }

        private static void ToRgb(PixelConverter converter, byte[] line)
        {
            byte[] rgb = new byte[line.Length];
            converter.YuyvLine(line, 0, rgb, 0, line.Length / PixelSize);
            Array.Copy(rgb, 0, line, 0, line.Length);
        }
    }
}
