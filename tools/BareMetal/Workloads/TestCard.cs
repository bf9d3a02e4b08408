namespace Carveout.BareMetal
{
    /// <summary>The picture of the display programs' cameras: a disc that moves over a grid of colours or greys.</summary>
    /// <remarks>It is also compiled for the host, which so knows every pixel that a screenshot must have.</remarks>
    internal static class TestCard
    {
        /// <summary>A pixel with 5, 6 and 5 bits of red, green and blue. It needs no division, which Cortex-A8 lacks.</summary>
        internal static int Colour(int frame, int x, int y, int height)
        {
            if (IsDisc(frame, x, y, height))
            {
                return 0xFFE0;
            }
            int red = (x + frame * 4) & 31, green = (y >> 2) & 63, blue = 31 - ((x >> 4) & 31);
            return red << 11 | green << 5 | blue;
        }

        /// <summary>A pixel of 16 greys.</summary>
        internal static int Grey(int frame, int x, int y, int height)
        {
            return IsDisc(frame, x, y, height) ? 15 : ((x >> 4) + (y >> 4)) & 15;
        }

        private static bool IsDisc(int frame, int x, int y, int height)
        {
            int radius = height / 4, right = x - radius - frame * 4, down = y - height / 2;
            return right * right + down * down < radius * radius;
        }
    }
}
