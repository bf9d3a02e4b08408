using System;
using Carveout.Board;

namespace Carveout.Video.Devices
{
    /// <summary>What all displays have in common. A driver must know which kind it drives: a <see cref="ScanoutDisplay"/> keeps reading its buffer
    /// until it gets another, whereas a <see cref="CommandDisplay"/> has its own memory and needs a buffer only while it is sent.</summary>
    /// <remarks>Not synchronized: one context calls it and receives its callbacks, in an interrupt or in <see cref="FrameHardware.Poll"/>.</remarks>
    public abstract class Display : FrameHardware
    {
        /// <summary>Describes a display.</summary>
        /// <param name="width">Pixels of a line, above 0.</param>
        /// <param name="height">Lines, above 0.</param>
        /// <param name="lineSize">Bytes of a line, above 0.</param>
        /// <param name="alignment">Bytes, a power of two, that buffer addresses (and lengths, where there are chains) are multiples of.</param>
        protected Display(string name, int width, int height, int lineSize, int alignment)
            : base(name, width, height, lineSize, alignment)
        {
        }

        internal override bool Takes(VideoFormat format) => format.PixelFormat != PixelFormat.JPEG && base.Takes(format);

        internal void CheckBuffer(uint buffer)
        {
            if (buffer == 0 || (buffer & ((uint)Alignment - 1)) != 0 || (uint)(FrameSize - 1) > uint.MaxValue - buffer)
            {
                throw new ArgumentOutOfRangeException(nameof(buffer), Name + ": a frame of " + FrameSize.ToString() + " bytes at "
                    + HexText.Of(buffer) + ": expected a multiple of " + Alignment.ToString() + ", not 0, that ends below 4 GiB");
            }
        }
    }
}
