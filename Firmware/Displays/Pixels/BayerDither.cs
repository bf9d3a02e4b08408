using System;

namespace Carveout.Video.Displays
{
    /// <summary>Turns RGB565 into black and white by ordered dithering with Bayer's 4x4 matrix, in the layout of the SSD1306's memory.</summary>
    /// <remarks>
    /// <para>A page is eight lines. A byte holds eight pixels of a column, the uppermost in bit 0. A pixel is lit if its luma exceeds the matrix's
    /// threshold at its place, (2 m + 1) / 32 of white for m = 0 to 15 (B. E. Bayer, "An optimum method for two-level rendition of continuous-tone
    /// pictures", 1973). This gives seventeen shades. A still picture does not flicker, because the matrix does not move.</para>
    /// <para>Error diffusion would need four more additions and stores for each pixel, and a change in one corner would flicker through to the
    /// opposite one. Luma comes from two tables, one for each byte of a pixel. It is a sum over the bits, so it does not matter that the bits of
    /// green are split over both bytes. Nothing is allocated after construction.</para>
    /// </remarks>
    internal sealed class BayerDither
    {
        private const int Side = 4;

        /// <summary>The table value of full white: 16 times the eight-bit range, so that rounding stays far below the step of a threshold.</summary>
        private const int White = 4080;

        private readonly int[] _lowLuma = new int[256], _highLuma = new int[256];
        private readonly int[] _threshold = new int[Side * Side];

        /// <summary>Builds the tables, 2 KB.</summary>
        public BayerDither()
        {
            for (int i = 0; i < 256; i++)
            {
                // Weights of BT.601: red 299, green 587, blue 114 of 1000.
                _highLuma[i] = (i >> 3) * 299 * White / (31 * 1000) + ((i & 7) << 3) * 587 * White / (63 * 1000);
                _lowLuma[i] = (i >> 5) * 587 * White / (63 * 1000) + (i & 31) * 114 * White / (31 * 1000);
            }
            byte[] matrix = { 0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5 };
            for (int i = 0; i < matrix.Length; i++)
            {
                _threshold[i] = (2 * matrix[i] + 1) * White / 32;
            }
        }

        /// <summary>Sets or clears the bits of one line in a page of <paramref name="width"/> bytes.</summary>
        /// <param name="line">Holds the line in RGB565, low byte first.</param>
        /// <param name="lineOffset">Where it begins.</param>
        /// <param name="y">Which line of the picture it is, at least 0: the lowest three bits are its place in the page.</param>
        /// <param name="page">The page's bytes, one a column.</param>
        /// <param name="pageOffset">Where the page begins.</param>
        /// <param name="width">Pixels, at least 0.</param>
        /// <exception cref="ArgumentException">Something does not lie in its array; nothing was written.</exception>
        public void DitherLine(byte[] line, int lineOffset, int y, byte[] page, int pageOffset, int width)
        {
            if (line == null || page == null)
            {
                throw new ArgumentNullException(line == null ? nameof(line) : nameof(page));
            }
            if (y < 0 || width < 0 || width > VideoFormat.MaxSize)
            {
                throw new ArgumentOutOfRangeException(nameof(width), "line " + y.ToString() + " of " + width.ToString()
                    + " pixels: expected a line from 0 on and 0 to " + VideoFormat.MaxSize.ToString() + " pixels");
            }
            if (lineOffset < 0 || lineOffset > line.Length - 2 * width || pageOffset < 0 || pageOffset > page.Length - width)
            {
                throw new ArgumentOutOfRangeException(nameof(width), width.ToString() + " pixels do not lie in arrays of "
                    + line.Length.ToString() + " bytes from " + lineOffset.ToString() + " and " + page.Length.ToString() + " from "
                    + pageOffset.ToString());
            }
            int[] low = _lowLuma, high = _highLuma, threshold = _threshold;
            int row = (y & 3) * Side, bit = 1 << (y & 7), others = ~bit & 0xFF, at = lineOffset;
            for (int x = 0; x < width; x++)
            {
                int bits = page[pageOffset + x];
                page[pageOffset + x] = (byte)(low[line[at]] + high[line[at + 1]] > threshold[row + (x & 3)] ? bits | bit : bits & others);
                at += 2;
            }
        }
    }
}
