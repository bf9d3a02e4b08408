using System;
using Carveout.Board;

namespace Carveout.Video
{
    /// <summary>A camera for boards that have none: the CPU draws a <see cref="TestCard"/> into the buffer.</summary>
    /// <remarks>It uses one line of managed memory and allocates nothing per frame. The CPU writes the frame: if the memory is cached and a
    /// device will read the frame, the caller synchronizes it. Not synchronized against itself: one frame at a time.</remarks>
    public sealed class PatternCamera
    {
        private readonly PhysicalMemory _memory;
        private readonly VideoFormat _format;
        private readonly TestCard _card;
        private readonly byte[] _line;

        /// <summary>Makes a camera that has taken no picture yet.</summary>
        /// <param name="format">RGB565, RGB565X or YUYV, at least 16 pixels each way.</param>
        /// <exception cref="ArgumentException">There is no card in this format.</exception>
        public PatternCamera(PhysicalMemory memory, VideoFormat format)
        {
            if (memory == null)
            {
                throw new ArgumentNullException(nameof(memory));
            }
            if (format == null)
            {
                throw new ArgumentNullException(nameof(format));
            }
            _memory = memory;
            _format = format;
            _card = new TestCard(format.Width, format.Height, format.PixelFormat);
            _line = new byte[format.LineSize];
        }

        /// <summary>The format of its pictures.</summary>
        public VideoFormat Format { get { return _format; } }

        /// <summary>The number of the next picture, which the picture also shows; counted from 0.</summary>
        public long Sequence { get; private set; }

        /// <summary>Takes a picture. Padding at the ends of lines is left alone.</summary>
        /// <param name="address">Address of <see cref="VideoFormat.SizeImage"/> bytes.</param>
        /// <exception cref="ArgumentOutOfRangeException">The address is 0, or the memory does not have the bytes; the number stays the
        /// same.</exception>
        public void Capture(uint address)
        {
            if (address == 0)
            {
                throw new ArgumentOutOfRangeException(nameof(address), "0 is no address of a frame");
            }
            for (int y = 0; y < _format.Height; y++)
            {
                _card.FillLine(Sequence, y, _line, 0);
                _memory.Write(address + (uint)(y * _format.BytesPerLine), _line, 0, _line.Length);
            }
            Sequence++;
        }
    }
}
