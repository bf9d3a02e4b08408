using System;

namespace Carveout.Buffers
{
    // SpanByte is nanoFramework's own type; a host's Stream has no such member to override.
    public sealed partial class PooledStream
    {
        /// <summary>Reads from the position on.</summary>
        /// <param name="buffer">Receives the bytes.</param>
        /// <returns>How many bytes were read: those up to the end, as far as they fit.</returns>
        public override int Read(SpanByte buffer)
        {
            EnsureOpen();
            int done = 0, all = Readable(buffer.Length);
            while (done < all)
            {
                int at = _position % _bufferSize, part = all - done < _bufferSize - at ? all - done : _bufferSize - at;
                new SpanByte(_buffers[_position / _bufferSize], at, part).CopyTo(buffer.Slice(done));
                _position += part;
                done += part;
            }
            return done;
        }
    }
}
