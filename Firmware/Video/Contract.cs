using System;
using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>Computes before a pipeline starts what it will need: the declared streams, the bytes of each, and whether the board has
    /// them.</summary>
    /// <remarks>
    /// <para>The size of each buffer is rounded as it will be allocated: to pages (exact runs, trimmed blocks), to a power of two (kept
    /// blocks), or to a buffer of a pool. A buffer is counted in the first zone that its device reaches and that has room for it above the
    /// min watermark. Streams are counted in the order of their declaration.</para>
    /// <para>Enough bytes may be free but lie in pieces that are too small, or a table may be full. Then taking the buffers fails although
    /// the check passed, and the refusal says so. Once everything is taken, nothing can fail any more.</para>
    /// <para>A contract over a reservation needs no zone: the streams lie in it one after the other, in the order of their declaration. A
    /// buffer is rounded to what its device and the region's cache need, so that it can be mapped where it lies and shares no cache line.
    /// If the device does not reach the reservation, its data goes through bounce buffers, piece by piece, each in a slot. <see
    /// cref="PiecesAtOnce"/> pieces are there at once: the device has one, and the CPU copies the other. <see cref="CreatePool"/> makes a
    /// stream's pool, whose buffers are queued as <see cref="VideoMemory.UserPtr"/>. Fragmentation cannot break such a contract: what was
    /// checked is there.</para>
    /// </remarks>
    public sealed class Contract
    {
        /// <summary>How many streams can be declared.</summary>
        public const int MaxStreams = 32;

        /// <summary>How many pieces of a stream are in bounce buffers at once, if its device does not reach its buffers.</summary>
        public const int PiecesAtOnce = 2;

        private readonly DmaAllocator _dma;

        /// <summary>Where all buffers lie; null if each device's buffers lie in zones or in its pool.</summary>
        private readonly Reservation? _reservation;

        /// <summary>Whether this contract has claimed the reservation, which it does with its first pool.</summary>
        private bool _hasReservation;

        /// <summary>The reservation's region in the bus map.</summary>
        private readonly int _region;

        private VideoStream[] _streams = new VideoStream[4];

        /// <summary>By zone, the bytes that earlier streams have not taken; by stream with a pool of its own, the buffers.</summary>
        private readonly long[] _free;

        /// <summary>A contract without streams.</summary>
        /// <param name="dma">The allocator that memory will be taken from.</param>
        public Contract(DmaAllocator dma)
        {
            if (dma == null)
            {
                throw new ArgumentNullException(nameof(dma));
            }
            _dma = dma;
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
            if (reservation == null)
            {
                throw new ArgumentNullException(nameof(reservation));
            }
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
            _reservation = reservation;
            _region = region;
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
        /// <returns>The stream.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such stream.</exception>
        public VideoStream StreamAt(int index)
        {
            Misuse.CheckIndex("stream", index, Count);
            return _streams[index];
        }

        /// <summary>Declares a stream.</summary>
        /// <param name="name">Its name in refusals.</param>
        /// <param name="device">The attached device that moves its data.</param>
        /// <param name="format">The format of its frames.</param>
        /// <param name="buffers">How many buffers there are: 1 for a frame that a program draws to without a queue, up to <see
        /// cref="VideoBufferQueue.MaxBuffers"/>.</param>
        /// <param name="framesPerSecond">Frames in a second, above 0.</param>
        /// <returns>The stream, with the bytes of one of its buffers.</returns>
        /// <exception cref="ArgumentNullException">Name, device or format is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range; or, in a reservation, a buffer is longer than the
        /// device's boundary.</exception>
        /// <exception cref="InvalidOperationException">The device is not attached, or <see cref="MaxStreams"/> are declared.</exception>
        public VideoStream Declare(string name, DmaDevice device, VideoFormat format, int buffers, int framesPerSecond)
        {
            if (format == null)
            {
                throw new ArgumentNullException(nameof(format));
            }
            _dma.Devices.Check(device);
            return Declare(name, device, format, buffers, framesPerSecond, new BufferLayout(_dma.Pages, device, format.SizeImage, 1));
        }

        /// <summary>Finds out whether everything fits now, without taking it.</summary>
        /// <returns>Whether it fits. If not, <see cref="Refusal"/> says what is missing.</returns>
        public bool Check()
        {
            Refusal = "";
            MissingBytes = 0;
            if (_reservation != null)
            {
                CheckReservation();
                return Refusal.Length == 0;
            }
            PageAllocator pages = _dma.Pages;
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
                    TakeFromPool(stream, i);
                }
                else
                {
                    TakeFromZones(stream);
                }
                RefuseWhereMissing(stream);
            }
            return Refusal.Length == 0;
        }

        /// <summary>Cuts a stream's buffers out of the reservation. The first call claims the reservation. For boot.</summary>
        /// <param name="index">The stream, in the order of declaration.</param>
        /// <returns>A pool with all of the stream's buffers free.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such stream.</exception>
        /// <exception cref="InvalidOperationException">The contract is over zones, the stream did not fit at the last <see cref="Check"/>,
        /// the stream has a pool already, or somebody else has the reservation.</exception>
        public ReservedPool CreatePool(int index)
        {
            VideoStream stream = StreamAt(index);
            if (_reservation == null || stream.Start == 0 || stream.MissingBytes != 0)
            {
                throw new InvalidOperationException(stream.Name + ": expected a contract over a reservation, and a Check that found room for it");
            }
            if (stream.HasPool)
            {
                throw new InvalidOperationException(stream.Name + ": has a pool already. Expected one CreatePool for each stream");
            }
            if (!_hasReservation)
            {
                _reservation.Claim("a contract");
                _hasReservation = true;
            }
            stream.HasPool = true;
            return new ReservedPool(stream.Name, stream.Start, (int)stream.BufferBytes, stream.Buffers);
        }

        /// <summary>The streams as a table of lines that end with \n: the bytes of each, where they lie, and the bytes that it moves in a
        /// second.</summary>
        /// <returns>The table.</returns>
        public string ToText()
        {
            string text = "";
            for (int i = 0; i < Count; i++)
            {
                VideoStream stream = _streams[i];
                text += stream.Name + ": " + stream.Format.ToString() + ", " + stream.FramesPerSecond.ToString() + " fps, "
                    + stream.Buffers.ToString() + " buffers of " + stream.BufferBytes.ToString() + " bytes, " + stream.Bytes.ToString()
                    + " in " + stream.Place + ", " + stream.BytesPerSecond.ToString() + " bytes a second"
                    + (stream.Segments == 1 ? "" : ", " + stream.Segments.ToString() + " segments a buffer")
                    + (stream.BounceBytes == 0 ? "" : ", through " + stream.BounceBytes.ToString() + " bytes of bounce buffers") + "\n";
            }
            return text;
        }

        internal VideoStream Declare(string name, DmaDevice device, VideoFormat format, int buffers, int framesPerSecond,
            BufferLayout layout)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
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
            var stream = new VideoStream(name, device, format, buffers, framesPerSecond, layout);
            Lay(stream);
            if (Count == _streams.Length)
            {
                var grown = new VideoStream[2 * Count];
                Array.Copy(_streams, 0, grown, 0, Count);
                _streams = grown;
            }
            _streams[Count++] = stream;
            return stream;
        }

        /// <summary>Why the buffers of a stream could not be taken although enough bytes were free.</summary>
        internal string WhyNotTaken(VideoStream stream)
        {
            Zone[] zones = stream.Device.BufferZones;
            long largest = 0, free = 0;
            for (int i = 0; i < zones.Length; i++)
            {
                long piece = (long)zones[i].LargestFreePages << _dma.Pages.PageShift;
                largest = piece > largest ? piece : largest;
                free += (long)zones[i].FreePages << _dma.Pages.PageShift;
            }
            return Words(stream) + free.ToString() + " are free, in pieces of at most " + largest.ToString()
                + (largest < stream.BufferBytes ? ": the memory is fragmented"
                    : ": the allocator refused, or its table of blocks or of mappings is full");
        }

        private static string Words(VideoStream stream)
        {
            return stream.Name + ": " + stream.Buffers.ToString() + (stream.Buffers == 1 ? " buffer of " : " buffers of ") + stream.BufferSize.ToString() + (stream.Buffers == 1 ? " bytes needs " : " bytes need ")
                + stream.Bytes.ToString() + " bytes in " + stream.Place + ", ";
        }

        private void RefuseWhereMissing(VideoStream stream)
        {
            if (stream.MissingBytes > 0)
            {
                Refuse(Words(stream), stream.FreeBytes, stream.MissingBytes);
            }
        }

        private void Refuse(string words, long free, long missing)
        {
            Refusal += (Refusal.Length == 0 ? "" : "\n") + words + free.ToString() + " are free: " + missing.ToString() + " bytes are missing";
            MissingBytes += missing;
        }

        private static string PlaceOf(DmaDevice device)
        {
            if (device.TailPolicy == DmaTail.Pool)
            {
                return "pool " + device.TailPool.Name;
            }
            Zone[] zones = device.BufferZones;
            string place = zones.Length == 0 ? "no zone" : zones[0].Name;
            for (int i = 1; i < zones.Length; i++)
            {
                place += " or " + zones[i].Name;
            }
            return place;
        }

        /// <summary>Computes the bytes of a stream's buffers, and what moving them needs.</summary>
        private void Lay(VideoStream stream)
        {
            DmaDevice device = stream.Device;
            int size = stream.BufferSize, unit = device.Alignment;
            if (_reservation == null)
            {
                stream.Place = PlaceOf(device);
            }
            else
            {
                int line = _dma.Bus.Line[_region];
                unit = stream.Layout.UnitBehind(line);
                if (!stream.Layout.LayInReservation(line))
                {
                    throw new ArgumentOutOfRangeException("format", stream.Name + ": buffers of " + size.ToString()
                        + " bytes: expected at most the boundary of DMA device '" + device.Name + "', " + device.Boundary.ToString());
                }
                stream.Place = "reservation " + _reservation.Name;
            }
            int segment = device.MaxSegment < unit ? device.MaxSegment : device.MaxSegment - device.MaxSegment % unit;
            stream.Segments = (size - 1) / segment + 1;
            if (_reservation != null && !_dma.Bus.Reaches(device, _region, _reservation.Start, _reservation.Size))
            {
                // Each piece gets one slot. Runs of several slots could leave gaps that are too short for runs of other lengths.
                int slot = _dma.Slots == null ? BounceBuffers.DefaultSlotSize : _dma.Slots.SlotSize, piece = size < segment ? size : segment;
                stream.PieceSize = piece < slot ? piece : slot;
                stream.BounceBytes = (long)PiecesAtOnce * slot;
            }
        }

        private void CheckReservation()
        {
            long at = 0, size = _reservation.Size, bounce = _dma.Slots == null ? 0 : _dma.Slots.Size;
            for (int i = 0; i < Count; i++)
            {
                VideoStream stream = _streams[i];
                // Alignment counts on the bus, where the device sees the buffer. Bus and CPU addresses differ by whole pages.
                long bus = (long)_reservation.Start + _dma.Bus.BusOffset[_region] + at, aligned = BufferLayout.RoundUp(bus, stream.Layout.Alignment);
                at += aligned - bus;
                stream.FreeBytes = at < size ? size - at : 0;
                stream.MissingBytes = stream.Bytes > stream.FreeBytes ? stream.Bytes - stream.FreeBytes : 0;
                stream.Start = stream.MissingBytes == 0 ? _reservation.Start + (uint)at : 0;
                at += stream.Bytes;
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

        private void TakeFromPool(VideoStream stream, int index)
        {
            ReservedPool pool = stream.Device.TailPool;
            long count = pool.FreeCount;
            for (int i = 0; i < index; i++)
            {
                if (_streams[i].Device.TailPool == pool)
                {
                    count -= _streams[i].Buffers;
                }
            }
            count = count < 0 || stream.BufferSize > pool.BufferSize ? 0 : count;
            stream.FreeBytes = count * pool.BufferSize;
            stream.MissingBytes = count >= stream.Buffers ? 0 : stream.Bytes - stream.FreeBytes;
        }

        private void TakeFromZones(VideoStream stream)
        {
            Zone[] zones = stream.Device.BufferZones;
            long free = 0;
            for (int i = 0; i < zones.Length; i++)
            {
                free += _free[NumberOf(zones[i])];
            }
            stream.FreeBytes = free;
            int left = stream.Buffers;
            for (int i = 0; i < zones.Length && left > 0; i++)
            {
                int number = NumberOf(zones[i]);
                long fit = _free[number] / stream.BufferBytes;
                fit = fit > left ? left : fit;
                _free[number] -= fit * stream.BufferBytes;
                left -= (int)fit;
            }
            // Each of several zones may have less than a buffer left. Then the last buffers are what is missing.
            long missing = stream.Bytes - free;
            stream.MissingBytes = left == 0 ? 0 : missing > 0 ? missing : left * stream.BufferBytes;
        }

        private int NumberOf(Zone zone)
        {
            int number = 0;
            while (_dma.Pages.ZoneAt(number) != zone)
            {
                number++;
            }
            return number;
        }
    }
}
