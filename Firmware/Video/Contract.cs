using System;
using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>Computes before a pipeline starts what it will need: the declared streams, the bytes of each, and whether the board has
    /// them.</summary>
    /// <remarks>
    /// <para>The size of each buffer is rounded as it will be allocated: to pages (exact runs, trimmed blocks), to a power of two (kept blocks), or
    /// to a buffer of a pool. A buffer is counted in the first zone that its device reaches and that has room for it above the min watermark. Streams
    /// are counted in the order of their declaration.</para>
    /// <para>Enough bytes may be free but lie in pieces that are too small, or a table may be full. Then taking the buffers fails although the check
    /// passed, and the refusal says so. Once everything is taken, nothing can fail any more.</para>
    /// <para>A contract over a reservation needs no zone: the streams lie in it one after the other, in the order of their declaration. A buffer is
    /// rounded to what its device and the region's cache need, so that it can be mapped where it lies and shares no cache line. If the device does
    /// not reach the reservation, its data goes through bounce buffers, piece by piece, each in a slot. <see cref="PiecesAtOnce"/> pieces are there
    /// at once: the device has one, and the CPU copies the other. <see cref="CreatePool"/> makes a stream's pool, whose buffers are queued as <see
    /// cref="VideoMemory.UserPtr"/>. Fragmentation cannot break such a contract: what was checked is there.</para>
    /// </remarks>
    public sealed class Contract
    {
        /// <summary>How many streams can be declared.</summary>
        public const int MaxStreams = 32;

        /// <summary>How many pieces of a stream are in bounce buffers at once, if its device does not reach its buffers.</summary>
        public const int PiecesAtOnce = 2;

        internal readonly DmaAllocator Dma;

        /// <summary>Where all buffers lie; null if each device's buffers lie in zones or in its pool.</summary>
        internal readonly Reservation? Reservation;

        internal readonly int Region;

        /// <summary>Whether this contract has claimed the reservation, which it does with its first pool.</summary>
        private bool _hasReservation;

        private VideoStream[] _streams = new VideoStream[4];

        /// <summary>By zone, the bytes that earlier streams have not taken; by stream with a pool of its own, the buffers.</summary>
        private readonly long[] _free;

        /// <summary>A contract without streams.</summary>
        public Contract(DmaAllocator dma)
        {
            Misuse.Given(dma, nameof(dma));
            Dma = dma;
            _free = new long[dma.Pages.ZoneCount];
        }

        /// <summary>A contract without streams, over memory that no zone owns.</summary>
        /// <param name="dma">The allocator that the streams' devices are attached to. Devices that do not reach the reservation use its
        /// bounce buffers.</param>
        /// <param name="reservation">The memory for all buffers: inside one region, not at address 0.</param>
        /// <exception cref="ArgumentException">The reservation is empty, begins at 0, does not lie in one region, or a zone owns some of
        /// it.</exception>
        public Contract(DmaAllocator dma, Reservation reservation)
            : this(dma)
        {
            Misuse.Given(reservation, nameof(reservation));
            int region = dma.Bus.Find(reservation.Start);
            if (region < 0 || reservation.Start == 0 || reservation.Size == 0
                || reservation.Size - 1 >= dma.Bus.Size[region] - (reservation.Start - dma.Bus.Start[region]))
            {
                throw new ArgumentException("reservation '" + reservation.Name + "' " + HexText.OfSpan(reservation.Start, reservation.Size) + ", "
                    + reservation.Size.ToString() + " bytes: expected memory of one region, not at 0", nameof(reservation));
            }
            for (int i = 0; i < dma.Pages.ZoneCount; i++)
            {
                Zone zone = dma.Pages.ZoneAt(i);
                // For an address below the other's start the difference wraps around to a number behind its end.
                if (reservation.Start - zone.Start < (uint)zone.Pages << dma.Pages.PageShift || zone.Start - reservation.Start < reservation.Size)
                {
                    throw new ArgumentException("reservation '" + reservation.Name + "' " + HexText.OfSpan(reservation.Start, reservation.Size)
                        + ", " + reservation.Size.ToString() + " bytes: zone " + zone.Name + " hands some of them out; expected memory that no"
                        + " zone owns", nameof(reservation));
                }
            }
            Reservation = reservation;
            Region = region;
        }

        /// <summary>How many streams have been declared.</summary>
        public int Count { get; private set; }

        /// <summary>Bytes of all streams, rounded.</summary>
        public long Bytes
        {
            get
            {
                long bytes = 0;
                for (int i = 0; i < Count; i++)
                {
                    bytes += _streams[i].Bytes;
                }
                return bytes;
            }
        }

        /// <summary>Bytes of bounce buffers that all streams together need at once, in whole slots.</summary>
        public long BounceBytes
        {
            get
            {
                long bytes = 0;
                for (int i = 0; i < Count; i++)
                {
                    bytes += _streams[i].BounceBytes;
                }
                return bytes;
            }
        }

        /// <summary>Bytes of frames that all streams together move in a second.</summary>
        public long BytesPerSecond
        {
            get
            {
                long bytes = 0;
                for (int i = 0; i < Count; i++)
                {
                    bytes += _streams[i].BytesPerSecond;
                }
                return bytes;
            }
        }

        /// <summary>Why the last <see cref="Check"/> failed: a line for each stream that does not fit. Empty if it succeeded.</summary>
        public string Refusal { get; private set; } = "";

        /// <summary>Bytes that were missing at the last <see cref="Check"/>, including bounce buffers.</summary>
        public long MissingBytes { get; private set; }

        /// <summary>Stream <paramref name="index"/>, in the order of declaration.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1.</param>
        public VideoStream StreamAt(int index)
        {
            Misuse.CheckIndex("stream", index, Count);
            return _streams[index];
        }

        /// <summary>Declares a stream.</summary>
        /// <param name="device">The attached device that moves its data.</param>
        /// <param name="buffers">How many buffers there are: 1 for a frame that a program draws to without a queue, up to <see
        /// cref="VideoBufferQueue.MaxBuffers"/>.</param>
        /// <param name="framesPerSecond">Frames in a second, above 0.</param>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range; or, in a reservation, a buffer is longer than the
        /// device's boundary.</exception>
        /// <exception cref="InvalidOperationException">The device is not attached, or <see cref="MaxStreams"/> are declared.</exception>
        public VideoStream Declare(string name, DmaDevice device, VideoFormat format, int buffers, int framesPerSecond)
        {
            Misuse.Given(format, nameof(format));
            Dma.Devices.Check(device);
            return Declare(name, device, format, buffers, framesPerSecond, null);
        }

        /// <summary>Finds out whether everything fits now, without taking it.</summary>
        /// <returns>Whether it fits. If not, <see cref="Refusal"/> says what is missing.</returns>
        public bool Check()
        {
            Refusal = "";
            MissingBytes = 0;
            if (Reservation != null)
            {
                CheckReservation();
                return Refusal.Length == 0;
            }
            PageAllocator pages = Dma.Pages;
            for (int i = 0; i < _free.Length; i++)
            {
                Zone zone = pages.ZoneAt(i);
                long free = zone.FreePages - zone.MinWatermark;
                _free[i] = free < 0 ? 0 : free << pages.PageShift;
            }
            for (int i = 0; i < Count; i++)
            {
                VideoStream stream = _streams[i];
                if (stream.Device.TailPolicy == DmaTail.Pool)
                {
                    stream.TakeFromPool(LeftOf(stream.Device.TailPool!, i));
                }
                else
                {
                    stream.TakeFromZones(_free);
                }
                RefuseWhereMissing(stream);
            }
            return Refusal.Length == 0;
        }

        /// <summary>Cuts a stream's buffers out of the reservation. The first call claims the reservation. For boot.</summary>
        /// <param name="index">The stream, in the order of declaration.</param>
        /// <returns>A pool with all of the stream's buffers free.</returns>
        /// <exception cref="InvalidOperationException">The contract is over zones, the stream did not fit at the last <see cref="Check"/>,
        /// the stream has a pool already, or somebody else has the reservation.</exception>
        public ReservedPool CreatePool(int index)
        {
            VideoStream stream = StreamAt(index);
            if (Reservation == null || stream.Start == 0 || stream.MissingBytes != 0)
            {
                throw new InvalidOperationException(stream.Name + ": expected a contract over a reservation, and a Check that found room for it");
            }
            if (stream.HasPool)
            {
                throw new InvalidOperationException(stream.Name + ": has a pool already. Expected one CreatePool for each stream");
            }
            if (!_hasReservation)
            {
                Reservation.Claim("a contract");
                _hasReservation = true;
            }
            return stream.NewPool();
        }

        /// <summary>The streams as a table of lines that end with \n: the bytes of each, where they lie, and the bytes that it moves in a
        /// second.</summary>
        public string ToText()
        {
            string text = "";
            for (int i = 0; i < Count; i++)
            {
                text += _streams[i].Line;
            }
            return text;
        }

        internal VideoStream Declare(VideoDevice device, int buffers, int framesPerSecond) =>
            Declare(device.Name, device.Buffers.Device, device.Format!, buffers, framesPerSecond, device.Buffers);

        private VideoStream Declare(string name, DmaDevice device, VideoFormat format, int buffers, int framesPerSecond,
            VideoBufferQueue? queue)
        {
            Misuse.Given(name, nameof(name));
            if (buffers < 1 || buffers > VideoBufferQueue.MaxBuffers)
            {
                throw new ArgumentOutOfRangeException(nameof(buffers), name + ": " + buffers.ToString() + " buffers: expected 1 to "
                    + VideoBufferQueue.MaxBuffers.ToString());
            }
            if (framesPerSecond < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(framesPerSecond), name + ": " + framesPerSecond.ToString()
                    + " frames a second: expected at least 1");
            }
            if (Count == MaxStreams)
            {
                throw new InvalidOperationException(name + ": there are " + MaxStreams.ToString() + " streams already");
            }
            var stream = new VideoStream(this, name, device, format, buffers, framesPerSecond, queue);
            if (Count == _streams.Length)
            {
                var grown = new VideoStream[2 * Count];
                Array.Copy(_streams, 0, grown, 0, Count);
                _streams = grown;
            }
            _streams[Count++] = stream;
            return stream;
        }

        private void RefuseWhereMissing(VideoStream stream)
        {
            if (stream.MissingBytes > 0)
            {
                Refuse(stream.Needs, stream.FreeBytes, stream.MissingBytes);
            }
        }

        private void Refuse(string words, long free, long missing)
        {
            Refusal += (Refusal.Length == 0 ? "" : "\n") + words + free.ToString() + " are free: " + missing.ToString() + " bytes are missing";
            MissingBytes += missing;
        }

        private void CheckReservation()
        {
            long at = 0, bounce = Dma.Slots == null ? 0 : Dma.Slots.Size;
            for (int i = 0; i < Count; i++)
            {
                VideoStream stream = _streams[i];
                at = stream.TakeFromReservation(at);
                RefuseWhereMissing(stream);
                // A device that does not reach the slots cannot use them.
                long slots = stream.Device.CanBounce ? bounce : 0;
                if (stream.BounceBytes > slots)
                {
                    Refuse(stream.Name + ": DMA device '" + stream.Device.Name + "' does not reach " + stream.Place + " and needs "
                        + stream.BounceBytes.ToString() + " bytes of bounce buffers, ", slots, stream.BounceBytes - slots);
                }
                if (stream.Device.CanBounce)
                {
                    bounce = bounce > stream.BounceBytes ? bounce - stream.BounceBytes : 0;
                }
            }
        }

        /// <summary>Buffers of a pool that are free, without those of the streams before this one; below 0 if they have more.</summary>
        private long LeftOf(ReservedPool pool, int index)
        {
            long count = pool.FreeCount;
            for (int i = 0; i < index; i++)
            {
                if (_streams[i].Device.TailPool == pool)
                {
                    count -= _streams[i].Buffers;
                }
            }
            return count;
        }
    }
}
