using System;

namespace Carveout.Video.Devices
{
    /// <summary>What a frame of a camera or a display can be.</summary>
    internal static class FrameGeometry
    {
        /// <exception cref="ArgumentOutOfRangeException">A number is not above 0, a frame has 2 GiB or more, or the alignment is no power
        /// of two.</exception>
        internal static void Check(string name, int width, int height, int lineSize, int alignment)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
            if (width < 1 || height < 1 || lineSize < 1 || (long)lineSize * height > int.MaxValue)
            {
                throw new ArgumentOutOfRangeException(nameof(lineSize), name + ": " + width.ToString() + " x " + height.ToString() + " pixels, "
                    + lineSize.ToString() + " bytes a line: expected a frame of 1 to " + int.MaxValue.ToString() + " bytes");
            }
            if (alignment < 1 || (alignment & (alignment - 1)) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(alignment), name + ": " + alignment.ToString() + ": expected a power of two");
            }
        }
    }
}
