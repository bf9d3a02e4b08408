using System;
using Carveout.Board;

namespace Carveout.Video
{
    /// <summary>Converts and scales whole frames from one address of physical memory to another, with the help of lines in managed memory.</summary>
    /// <remarks>
    /// <para>A source line that appears in several target lines is read and converted once. Nothing is allocated after construction. Not
    /// synchronized: calls share the converter's lines, so they must not overlap.</para>
    /// <para>The CPU reads and writes the frames. If the memory is cached, and a device has written the source or will read the target, the
    /// caller synchronizes both.</para>
    /// </remarks>
    public sealed class FrameConverter
    {
        private readonly PhysicalMemory _memory;
        private readonly PixelConverter _pixels;
        private readonly LineScaler _scaler;
        private readonly VideoFormat _source, _target;

        /// <summary>A source line as it is, the same line in RGB565, and a target line, whose bars stay black.</summary>
        private readonly byte[] _raw, _line, _scaled;

        /// <summary>Bytes of a line of chroma, 0 for a source without planes; bytes of a pixel of red, green and blue, 0 for another
        /// source.</summary>
        private readonly int _planes, _colours;

        /// <summary>A converter between two formats.</summary>
        /// <param name="source">YUYV, UYVY, YUV420, NV12, GREY, RGB888, XRGB8888 or ARGB8888, whose alpha is ignored. Or the target's pixel
        /// format: then frames are only scaled.</param>
        /// <param name="target">RGB565 or RGB565X.</param>
        /// <param name="range">The range of the source's luma and chroma.</param>
        /// <exception cref="ArgumentException">It cannot convert from or to this format.</exception>
        public FrameConverter(PhysicalMemory memory, VideoFormat source, VideoFormat target, Quantization range, ScaleFit fit)
        {
            if (memory == null)
            {
                throw new ArgumentNullException(nameof(memory));
            }
            if (source == null)
            {
                throw new ArgumentNullException(nameof(source));
            }
            if (target == null)
            {
                throw new ArgumentNullException(nameof(target));
            }
            _pixels = new PixelConverter(range, target.PixelFormat);
            PixelFormat from = source.PixelFormat;
            _planes = source.ChromaBytesPerLine;
            _colours = from == PixelFormat.RGB888 ? 3 : from == PixelFormat.XRGB8888 || from == PixelFormat.ARGB8888 ? 4 : 0;
            if (from != PixelFormat.YUYV && from != PixelFormat.UYVY && _planes == 0 && from != PixelFormat.GREY && _colours == 0
                && from != target.PixelFormat)
            {
                throw new ArgumentException("cannot convert " + source.ToString() + " to " + target.ToString()
                    + ": expected YUYV, UYVY, YUV420, NV12, GREY, RGB888, XRGB8888, ARGB8888 or " + VideoFormat.NameOf(target.PixelFormat));
            }
            _memory = memory;
            _source = source;
            _target = target;
            _scaler = new LineScaler(source.Width, source.Height, target.Width, target.Height, fit);
            _raw = new byte[_planes != 0 ? 2 * source.Width : source.LineSize];
            _line = from == target.PixelFormat ? _raw : new byte[2 * source.Width];
            _scaled = new byte[target.LineSize];
        }

        /// <summary>The format that it converts from.</summary>
        public VideoFormat Source { get { return _source; } }

        /// <summary>The format that it converts to.</summary>
        public VideoFormat Target { get { return _target; } }

        /// <summary>Converts a frame. Bars are written, too; padding at the ends of target lines is not.</summary>
        /// <param name="source">Address of an image of <see cref="Source"/>.</param>
        /// <param name="target">Address of an image of <see cref="Target"/> that does not overlap the source.</param>
        /// <exception cref="ArgumentOutOfRangeException">An address is 0 or the images overlap: nothing was written. Or an image does not
        /// lie in the memory.</exception>
        public void Convert(uint source, uint target)
        {
            if (source == 0 || target == 0)
            {
                throw new ArgumentOutOfRangeException(source == 0 ? nameof(source) : nameof(target), "0 is no address of a frame");
            }
            if (source < target ? target - source < (uint)_source.SizeImage : source - target < (uint)_target.SizeImage)
            {
                throw new ArgumentOutOfRangeException(nameof(target), "the target " + HexText.OfSpan(target, (uint)_target.SizeImage)
                    + " overlaps the source " + HexText.OfSpan(source, (uint)_source.SizeImage));
            }
            int lines = _target.Height, shown = -1;
            for (int y = 0; y < lines; y++)
            {
                int line = _scaler.SourceLine(y);
                uint at = target + (uint)(y * _target.BytesPerLine);
                if (line < 0)
                {
                    _memory.Fill(at, _scaled.Length, 0);
                    continue;
                }
                if (line != shown)
                {
                    ReadLine(source, line);
                    _scaler.Scale(_line, 0, _scaled, 0);
                    shown = line;
                }
                _memory.Write(at, _scaled, 0, _scaled.Length);
            }
        }

        private void ReadLine(uint image, int line)
        {
            int width = _source.Width, stride = _source.BytesPerLine;
            uint at = image + (uint)(line * stride);
            if (_planes != 0)
            {
                ReadPlanes(at, image + (uint)(line / 2 * _planes), width);
                return;
            }
            _memory.Read(at, _raw, 0, _raw.Length);
            if (_source.PixelFormat == PixelFormat.YUYV)
            {
                _pixels.YuyvLine(_raw, 0, _line, 0, width);
            }
            else if (_source.PixelFormat == PixelFormat.GREY)
            {
                _pixels.GreyLine(_raw, 0, _line, 0, width);
            }
            else if (_source.PixelFormat == PixelFormat.UYVY)
            {
                _pixels.YuyvLine(_raw, 0, _line, 0, width, true);
            }
            else if (_colours != 0)
            {
                _pixels.RgbLine(_raw, 0, _colours, _line, 0, width);
            }
        }

        private void ReadPlanes(uint luma, uint chroma, int width)
        {
            _memory.Read(luma, _raw, 0, width);
            if (_source.PixelFormat == PixelFormat.NV12)
            {
                _memory.Read(chroma + (uint)_source.UOffset, _raw, width, width);
                _pixels.Yuv420Line(_raw, 0, _raw, width, _raw, width + 1, _line, 0, width, 2);
                return;
            }
            int half = width / 2;
            _memory.Read(chroma + (uint)_source.UOffset, _raw, width, half);
            _memory.Read(chroma + (uint)_source.VOffset, _raw, width + half, half);
            _pixels.Yuv420Line(_raw, 0, _raw, width, _raw, width + half, _line, 0, width);
        }
    }
}
