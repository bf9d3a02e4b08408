using System;

namespace Carveout.Video
{
    /// <summary>Converts lines of luma and chroma to RGB565 by BT.601, with tables that are built once.</summary>
    /// <remarks>
    /// <para>The matrix is that of ITU-R BT.601, with Kr = 0.299 and Kb = 0.114. A colour is rounded to eight bits and then cut to five or six, as
    /// display controllers and ffmpeg do. Table entries are in quarters of an eight-bit step, so the sum of three rounded terms differs from the
    /// exact sum by at most 0.375, and about one pixel in a hundred differs after the cut.</para>
    /// <para>It is written for an interpreter: additions of table entries replace multiplications, another table replaces clamping and shifting, and
    /// everything in the loop is a local. Chroma is used as it is, without interpolation between samples. Nothing is allocated after construction;
    /// the tables take about 23 KB. A converter has no state but its tables, which never change, so threads may share it.</para>
    /// </remarks>
    internal sealed class PixelConverter
    {
        /// <summary>Table steps in one step of an eight-bit colour.</summary>
        private const int Scale = 4;

        private const double Kr = 0.299, Kb = 0.114, Kg = 1 - Kr - Kb;

        /// <summary>What a value of Y, V or U adds to the sum of a colour; the tables for Y begin at 0.</summary>
        private readonly int[] _luma, _redOfV, _greenOfU, _greenOfV, _blueOfU;

        /// <summary>By sum: the colour, clamped and shifted to its place in the pixel.</summary>
        private readonly ushort[] _red, _green, _blue;

        /// <summary>By Y: the whole pixel if there is no chroma.</summary>
        private readonly ushort[] _grey;

        /// <summary>Builds the tables.</summary>
        /// <param name="range">The range of luma and chroma.</param>
        /// <param name="output">RGB565, or RGB565X for a display that takes the high byte first; both cost the same.</param>
        /// <exception cref="ArgumentOutOfRangeException">The range or the output is none of these.</exception>
        public PixelConverter(Quantization range, PixelFormat output)
        {
            if (range != Quantization.LimitedRange && range != Quantization.FullRange)
            {
                throw new ArgumentOutOfRangeException(nameof(range), ((int)range).ToString() + ": expected LimitedRange or FullRange");
            }
            if (output != PixelFormat.RGB565 && output != PixelFormat.RGB565X)
            {
                throw new ArgumentOutOfRangeException(nameof(output), VideoFormat.NameOf(output) + ": expected RGB565 or RGB565X");
            }
            Output = output;
            bool limited = range == Quantization.LimitedRange;
            double gain = limited ? 255.0 / 219 : 1, chroma = limited ? 255.0 / 224 : 1;
            int black = limited ? 16 : 0;
            _luma = Part(gain, 0);
            _redOfV = Part(2 * (1 - Kr) * chroma, 128);
            _greenOfU = Part(-2 * (1 - Kb) * Kb / Kg * chroma, 128);
            _greenOfV = Part(-2 * (1 - Kr) * Kr / Kg * chroma, 128);
            _blueOfU = Part(2 * (1 - Kb) * chroma, 128);
            // The chroma tables include the offset that turns the least sum of each colour into index 0, so the loops need not add it.
            double dark = black * gain * Scale;
            int most = _luma[255];
            _red = Colour(_redOfV[0], _redOfV[255] + most, dark, 3, 11);
            _green = Colour(_greenOfU[255] + _greenOfV[255], _greenOfU[0] + _greenOfV[0] + most, dark, 2, 5);
            _blue = Colour(_blueOfU[0], _blueOfU[255] + most, dark, 3, 0);
            Shift(_redOfV, -_redOfV[0]);
            Shift(_greenOfU, -_greenOfU[255]);
            Shift(_greenOfV, -_greenOfV[255]);
            Shift(_blueOfU, -_blueOfU[0]);
            _grey = new ushort[256];
            int neutralRed = _redOfV[128], neutralGreen = _greenOfU[128] + _greenOfV[128], neutralBlue = _blueOfU[128];
            for (int y = 0; y < 256; y++)
            {
                int part = _luma[y];
                _grey[y] = (ushort)(_red[part + neutralRed] | _green[part + neutralGreen] | _blue[part + neutralBlue]);
            }
        }

        /// <summary>RGB565 or RGB565X.</summary>
        public PixelFormat Output { get; }

        /// <summary>Converts a line, or any even number of pixels, of YUYV or UYVY.</summary>
        /// <param name="from">Holds Y0 U Y1 V for two pixels, or U Y0 V Y1.</param>
        /// <param name="fromOffset">Where these begin.</param>
        /// <param name="to">Receives two bytes for each pixel; another array than <paramref name="from"/>.</param>
        /// <param name="toOffset">Where the pixels begin.</param>
        /// <param name="width">Pixels; even, at least 0.</param>
        /// <param name="chromaFirst">True for UYVY.</param>
        /// <exception cref="ArgumentException">The width is odd, or the bytes do not lie in the arrays; nothing was written.</exception>
        public void YuyvLine(byte[] from, int fromOffset, byte[] to, int toOffset, int width, bool chromaFirst = false)
        {
            CheckWidth(width, 2);
            CheckSpan(from, fromOffset, 2 * width, nameof(from));
            CheckSpan(to, toOffset, 2 * width, nameof(to));
            int[] luma = _luma, redOfV = _redOfV, greenOfU = _greenOfU, greenOfV = _greenOfV, blueOfU = _blueOfU;
            ushort[] red = _red, green = _green, blue = _blue;
            // Offsets from a luma byte to the chroma of its pair.
            int toU = chromaFirst ? -1 : 1, toV = toU + 2, first = chromaFirst ? fromOffset + 1 : fromOffset;
            int u, v, y, pixel, r, g, b, at = first, end = first + 2 * width, o = toOffset;
            while (at < end)
            {
                u = from[at + toU];
                v = from[at + toV];
                r = redOfV[v];
                g = greenOfU[u] + greenOfV[v];
                b = blueOfU[u];
                y = luma[from[at]];
                pixel = red[y + r] | green[y + g] | blue[y + b];
                to[o] = (byte)pixel;
                to[o + 1] = (byte)(pixel >> 8);
                y = luma[from[at + 2]];
                pixel = red[y + r] | green[y + g] | blue[y + b];
                to[o + 2] = (byte)pixel;
                to[o + 3] = (byte)(pixel >> 8);
                at += 4;
                o += 4;
            }
        }

        /// <summary>Converts a line, or any even number of pixels, of a planar format whose chroma has half the width.</summary>
        /// <param name="luma">Holds <paramref name="width"/> bytes of Y.</param>
        /// <param name="lumaOffset">Where Y begins.</param>
        /// <param name="u">Holds half as many bytes of U. All three may be in one array.</param>
        /// <param name="uOffset">Where U begins.</param>
        /// <param name="v">Holds half as many bytes of V.</param>
        /// <param name="vOffset">Where V begins.</param>
        /// <param name="to">Receives two bytes for each pixel; another array than the others.</param>
        /// <param name="toOffset">Where the pixels begin.</param>
        /// <param name="width">Pixels; even, at least 0.</param>
        /// <param name="step">Bytes from one U to the next, and from one V to the next: 2 if they alternate, as in NV12.</param>
        /// <exception cref="ArgumentException">The width is odd, or the bytes do not lie in the arrays; nothing was written.</exception>
        public void Yuv420Line(byte[] luma, int lumaOffset, byte[] u, int uOffset, byte[] v, int vOffset, byte[] to, int toOffset, int width,
            int step = 1)
        {
            CheckWidth(width, 2);
            CheckSpan(luma, lumaOffset, width, nameof(luma));
            int chroma = width == 0 ? 0 : (width / 2 - 1) * step + 1;
            CheckSpan(u, uOffset, chroma, nameof(u));
            CheckSpan(v, vOffset, chroma, nameof(v));
            CheckSpan(to, toOffset, 2 * width, nameof(to));
            int[] lumaPart = _luma, redOfV = _redOfV, greenOfU = _greenOfU, greenOfV = _greenOfV, blueOfU = _blueOfU;
            ushort[] red = _red, green = _green, blue = _blue;
            int cu, cv, y, pixel, r, g, b, at = lumaOffset, atU = uOffset, atV = vOffset, end = lumaOffset + width, o = toOffset;
            while (at < end)
            {
                cu = u[atU];
                cv = v[atV];
                r = redOfV[cv];
                g = greenOfU[cu] + greenOfV[cv];
                b = blueOfU[cu];
                y = lumaPart[luma[at]];
                pixel = red[y + r] | green[y + g] | blue[y + b];
                to[o] = (byte)pixel;
                to[o + 1] = (byte)(pixel >> 8);
                y = lumaPart[luma[at + 1]];
                pixel = red[y + r] | green[y + g] | blue[y + b];
                to[o + 2] = (byte)pixel;
                to[o + 3] = (byte)(pixel >> 8);
                at += 2;
                atU += step;
                atV += step;
                o += 4;
            }
        }

        /// <summary>Converts a line, or any number of pixels, of GREY.</summary>
        /// <param name="from">Holds <paramref name="width"/> bytes of Y.</param>
        /// <param name="fromOffset">Where Y begins.</param>
        /// <param name="to">Receives two bytes for each pixel; another array than <paramref name="from"/>.</param>
        /// <param name="toOffset">Where the pixels begin.</param>
        /// <param name="width">Pixels, at least 0.</param>
        /// <exception cref="ArgumentException">The bytes do not lie in the arrays; nothing was written.</exception>
        public void GreyLine(byte[] from, int fromOffset, byte[] to, int toOffset, int width)
        {
            CheckWidth(width, 1);
            CheckSpan(from, fromOffset, width, nameof(from));
            CheckSpan(to, toOffset, 2 * width, nameof(to));
            ushort[] grey = _grey;
            int pixel, at = fromOffset, end = fromOffset + width, o = toOffset;
            while (at < end)
            {
                pixel = grey[from[at]];
                to[o] = (byte)pixel;
                to[o + 1] = (byte)(pixel >> 8);
                at++;
                o += 2;
            }
        }

        /// <summary>Cuts blue, green and red of a line, or of any number of pixels, to five, six and five bits.</summary>
        /// <inheritdoc cref="GreyLine(byte[], int, byte[], int, int)"/>
        /// <param name="from">Holds a byte of each colour for each pixel, and a fourth byte if the step is 4.</param>
        /// <param name="fromOffset">Where the pixels begin.</param>
        /// <param name="step">Bytes of a pixel: 3, or 4 if there is alpha or an unused byte; that byte is ignored.</param>
        public void RgbLine(byte[] from, int fromOffset, int step, byte[] to, int toOffset, int width)
        {
            CheckWidth(width, 1);
            CheckSpan(from, fromOffset, step * width, nameof(from));
            CheckSpan(to, toOffset, 2 * width, nameof(to));
            int green, at = fromOffset, end = fromOffset + step * width;
            int low = Output == PixelFormat.RGB565 ? toOffset : toOffset + 1, high = 2 * toOffset + 1 - low;
            while (at < end)
            {
                green = from[at + 1];
                to[low] = (byte)((green & 0x1C) << 3 | from[at] >> 3);
                to[high] = (byte)((from[at + 2] & 0xF8) | green >> 5);
                at += step;
                low += 2;
                high += 2;
            }
        }

        /// <summary>By value of a byte: what it adds to a sum, in table steps.</summary>
        private static int[] Part(double gain, int zero)
        {
            int[] part = new int[256];
            for (int i = 0; i < 256; i++)
            {
                part[i] = Rounded((i - zero) * gain * Scale);
            }
            return part;
        }

        private static void Shift(int[] part, int by)
        {
            for (int i = 0; i < part.Length; i++)
            {
                part[i] += by;
            }
        }

        /// <summary>The table of a colour for all sums from <paramref name="least"/> to <paramref name="most"/>.</summary>
        /// <param name="cut">How many of the eight bits are cut off.</param>
        /// <param name="place">The lowest bit of the colour in the pixel.</param>
        private ushort[] Colour(int least, int most, double dark, int cut, int place)
        {
            ushort[] colour = new ushort[most - least + 1];
            for (int i = 0; i < colour.Length; i++)
            {
                int value = Rounded((least + i - dark) / Scale);
                value = value < 0 ? 0 : value > 255 ? 255 : value;
                int pixel = value >> cut << place;
                colour[i] = (ushort)(Output == PixelFormat.RGB565 ? pixel : (pixel >> 8) | (pixel << 8));
            }
            return colour;
        }

        private static int Rounded(double value) => value < 0 ? -(int)(0.5 - value) : (int)(value + 0.5);

        private static void CheckWidth(int width, int unit)
        {
            if (width < 0 || width > VideoFormat.MaxSize || width % unit != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(width), width.ToString() + ": expected 0 to " + VideoFormat.MaxSize.ToString()
                    + (unit == 1 ? " pixels" : " pixels, an even number"));
            }
        }

        private static void CheckSpan(byte[] array, int offset, int length, string name)
        {
            if (offset < 0 || length > array.Length || offset > array.Length - length)
            {
                throw new ArgumentOutOfRangeException(name, length.ToString() + " bytes from offset " + offset.ToString()
                    + " do not lie in an array of " + array.Length.ToString());
            }
        }
    }
}
