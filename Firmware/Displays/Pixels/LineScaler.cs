using System;

namespace Carveout.Video
{
    /// <summary>Scales pictures of two bytes a pixel, up or down by any ratio of whole numbers, line by line. It takes the nearest pixel.</summary>
    /// <remarks>Pixel x of n shows the source pixel at its middle, (2x + 1) * source / 2n. For whole factors this repeats or drops pixels
    /// evenly. The constructor builds tables for both directions, with 4 bytes for each pixel of a target line and for each target line.
    /// Nothing is allocated afterwards. A scaler has no other state, so threads may share it.</remarks>
    internal sealed class LineScaler
    {
        private const int PixelSize = 2;

        /// <summary>By pixel of a target line's shown part: the offset of its source pixel, in bytes.</summary>
        private readonly int[] _column;

        /// <summary>By target line: the source line, or -1 for a bar.</summary>
        private readonly int[] _line;

        private readonly bool _sameWidth;

        /// <summary>Builds the tables.</summary>
        /// <param name="sourceWidth">Pixels, 1 to <see cref="VideoFormat.MaxSize"/>, like the other three.</param>
        /// <param name="sourceHeight">Lines.</param>
        /// <param name="targetWidth">Pixels.</param>
        /// <param name="targetHeight">Lines.</param>
        /// <exception cref="ArgumentOutOfRangeException">A size is out of its range, or there is no such fit.</exception>
        public LineScaler(int sourceWidth, int sourceHeight, int targetWidth, int targetHeight, ScaleFit fit)
        {
            CheckSize(sourceWidth, nameof(sourceWidth));
            CheckSize(sourceHeight, nameof(sourceHeight));
            CheckSize(targetWidth, nameof(targetWidth));
            CheckSize(targetHeight, nameof(targetHeight));
            if (fit != ScaleFit.Letterbox && fit != ScaleFit.Fill)
            {
                throw new ArgumentOutOfRangeException(nameof(fit), ((int)fit).ToString() + ": expected Letterbox or Fill");
            }
            SourceWidth = sourceWidth;
            TargetWidth = targetWidth;
            int cutWidth = sourceWidth, cutHeight = sourceHeight, shownWidth = targetWidth, shownHeight = targetHeight;
            bool sourceIsWider = sourceWidth * targetHeight > targetWidth * sourceHeight;
            if (fit == ScaleFit.Letterbox && sourceIsWider)
            {
                shownHeight = AtLeastOne(targetWidth * sourceHeight / sourceWidth);
            }
            else if (fit == ScaleFit.Letterbox)
            {
                shownWidth = AtLeastOne(targetHeight * sourceWidth / sourceHeight);
            }
            else if (sourceIsWider)
            {
                cutWidth = AtLeastOne(sourceHeight * targetWidth / targetHeight);
            }
            else
            {
                cutHeight = AtLeastOne(sourceWidth * targetHeight / targetWidth);
            }
            ShownWidth = shownWidth;
            ShownHeight = shownHeight;
            ShownX = (targetWidth - shownWidth) / 2;
            ShownY = (targetHeight - shownHeight) / 2;
            int cutX = (sourceWidth - cutWidth) / 2, cutY = (sourceHeight - cutHeight) / 2;
            _sameWidth = cutWidth == shownWidth;
            _column = new int[shownWidth];
            for (int x = 0; x < shownWidth; x++)
            {
                _column[x] = PixelSize * (cutX + (2 * x + 1) * cutWidth / (2 * shownWidth));
            }
            _line = new int[targetHeight];
            for (int y = 0; y < targetHeight; y++)
            {
                int shown = y - ShownY;
                _line[y] = shown < 0 || shown >= shownHeight ? -1 : cutY + (2 * shown + 1) * cutHeight / (2 * shownHeight);
            }
        }

        /// <summary>Pixels in a source line.</summary>
        public int SourceWidth { get; }

        /// <summary>Pixels in a target line.</summary>
        public int TargetWidth { get; }

        /// <summary>Width of the bar to the left of the picture, in pixels.</summary>
        public int ShownX { get; }

        /// <summary>Height of the bar above the picture, in lines.</summary>
        public int ShownY { get; }

        /// <summary>Pixels of a target line that show the picture.</summary>
        public int ShownWidth { get; }

        /// <summary>Target lines that show the picture.</summary>
        public int ShownHeight { get; }

        /// <summary>The source line that target line <paramref name="y"/> shows, or -1 if it is a bar. The result never decreases with y.</summary>
        /// <param name="y">A target line, counted from the top.</param>
        /// <returns>A source line from the top, or -1.</returns>
        public int SourceLine(int y)
        {
            if ((uint)y >= (uint)_line.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(y), y.ToString() + ": expected a line of 0 to "
                    + (_line.Length - 1).ToString());
            }
            return _line[y];
        }

        /// <summary>Scales a line.</summary>
        /// <param name="from">Holds a source line.</param>
        /// <param name="fromOffset">Where the line begins.</param>
        /// <param name="to">Receives a target line; another array than <paramref name="from"/>. Only the <see cref="ShownWidth"/> pixels
        /// from <see cref="ShownX"/> on are written, so black bars stay black.</param>
        /// <param name="toOffset">Where the target line begins, including its bar.</param>
        /// <exception cref="ArgumentException">A line does not lie in its array; nothing was written.</exception>
        public void Scale(byte[] from, int fromOffset, byte[] to, int toOffset)
        {
            CheckLine(from, fromOffset, SourceWidth, nameof(from));
            CheckLine(to, toOffset, TargetWidth, nameof(to));
            int[] column = _column;
            int o = toOffset + PixelSize * ShownX;
            if (_sameWidth)
            {
                Array.Copy(from, fromOffset + column[0], to, o, PixelSize * column.Length);
                return;
            }
            for (int x = 0; x < column.Length; x++)
            {
                int at = fromOffset + column[x];
                to[o] = from[at];
                to[o + 1] = from[at + 1];
                o += 2;
            }
        }

        private static int AtLeastOne(int size) => size < 1 ? 1 : size;

        private static void CheckSize(int size, string name)
        {
            if (size < 1 || size > VideoFormat.MaxSize)
            {
                throw new ArgumentOutOfRangeException(name, size.ToString() + ": expected 1 to " + VideoFormat.MaxSize.ToString());
            }
        }

        private static void CheckLine(byte[] array, int offset, int width, string name)
        {
            if (offset < 0 || PixelSize * width > array.Length || offset > array.Length - PixelSize * width)
            {
                throw new ArgumentOutOfRangeException(name, "a line of " + width.ToString() + " pixels from offset " + offset.ToString()
                    + " does not lie in an array of " + array.Length.ToString() + " bytes");
            }
        }
    }
}
