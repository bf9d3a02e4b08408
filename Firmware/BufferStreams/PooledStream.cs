using System;
using System.IO;

namespace Carveout.Buffers
{
    /// <summary>A stream over the buffers of a pool, for use instead of a MemoryStream. It grows buffer by buffer, without a copy.</summary>
    /// <remarks>
    /// <para>Positions behind the end, closed streams and wrong arguments have the same results as with nanoFramework's MemoryStream. Two things
    /// differ. The limit is what the pool holds, not 65,535 bytes. And bytes that were never written read as 0, also after the stream was made
    /// shorter and longer again.</para>
    /// <para>Closing or disposing gives all buffers back. If a stream is collected without that, it gives them back as well; the pool counts them and
    /// names the owner (<see cref="BufferPool.AbandonedCount"/>).</para>
    /// <para>Only one thread at a time may use a stream. Threads may share the pool.</para>
    /// </remarks>
    /// <exception cref="ObjectDisposedException">Bytes, length or position of a closed stream are asked for or changed.</exception>
    public sealed partial class PooledStream : Stream
    {
        private readonly BufferPool _pool;
        private readonly string _owner;
        private readonly int _bufferSize, _maxLength;
        private readonly byte[][] _buffers;
        private int _held, _position, _length;
        private bool _isOpen;

        /// <summary>Makes an empty stream, which has no buffer yet.</summary>
        /// <param name="owner">The owner's name in the pool's messages. Not copied.</param>
        public PooledStream(BufferPool pool, string owner)
        {
            if (pool == null)
            {
                throw new ArgumentNullException(nameof(pool));
            }
            if (owner == null)
            {
                throw new ArgumentNullException(nameof(owner));
            }
            _pool = pool;
            _owner = owner;
            _bufferSize = pool.BufferSize;
            _maxLength = (long)pool.Count * pool.BufferSize > int.MaxValue ? int.MaxValue : pool.Count * pool.BufferSize;
            _buffers = new byte[pool.Count][];
            _isOpen = true;
        }

        /// <summary>Whether it is open.</summary>
        public override bool CanRead { get { return _isOpen; } }

        /// <summary>Whether it is open.</summary>
        public override bool CanSeek { get { return _isOpen; } }

        /// <summary>True, also for a closed stream, as with MemoryStream; writing to a closed one throws.</summary>
        public override bool CanWrite { get { return true; } }

        /// <summary>Bytes up to the end.</summary>
        /// <exception cref="ObjectDisposedException">It is closed.</exception>
        public override long Length
        {
            get
            {
                EnsureOpen();
                return _length;
            }
        }

        /// <summary>Where the next byte is read or written: 0 to the number of bytes that the pool holds. It may lie behind the end.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
        public override long Position
        {
            get
            {
                EnsureOpen();
                return _position;
            }
            set
            {
                EnsureOpen();
                EnsurePossible(value);
                _position = (int)value;
            }
        }

        /// <summary>Does nothing: every written byte is in the buffers already.</summary>
        public override void Flush()
        {
        }

        /// <summary>Reads from the position on.</summary>
        /// <param name="buffer">Receives the bytes.</param>
        /// <param name="offset">Where they begin in the buffer.</param>
        /// <param name="count">The most bytes to read.</param>
        /// <returns>How many bytes were read: those up to the end, at most <paramref name="count"/>.</returns>
        /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
        /// <exception cref="ArgumentException">The span does not lie in the array.</exception>
        public override int Read(byte[] buffer, int offset, int count)
        {
            EnsureOpen();
            CheckSpan(buffer, offset, count);
            int all = Readable(count), left = all;
            while (left > 0)
            {
                int at = _position % _bufferSize, part = left < _bufferSize - at ? left : _bufferSize - at;
                Array.Copy(_buffers[_position / _bufferSize], at, buffer, offset, part);
                _position += part;
                offset += part;
                left -= part;
            }
            return all;
        }

        /// <summary>Reads the byte at the position.</summary>
        /// <returns>The byte, or -1 at the end and behind it.</returns>
        public override int ReadByte()
        {
            EnsureOpen();
            if (_position >= _length)
            {
                return -1;
            }
            byte value = _buffers[_position / _bufferSize][_position % _bufferSize];
            _position++;
            return value;
        }

        /// <summary>Writes, and takes buffers from the pool as needed. If the pool has too few, nothing is written and none is taken.</summary>
        /// <param name="buffer">Holds the bytes.</param>
        /// <param name="offset">Where they begin in the buffer.</param>
        /// <param name="count">How many bytes to write.</param>
        /// <exception cref="InvalidOperationException">The pool has too few free buffers; the message says who has them.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The pool as a whole is too small, or a number is negative.</exception>
        /// <exception cref="ArgumentException">The span does not lie in the array.</exception>
        public override void Write(byte[] buffer, int offset, int count)
        {
            EnsureOpen();
            CheckSpan(buffer, offset, count);
            Grow(count);
            while (count > 0)
            {
                int at = _position % _bufferSize, part = count < _bufferSize - at ? count : _bufferSize - at;
                Array.Copy(buffer, offset, _buffers[_position / _bufferSize], at, part);
                _position += part;
                offset += part;
                count -= part;
            }
        }

        /// <summary>Writes a byte, as <see cref="Write(byte[], int, int)"/> does.</summary>
        /// <param name="value">The byte.</param>
        /// <exception cref="InvalidOperationException">A buffer is needed, and the pool has none free.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The pool as a whole is too small.</exception>
        public override void WriteByte(byte value)
        {
            EnsureOpen();
            Grow(1);
            _buffers[_position / _bufferSize][_position % _bufferSize] = value;
            _position++;
        }

        /// <summary>Moves the position, which may lie behind the end.</summary>
        /// <param name="offset">Bytes from <paramref name="origin"/> on.</param>
        /// <param name="origin">The start, the position or the end.</param>
        /// <returns>The new position.</returns>
        /// <exception cref="IOException">The position would be negative.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The position would be more than the pool holds.</exception>
        /// <exception cref="ArgumentException">The origin is none of the three.</exception>
        public override long Seek(long offset, SeekOrigin origin)
        {
            EnsureOpen();
            long start = origin == SeekOrigin.Begin ? 0 : origin == SeekOrigin.Current ? _position : _length;
            if (origin != SeekOrigin.Begin && origin != SeekOrigin.Current && origin != SeekOrigin.End)
            {
                throw new ArgumentException("origin " + ((int)origin).ToString() + ": expected Begin, Current or End", nameof(origin));
            }
            if (offset < -start)
            {
                throw new IOException("a seek to " + (start + offset).ToString() + ": expected 0 or more");
            }
            // No addition here, since it could wrap around.
            EnsurePossible(offset > _maxLength ? offset : start + offset);
            _position = (int)(start + offset);
            return _position;
        }

        /// <summary>Shortens the stream, which gives buffers back, or lengthens it with zeros.</summary>
        /// <param name="value">The new length: 0 to the number of bytes that the pool holds. A position behind it moves to it.</param>
        /// <exception cref="InvalidOperationException">The pool has too few free buffers; nothing has changed.</exception>
        public override void SetLength(long value)
        {
            EnsureOpen();
            EnsurePossible(value);
            Hold((int)value);
            Clear(_length, (int)value);
            _length = (int)value;
            GiveBack(BuffersFor(_length));
            if (_position > _length)
            {
                _position = _length;
            }
        }

        /// <summary>Writes all bytes to another stream, buffer by buffer. The position stays.</summary>
        /// <param name="stream">Receives the bytes.</param>
        public void WriteTo(Stream stream)
        {
            EnsureOpen();
            if (stream == null)
            {
                throw new ArgumentNullException(nameof(stream));
            }
            for (int at = 0; at < _length; at += _bufferSize)
            {
                stream.Write(_buffers[at / _bufferSize], 0, _length - at < _bufferSize ? _length - at : _bufferSize);
            }
        }

        /// <summary>Gives all buffers back.</summary>
        /// <param name="disposing">False when called by the finalizer: the stream was not disposed, and the pool counts its buffers as
        /// abandoned.</param>
        protected override void Dispose(bool disposing)
        {
            if (_isOpen)
            {
                _isOpen = false;
                while (!disposing && _held > 0)
                {
                    _pool.ReturnAbandoned(_buffers[--_held]);
                }
                GiveBack(0);
            }
            base.Dispose(disposing);
        }

        /// <summary>How many of the next <paramref name="count"/> bytes lie before the end.</summary>
        private int Readable(int count) => _position >= _length ? 0 : count < _length - _position ? count : _length - _position;

        /// <summary>Makes room for so many bytes at the position, and includes them in the length.</summary>
        private void Grow(int count)
        {
            EnsurePossible((long)_position + count);
            int end = _position + count;
            if (end > _length)
            {
                Hold(end);
                Clear(_length, _position);
                _length = end;
            }
        }

        /// <summary>Takes buffers until there is room for a length. If the pool has too few, gives the new ones back and throws.</summary>
        private void Hold(int length)
        {
            int before = _held, needed = BuffersFor(length);
            while (_held < needed)
            {
                if (!_pool.TryRent(_owner, out byte[]? buffer))
                {
                    int missing = needed - _held;
                    GiveBack(before);
                    throw new InvalidOperationException("the stream of '" + _owner + "' cannot grow to " + length.ToString() + " bytes: "
                        + missing.ToString() + " buffers are missing. " + _pool.ToString());
                }
                _buffers[_held++] = buffer!;
            }
        }

        private int BuffersFor(int length) => length == 0 ? 0 : (length - 1) / _bufferSize + 1;

        private void GiveBack(int keep)
        {
            while (_held > keep)
            {
                byte[] buffer = _buffers[--_held];
                _buffers[_held] = null!;
                _pool.Return(buffer);
            }
        }

        /// <summary>Zeros the bytes from one position to another; does nothing if the second is not behind the first.</summary>
        private void Clear(int start, int end)
        {
            while (start < end)
            {
                int at = start % _bufferSize, part = end - start < _bufferSize - at ? end - start : _bufferSize - at;
                Array.Clear(_buffers[start / _bufferSize], at, part);
                start += part;
            }
        }

        private void EnsureOpen()
        {
            if (!_isOpen)
            {
                throw new ObjectDisposedException("the stream of '" + _owner + "' is closed", (Exception)null);
            }
        }

        private void EnsurePossible(long value)
        {
            if (value < 0 || value > _maxLength)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value.ToString() + " bytes of '" + _owner + "': expected 0 to "
                    + _maxLength.ToString() + ", which pool '" + _pool.Name + "' holds");
            }
        }

        private static void CheckSpan(byte[] buffer, int offset, int count)
        {
            if (buffer == null)
            {
                throw new ArgumentNullException(nameof(buffer));
            }
            if (offset < 0 || count < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(count), count.ToString() + " bytes at " + offset.ToString()
                    + ": expected neither to be negative");
            }
            if (buffer.Length - offset < count)
            {
                throw new ArgumentException(count.ToString() + " bytes at " + offset.ToString() + " of an array of " + buffer.Length.ToString()
                    + ": expected them to lie in it", nameof(buffer));
            }
        }
    }
}
