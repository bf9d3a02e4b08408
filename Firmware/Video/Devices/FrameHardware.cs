using System;
using Carveout.Memory;

namespace Carveout.Video.Devices
{
    /// <summary>What a camera and a display have in common: frames of one size, at addresses that a driver hands over.</summary>
    /// <remarks>Not synchronized: one context calls it and receives its callbacks.</remarks>
    public abstract class FrameHardware
    {
        /// <exception cref="ArgumentOutOfRangeException">A number is not above 0, a frame has 2 GiB or more, or the alignment is no power
        /// of two.</exception>
        private protected FrameHardware(string name, int width, int height, int lineSize, int alignment)
        {
            Misuse.Given(name, nameof(name));
            if (width < 1 || height < 1 || lineSize < 1 || (long)lineSize * height > int.MaxValue)
            {
                throw new ArgumentOutOfRangeException(nameof(lineSize), name + ": " + width.ToString() + " x " + height.ToString() + " pixels, "
                    + lineSize.ToString() + " bytes a line: expected a frame of 1 to " + int.MaxValue.ToString() + " bytes");
            }
            if (alignment < 1 || (alignment & (alignment - 1)) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(alignment), name + ": " + alignment.ToString() + ": expected a power of two");
            }
            Name = name;
            Width = width;
            Height = height;
            LineSize = lineSize;
            Alignment = alignment;
        }

        /// <summary>The name in reports.</summary>
        public string Name { get; }

        /// <summary>Pixels of a line.</summary>
        public int Width { get; }

        /// <summary>Lines of a frame.</summary>
        public int Height { get; }

        /// <summary>Bytes of a line; lines follow each other without gaps.</summary>
        public int LineSize { get; }

        /// <summary>Bytes of a frame.</summary>
        public int FrameSize { get { return LineSize * Height; } }

        /// <summary>The least bytes that a buffer needs: <see cref="FrameSize"/>, or 1 where frames are compressed.</summary>
        public int MinBufferSize { get { return IsCompressed ? 1 : FrameSize; } }

        /// <summary>Whether frames are compressed, as a camera's may be. The length of a compressed frame varies, up to <see
        /// cref="FrameSize"/>. A frame that is longer than its buffer ends as <see cref="FrameResult.Overflow"/>.</summary>
        public virtual bool IsCompressed { get { return false; } }

        /// <summary>Bytes that buffer addresses, and a camera's lengths, are multiples of.</summary>
        public int Alignment { get; }

        /// <summary>Whether it answers.</summary>
        public abstract bool IsPresent { get; }

        /// <summary>Makes the callbacks that are due, in the caller's context. A driver calls it when an interrupt that it waited for did
        /// not come.</summary>
        public abstract void Poll();

        /// <summary>Whether its frames can have this format. What their bytes mean, the caller says; how many a JPEG has, nobody knows.</summary>
        internal virtual bool Takes(VideoFormat format) =>
            format.Width == Width && format.Height == Height
                && (format.PixelFormat == PixelFormat.JPEG || (format.SizeImage == FrameSize && !IsCompressed));
    }
}
