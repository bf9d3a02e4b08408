using System;
using Carveout.Board;
using Carveout.Memory;
using Carveout.Video;

namespace Carveout
{
    /// <summary>One picture in reserved memory, from <see cref="CarveoutMemory.AllocFrame(VideoFormat, string)"/> or
    /// <see cref="FramePool.Rent"/> until <see cref="Dispose"/>.</summary>
    /// <remarks>
    /// <para>Pixels come and go in bulk, by <see cref="Read"/> and <see cref="Write"/> of a line, a strip or all of it: on nanoFramework each
    /// call is one native copy, while a loop over pixels runs in the interpreter and is a thousand times slower.</para>
    /// <para>Whatever is done with a frame after Dispose throws ObjectDisposedException, naming the frame and its owner; a second Dispose does
    /// nothing. Of a frame of a pool both hold for 8 further rents. The objects of a pool go round, so from then on a reference that was kept in
    /// spite of Dispose may be somebody else's frame: reading shows its pixels, writing changes them, and Dispose gives it back while its owner
    /// still works with it. Whoever suspects that sets <see cref="FramePool.Strict"/>.</para>
    /// <para>There is no finalizer, and that is on purpose. The collector runs when the managed heap is short, not when this memory is, so
    /// it would give a forgotten frame back at some time that nobody can foresee, possibly while a display still reads its address, and
    /// hide the leak from those who look for it. A frame that nobody disposes of stays taken: <see cref="CarveoutMemory.Owners"/> names
    /// its owner, buddyinfo lacks its pages.</para>
    /// <para>Threads may allocate, rent and dispose of different frames at once. A single frame is not synchronized: if one thread disposes of
    /// it while another copies to it, the copy lands in memory that is free.</para>
    /// </remarks>
    /// <exception cref="ObjectDisposedException">Anything is done with a frame that was given back.</exception>
    public sealed class FrameBuffer : IDisposable
    {
        private readonly CarveoutMemory _memory;
        private readonly FramePool? _pool;
        private readonly VideoFormat _format;
        private uint _address;
        private string? _owner;
        private bool _isHeld;

        /// <summary>A frame that nobody holds yet.</summary>
        /// <param name="pool">Whom it goes back to; null where its pages are its own.</param>
        internal FrameBuffer(CarveoutMemory memory, FramePool? pool, VideoFormat format)
        {
            _memory = memory;
            _pool = pool;
            _format = format;
        }

        /// <summary>Size, pixel format and layout.</summary>
        public VideoFormat Format { get { return _format; } }

        /// <summary>Pixels in a line.</summary>
        public int Width { get { return _format.Width; } }

        /// <summary>Lines.</summary>
        public int Height { get { return _format.Height; } }

        /// <summary>How a pixel is coded.</summary>
        public PixelFormat PixelFormat { get { return _format.PixelFormat; } }

        /// <summary>Bytes from one line to the next; of YUV420 those of the Y plane, of JPEG 0.</summary>
        public int Stride { get { return _format.BytesPerLine; } }

        /// <summary>Bytes of the picture, of JPEG those that there is room for.</summary>
        public int Size { get { return _format.SizeImage; } }

        /// <summary>Who has it, as given when it was allocated or rented; of a disposed frame who had it last.</summary>
        public string Owner { get { return _owner!; } }

        internal PhysicalMemory Memory { get { return _memory.Memory; } }

        /// <summary>Whether it was given back.</summary>
        public bool IsDisposed { get { return !_isHeld; } }

        /// <summary>Its first physical address, for the calls one step below: <see cref="CarveoutMemory.Memory"/>, drivers, DMA. A multiple of
        /// the page size, or of <see cref="FramePool.Alignment"/> where it comes from a pool. It stays the same until Dispose.</summary>
        /// <exception cref="ObjectDisposedException">It was given back.</exception>
        public uint Address
        {
            get
            {
                if (!_isHeld)
                {
                    throw Disposed();
                }
                return _address;
            }
        }

        /// <summary>The array that the picture lies in, for drivers that take a <c>byte[]</c> or a SpanByte, so that nothing is copied:
        /// the picture is its <see cref="Size"/> bytes from <paramref name="offset"/> on.</summary>
        /// <remarks>
        /// <para>There is one where the memory is banks of the managed heap, as on stock firmware. There is none in a region that the firmware
        /// reserved: use <see cref="Read"/> and <see cref="Write"/> there, as wherever this returns false.</para>
        /// <para>Three rules, since nothing watches an array. Use it until Dispose and no longer: afterwards the bytes are somebody else's.
        /// Touch the picture's bytes alone, for others' frames lie in the same array, before and behind it. Keep the reference and no
        /// address: the collector may move the array between two instructions, and the reference follows. A driver that lets a DMA engine
        /// read it pins or copies it meanwhile, as nanoFramework's drivers do.</para>
        /// <para>nanoFramework's SPI driver keeps offsets in 16 bits with a sign. It reads other memory if a SpanByte begins beyond byte
        /// 32,767 of its array: copy such a piece to the start of an array of your own, as <c>SpiPanel</c> does.</para>
        /// </remarks>
        /// <param name="array">The array; null where there is none.</param>
        /// <param name="offset">Where in it the picture begins.</param>
        /// <returns>Whether there is one. The answer is the same for every frame of a reservation.</returns>
        public bool TryGetArray(out byte[]? array, out int offset) => _memory.Memory.TryGetArray(Address, Size, out array, out offset);

        /// <summary>Copies bytes of the picture into an array.</summary>
        /// <param name="offset">Where in the picture they begin, in bytes: line * <see cref="Stride"/>, for example.</param>
        /// <param name="buffer">Takes them.</param>
        /// <param name="bufferOffset">Where in it they go.</param>
        /// <param name="length">Bytes; 0 copies nothing.</param>
        /// <exception cref="ArgumentOutOfRangeException">The bytes do not lie in the picture or in the array; nothing was copied.</exception>
        public void Read(int offset, byte[] buffer, int bufferOffset, int length)
        {
            Check(offset, buffer, bufferOffset, length);
            _memory.Memory.Read(_address + (uint)offset, buffer, bufferOffset, length);
        }

        /// <summary>Copies bytes of an array into the picture.</summary>
        /// <inheritdoc cref="Read(int, byte[], int, int)"/>
        /// <param name="offset">Where in the picture they go, in bytes.</param>
        /// <param name="buffer">Holds them.</param>
        /// <param name="bufferOffset">Where in it they begin.</param>
        public void Write(int offset, byte[] buffer, int bufferOffset, int length)
        {
            Check(offset, buffer, bufferOffset, length);
            _memory.Memory.Write(_address + (uint)offset, buffer, bufferOffset, length);
        }

        /// <summary>Copies one line out of the picture, without its padding. Of YUV420 it is a line of the Y plane.</summary>
        /// <param name="y">0 to <see cref="Height"/> - 1.</param>
        /// <param name="buffer">Takes its bytes.</param>
        /// <param name="offset">Where in it the first one goes.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such line (JPEG has none), or it does not fit into the array; nothing
        /// was copied.</exception>
        public void ReadLine(int y, byte[] buffer, int offset) => Read(LineAt(y), buffer, offset, _format.LineSize);

        /// <summary>Copies one line into the picture, without its padding. Of YUV420 it is a line of the Y plane.</summary>
        /// <param name="y">0 to <see cref="Height"/> - 1.</param>
        /// <param name="buffer">Holds its bytes.</param>
        /// <param name="offset">Where in it they begin.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such line (JPEG has none), or the array is too short; nothing was
        /// copied.</exception>
        public void WriteLine(int y, byte[] buffer, int offset) => Write(LineAt(y), buffer, offset, _format.LineSize);

        /// <summary>Copies the whole picture into an array.</summary>
        /// <param name="pixels">Takes <see cref="Size"/> bytes, from its start.</param>
        /// <exception cref="ArgumentOutOfRangeException">The array is too short; nothing was copied.</exception>
        public void CopyTo(byte[] pixels) => Read(0, pixels, 0, Size);

        /// <summary>Copies an array over the picture, from its first byte on.</summary>
        /// <param name="pixels">All of it is copied: at most <see cref="Size"/> bytes.</param>
        /// <exception cref="ArgumentOutOfRangeException">The array is longer than the picture; nothing was copied.</exception>
        public void CopyFrom(byte[] pixels) => Write(0, pixels, 0, pixels == null ? 0 : pixels.Length);

        /// <summary>Copies another picture of the same format over this one.</summary>
        /// <param name="other">A frame of the same reservation.</param>
        /// <exception cref="ObjectDisposedException">One of the two was given back.</exception>
        /// <exception cref="ArgumentException">It has another format, or lies in another reservation; nothing was copied.</exception>
        public void CopyFrom(FrameBuffer other)
        {
            Misuse.Given(other, nameof(other));
            uint to = Address, from = other.Address;
            if (other._memory != _memory || !other._format.Equals(_format))
            {
                throw new ArgumentException(Label() + " cannot be copied from " + other.Label() + (other._memory == _memory
                    ? ": expected the same format" : ": it lies in another reservation"), nameof(other));
            }
            _memory.Memory.Copy(from, to, Size);
        }

        /// <summary>Paints the whole picture in one colour, lines' padding included. Allocates nothing.</summary>
        /// <remarks>Luma and chroma of YUYV and YUV420 are BT.601's of limited range, as <c>TestCard</c> draws them, by the usual
        /// approximation in 256ths (ITU-R BT.601-7, 2.5.1); GREY's luma has the full range of a byte.</remarks>
        /// <param name="red">0 to 255.</param>
        /// <param name="green">0 to 255.</param>
        /// <param name="blue">0 to 255.</param>
        /// <exception cref="InvalidOperationException">It is compressed (JPEG) or holds a sensor's samples, and has no pixels.</exception>
        public void Fill(byte red, byte green, byte blue)
        {
            uint start = Address;
            PhysicalMemory memory = _memory.Memory;
            int y = 16 + (66 * red + 129 * green + 25 * blue + 128 >> 8);
            int u = 128 + (-38 * red - 74 * green + 112 * blue + 128 >> 8);
            int v = 128 + (112 * red - 94 * green - 18 * blue + 128 >> 8);
            int pixel = red >> 3 << 11 | green >> 2 << 5 | blue >> 3, plane = Stride * Height;
            int lines = Height, length = 4, pattern;
            switch (PixelFormat)
            {
                case PixelFormat.RGB565:
                    length = 2;
                    pattern = pixel;
                    break;
                case PixelFormat.RGB565X:
                    length = 2;
                    pattern = (pixel >> 8) | (pixel & 0xFF) << 8;
                    break;
                case PixelFormat.RGB888:
                    length = 3;
                    pattern = blue | green << 8 | red << 16;
                    break;
                case PixelFormat.XRGB8888:
                case PixelFormat.ARGB8888:
                    pattern = blue | green << 8 | red << 16 | 255 << 24;
                    break;
                case PixelFormat.YUYV:
                    pattern = y | u << 8 | y << 16 | v << 24;
                    break;
                case PixelFormat.UYVY:
                    pattern = u | y << 8 | v << 16 | y << 24;
                    break;
                case PixelFormat.NV12:
                    memory.Fill(start, plane, (byte)y);
                    start += (uint)plane;
                    lines /= 2;
                    length = 2;
                    pattern = u | v << 8;
                    break;
                case PixelFormat.YUV420:
                    memory.Fill(start, plane, (byte)y);
                    memory.Fill(start + (uint)_format.UOffset, plane / 4, (byte)u);
                    memory.Fill(start + (uint)_format.VOffset, plane / 4, (byte)v);
                    return;
                case PixelFormat.GREY:
                    length = 1;
                    pattern = (299 * red + 587 * green + 114 * blue + 500) / 1000;
                    break;
                default:
                    throw new InvalidOperationException(Label()
                        + " has no pixels that could be painted: expected another format than JPEG or a sensor's samples");
            }
            Repeat(start, lines, length, pattern);
        }

        /// <summary>Gives the memory back; a frame of a pool becomes free in its pool. A second call does nothing.</summary>
        /// <exception cref="InvalidOperationException">A device still has it, by a mapping or a queue one step below: it stays held.</exception>
        public void Dispose()
        {
            lock (_memory.Gate)
            {
                if (!_isHeld)
                {
                    return;
                }
                if (_pool == null)
                {
                    _memory.Pages.FreePages(_address);
                }
                else
                {
                    _pool.TakeBack(this, _address);
                }
                _isHeld = false;
            }
        }

        /// <summary>For example "frame 320x240 RGB565 of 'camera' at 0x10000000".</summary>
        /// <returns>A text without a line's end.</returns>
        public override string ToString() => Label();

        /// <summary>Hands it to somebody. Under the gate.</summary>
        internal void Hold(uint address, string owner)
        {
            _address = address;
            _owner = owner;
            _isHeld = true;
        }

        private int LineAt(int y)
        {
            if ((uint)y >= (uint)_format.Height || _format.BytesPerLine == 0)
            {
                throw new ArgumentOutOfRangeException(nameof(y), Label() + " has no line " + y.ToString());
            }
            return y * _format.BytesPerLine;
        }

        private void Check(int offset, byte[] buffer, int bufferOffset, int length)
        {
            if (!_isHeld)
            {
                throw Disposed();
            }
            if (buffer == null)
            {
                throw new ArgumentNullException(nameof(buffer));
            }
            if (length < 0 || offset < 0 || offset > Size - length || bufferOffset < 0 || bufferOffset > buffer.Length - length)
            {
                throw new ArgumentOutOfRangeException(nameof(length), length.ToString() + " bytes from " + offset.ToString() + " of "
                    + Label() + " (" + Size.ToString() + " bytes) and from " + bufferOffset.ToString() + " of an array of "
                    + buffer.Length.ToString() + ": they do not lie in both");
            }
        }

        /// <summary>Writes the first bytes and doubles them, since copies are native and loops are not.</summary>
        /// <param name="lines">Lines of the picture's bytes per line; each begins with the first byte of the pattern.</param>
        /// <param name="length">Bytes of the pattern, at most 4.</param>
        /// <param name="pattern">The first byte lowest.</param>
        private void Repeat(uint start, int lines, int length, int pattern)
        {
            PhysicalMemory memory = _memory.Memory;
            for (int i = 0; i < length; i++)
            {
                memory.Fill(start + (uint)i, 1, (byte)(pattern >> 8 * i));
            }
            Double(memory, start, length, Stride);
            Double(memory, start, Stride, Stride * lines);
        }

        private static void Double(PhysicalMemory memory, uint start, int done, int size)
        {
            while (done < size)
            {
                int more = size - done < done ? size - done : done;
                memory.Copy(start, start + (uint)done, more);
                done += more;
            }
        }

        private string Label() => "frame " + _format.Short() + " of '" + _owner + "' at " + HexText.Of(_address);

        private ObjectDisposedException Disposed()
        {
            // With an inner exception: on .NET the text alone would be taken for an object's name.
            return new ObjectDisposedException(Label() + " was given back: expected a frame that has not been disposed of", (Exception)null);
        }
    }
}
