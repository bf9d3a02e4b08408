using System;
using System.Threading;

namespace Carveout.Buffers
{
    /// <summary>Byte arrays of one size, allocated once: rent one, return it, rent it again. So a transfer that worked at boot still works
    /// next month.</summary>
    /// <remarks>
    /// <para>The arrays are ordinary ones: SPI, I2C, sockets, streams and SpanByte take them without a copy. The collector may move an
    /// array, but references to it stay valid.</para>
    /// <para>Renting and returning allocate nothing. Renting takes constant time. Returning searches the rented buffers, beginning with the
    /// one that was rented last.</para>
    /// <para>Threads may share a pool. Refusals and the longest wait are counted for all threads together.</para>
    /// </remarks>
    public sealed class BufferPool
    {
        /// <summary>The largest buffer, in bytes: nanoFramework's largest array.</summary>
        public const int MaxBufferSize = 786364;

        /// <summary>The byte that a strict pool fills free buffers with.</summary>
        private const byte Pattern = 0xA5;

        private const long TicksPerMillisecond = 10000;

        private readonly object _gate = new object();
        private readonly AutoResetEvent _returned = new AutoResetEvent(false);
        private readonly string _name;
        private readonly int _bufferSize;

        /// <summary>The first <see cref="_freeCount"/> buffers are free, and the last of these is rented next. The others are rented, and
        /// the first of these was rented last.</summary>
        private readonly byte[][] _buffers;

        /// <summary>By a buffer's place: who has it, or who had it last; null if nobody has had it.</summary>
        private readonly string[] _owners;

        private int _freeCount, _minFreeCount, _waiting, _maxWait;
        private long _failures;
        private bool _isStrict;
        private int _abandoned;
        private string _abandonedBy;

        /// <summary>Allocates the buffers; all are free.</summary>
        /// <param name="bufferSize">Bytes of each buffer: 1 to <see cref="MaxBufferSize"/>.</param>
        /// <param name="count">How many buffers there are: 1 or more.</param>
        /// <exception cref="OutOfMemoryException">The managed heap cannot hold the buffers; it keeps none of them.</exception>
        public BufferPool(string name, int bufferSize, int count)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
            if (bufferSize < 1 || bufferSize > MaxBufferSize)
            {
                throw new ArgumentOutOfRangeException(nameof(bufferSize), "pool '" + name + "': buffers of " + bufferSize.ToString()
                    + " bytes: expected 1 to " + MaxBufferSize.ToString());
            }
            // An array of references needs 4 bytes for each, and it must not be larger than the largest array either.
            if (count < 1 || count > MaxBufferSize / 4)
            {
                throw new ArgumentOutOfRangeException(nameof(count), "pool '" + name + "': " + count.ToString() + " buffers: expected 1 to "
                    + (MaxBufferSize / 4).ToString());
            }
            _name = name;
            _bufferSize = bufferSize;
            _buffers = new byte[count][];
            _owners = new string[count];
            for (int i = 0; i < count; i++)
            {
                _buffers[i] = new byte[bufferSize];
            }
            _freeCount = count;
            _minFreeCount = count;
        }

        /// <summary>The name in messages and reports.</summary>
        public string Name { get { return _name; } }

        /// <summary>Bytes of each buffer.</summary>
        public int BufferSize { get { return _bufferSize; } }

        /// <summary>How many buffers there are.</summary>
        public int Count { get { return _buffers.Length; } }

        /// <summary>How many buffers are free.</summary>
        public int FreeCount { get { return _freeCount; } }

        /// <summary>How many buffers are rented.</summary>
        public int LiveCount { get { return Count - _freeCount; } }

        /// <summary>The most buffers that have been rented at once. A pool of this size would have been enough.</summary>
        public int MaxLiveCount { get { return Count - _minFreeCount; } }

        /// <summary>How many requests were refused because all buffers were rented. A request that waited and got a buffer does not count.</summary>
        public long FailureCount { get { return _failures; } }

        /// <summary>The longest that a request waited, in milliseconds, whether or not it got a buffer in the end.</summary>
        public int MaxWaitMilliseconds { get { return _maxWait; } }

        /// <summary>How many buffers came back by <see cref="ReturnAbandoned"/>.</summary>
        public int AbandonedCount { get { return _abandoned; } }

        /// <summary>Whether a returned buffer is filled with a pattern that the next rent checks, to find and name an owner who writes to a
        /// buffer after returning it. False at first. For debugging: it costs about ten instructions a byte.</summary>
        public bool Strict
        {
            get
            {
                return _isStrict;
            }
            set
            {
                lock (_gate)
                {
                    for (int i = 0; value && !_isStrict && i < _freeCount; i++)
                    {
                        Fill(_buffers[i]);
                    }
                    _isStrict = value;
                }
            }
        }

        /// <summary>Takes a buffer. It still holds what its last owner left in it.</summary>
        /// <param name="owner">Who takes it, for messages and reports. Not copied.</param>
        /// <returns>A buffer of <see cref="BufferSize"/> bytes; <see cref="Return"/> gives it back.</returns>
        /// <exception cref="InvalidOperationException">All buffers are rented; the message says who has them. Or <see cref="Strict"/> found
        /// that somebody wrote to the buffer after it was returned: then the buffer stays free and is filled again.</exception>
        public byte[] Rent(string owner)
        {
            byte[]? buffer;
            lock (_gate)
            {
                buffer = owner == null ? null : Take(owner);
            }
            return buffer ?? Rented(owner!);
        }

        /// <summary>Takes a buffer, and waits if all are rented.</summary>
        /// <param name="owner">Who takes it. Not copied.</param>
        /// <param name="millisecondsTimeout">The longest wait; Timeout.Infinite (-1) waits until a buffer is free.</param>
        /// <returns>A buffer.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The timeout is below -1.</exception>
        /// <exception cref="InvalidOperationException">No buffer came back in time; or as for <see cref="Rent(string)"/>.</exception>
        public byte[] Rent(string owner, int millisecondsTimeout)
        {
            if (!TryRent(owner, millisecondsTimeout, out byte[]? buffer))
            {
                throw Refused(owner, millisecondsTimeout);
            }
            return buffer!;
        }

        /// <summary>Takes a buffer, if one is free.</summary>
        /// <param name="owner">Who takes it. Not copied.</param>
        /// <param name="buffer">The buffer; null if all are rented.</param>
        /// <returns>Whether there was a free buffer.</returns>
        /// <exception cref="InvalidOperationException"><see cref="Strict"/> found a write; as for <see cref="Rent(string)"/>.</exception>
        public bool TryRent(string owner, out byte[]? buffer)
        {
            if (owner == null)
            {
                throw new ArgumentNullException(nameof(owner));
            }
            lock (_gate)
            {
                buffer = Take(owner);
                if (buffer == null)
                {
                    _failures++;
                }
            }
            return buffer != null;
        }

        /// <summary>Takes a buffer, and waits if all are rented.</summary>
        /// <inheritdoc cref="TryRent(string, out byte[])"/>
        /// <remarks>It uses the system's clock, so setting that clock during a wait makes the wait longer or shorter.</remarks>
        /// <param name="millisecondsTimeout">The longest wait; Timeout.Infinite (-1) waits until a buffer is free.</param>
        /// <param name="buffer">The buffer; null if none came back in time.</param>
        /// <exception cref="ArgumentOutOfRangeException">The timeout is below -1.</exception>
        public bool TryRent(string owner, int millisecondsTimeout, out byte[]? buffer)
        {
            if (owner == null)
            {
                throw new ArgumentNullException(nameof(owner));
            }
            if (millisecondsTimeout < Timeout.Infinite)
            {
                throw new ArgumentOutOfRangeException(nameof(millisecondsTimeout), "timeout of " + millisecondsTimeout.ToString()
                    + " ms for '" + owner + "': expected 0 or more, or -1 to wait until there is a buffer");
            }
            lock (_gate)
            {
                buffer = Take(owner);
                if (buffer != null)
                {
                    return true;
                }
                _waiting++;
            }
            long start = DateTime.UtcNow.Ticks;
            try
            {
                while (true)
                {
                    int waited = (int)((DateTime.UtcNow.Ticks - start) / TicksPerMillisecond);
                    bool isOver = millisecondsTimeout != Timeout.Infinite && waited >= millisecondsTimeout;
                    if (!isOver)
                    {
                        _returned.WaitOne(millisecondsTimeout == Timeout.Infinite ? Timeout.Infinite : millisecondsTimeout - waited, false);
                    }
                    lock (_gate)
                    {
                        buffer = Take(owner);
                        if (buffer != null || isOver)
                        {
                            waited = (int)((DateTime.UtcNow.Ticks - start) / TicksPerMillisecond);
                            _maxWait = waited > _maxWait ? waited : _maxWait;
                            _failures += buffer == null ? 1 : 0;
                            return buffer != null;
                        }
                    }
                }
            }
            finally
            {
                lock (_gate)
                {
                    _waiting--;
                    // Two returns in a row set the event only once and wake only one thread, so a thread that stops waiting sets it again.
                    if (_waiting > 0 && _freeCount > 0)
                    {
                        _returned.Set();
                    }
                }
            }
        }

        /// <summary>Gives a buffer back.</summary>
        /// <param name="buffer">A buffer that was rented from this pool and not returned since. It must not be used afterwards.</param>
        /// <exception cref="InvalidOperationException">The buffer is free already; the message says who had it last.</exception>
        /// <exception cref="ArgumentException">The array does not belong to this pool.</exception>
        public void Return(byte[] buffer)
        {
            if (buffer == null)
            {
                throw new ArgumentNullException(nameof(buffer));
            }
            lock (_gate)
            {
                byte[][] buffers = _buffers;
                int free = _freeCount, i = free;
                while (i < buffers.Length && buffers[i] != buffer)
                {
                    i++;
                }
                if (i == buffers.Length)
                {
                    throw NotOut(buffer);
                }
                if (_isStrict)
                {
                    Fill(buffer);
                }
                if (i != free)
                {
                    string owner = _owners[i];
                    buffers[i] = buffers[free];
                    _owners[i] = _owners[free];
                    buffers[free] = buffer;
                    _owners[free] = owner;
                }
                _freeCount = free + 1;
                if (_waiting != 0)
                {
                    _returned.Set();
                }
            }
        }

        /// <summary>Gives back a buffer whose owner was collected without returning it. For finalizers. The buffer is counted, and the
        /// pool's text names its owner, because a finalizer runs when the managed heap is short, not when this pool is.</summary>
        /// <param name="buffer">As for <see cref="Return"/>.</param>
        /// <exception cref="InvalidOperationException">The buffer is free already.</exception>
        /// <exception cref="ArgumentException">The array does not belong to this pool.</exception>
        public void ReturnAbandoned(byte[] buffer)
        {
            lock (_gate)
            {
                Return(buffer);
                _abandoned++;
                // Return has put it last among the free ones.
                _abandonedBy = _owners[_freeCount - 1];
            }
        }

        /// <summary>Who has how many buffers, for example "ota 2, mqtt 1"; "nobody" if all are free.</summary>
        /// <returns>A text without the end of a line.</returns>
        public string Owners()
        {
            lock (_gate)
            {
                string text = "";
                for (int i = _freeCount; i < _buffers.Length; i++)
                {
                    if (CountOf(_owners[i], i) == 0)
                    {
                        text += (text == "" ? "" : ", ") + _owners[i] + " " + CountOf(_owners[i], _buffers.Length).ToString();
                    }
                }
                return text == "" ? "nobody" : text;
            }
        }

        /// <summary>For example "pool 'http': 4 buffers of 1500 bytes, 1 free, at least 0, 2 refused, longest wait 12 ms; ota 2, mqtt 1".</summary>
        /// <returns>A text without the end of a line.</returns>
        public override string ToString()
        {
            lock (_gate)
            {
                return "pool '" + _name + "': " + Count.ToString() + " buffers of " + _bufferSize.ToString() + " bytes, "
                    + _freeCount.ToString() + " free, at least " + _minFreeCount.ToString() + ", " + _failures.ToString()
                    + " refused, longest wait " + _maxWait.ToString() + " ms; " + Owners() + (_abandoned == 0
                    ? ""
                    : "; the collector brought back " + _abandoned.ToString() + ", the last one of '" + _abandonedBy
                        + "', who did not dispose");
            }
        }

        /// <summary>Throws the refusal, unless a buffer came back meanwhile.</summary>
        private byte[] Rented(string owner)
        {
            if (!TryRent(owner, out byte[]? buffer))
            {
                throw Refused(owner, 0);
            }
            return buffer!;
        }

        /// <summary>The next free buffer, or null. Under the gate.</summary>
        private byte[]? Take(string owner)
        {
            int i = _freeCount - 1;
            if (i < 0)
            {
                return null;
            }
            byte[] buffer = _buffers[i];
            if (_isStrict)
            {
                CheckUntouched(buffer, _owners[i]);
            }
            _owners[i] = owner;
            _freeCount = i;
            if (i < _minFreeCount)
            {
                _minFreeCount = i;
            }
            return buffer!;
        }

        private static void Fill(byte[] buffer)
        {
            buffer[0] = Pattern;
            // Array.Copy is native, a loop over the bytes is not: each copy doubles what is filled.
            for (int filled = 1; filled < buffer.Length;)
            {
                int next = filled < buffer.Length - filled ? filled : buffer.Length - filled;
                Array.Copy(buffer, 0, buffer, filled, next);
                filled += next;
            }
        }

        private void CheckUntouched(byte[] buffer, string lastOwner)
        {
            for (int i = 0; i < buffer.Length; i++)
            {
                byte found = buffer[i];
                if (found != Pattern)
                {
                    Fill(buffer);
                    throw new InvalidOperationException("pool '" + _name + "': byte " + i.ToString() + " of a free buffer is 0x"
                        + found.ToString("X2") + ", expected 0x" + Pattern.ToString("X2") + ": somebody wrote to it after "
                        + (lastOwner == null ? "the pool was made" : "'" + lastOwner + "' returned it"));
                }
            }
        }

        private int CountOf(string owner, int end)
        {
            int found = 0;
            for (int i = _freeCount; i < end; i++)
            {
                found += _owners[i] == owner ? 1 : 0;
            }
            return found;
        }

        private Exception Refused(string owner, int millisecondsTimeout) =>
            new InvalidOperationException("no buffer for '" + owner + "'" + (millisecondsTimeout == 0
                ? ""
                : " within " + millisecondsTimeout.ToString() + " ms") + ": all " + Count.ToString() + " of pool '" + _name + "' ("
                + _bufferSize.ToString() + " bytes) are out: " + Owners());

        private Exception NotOut(byte[] buffer)
        {
            for (int i = 0; i < _freeCount; i++)
            {
                if (_buffers[i] == buffer)
                {
                    return new InvalidOperationException("pool '" + _name + "': double return of a buffer that " + (_owners[i] == null
                        ? "nobody rented"
                        : "'" + _owners[i] + "' had last") + ". Expected a buffer that is out");
                }
            }
            return new ArgumentException("pool '" + _name + "': an array of " + buffer.Length.ToString()
                + " bytes is none of its buffers. Expected what Rent returned", nameof(buffer));
        }
    }
}
