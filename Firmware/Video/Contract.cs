using System;
using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>What a pipeline will ever need, worked out before it starts: declared streams, the bytes that each takes, and whether the
    /// board has them.</summary>
    /// <remarks>
    /// <para>Each buffer is rounded as it will be allocated: to pages (exact runs, trimmed blocks), to a power of two (kept blocks), or to a
    /// pool's buffer. It is counted in the first zone that its device reaches and that has room for it above the min watermark, the streams
    /// in the order of their declaration.</para>
    /// <para>Bytes that are enough may still lie in pieces that are too small, or a table may be full: then taking fails although the check did
    /// not, and the refusal says so. Once everything is taken there is nothing left to fail.</para>
    /// </remarks>
    public sealed class Contract
    {
        /// <summary>Streams that can be declared.</summary>
        public const int MostStreams = 8;

        private readonly DmaAllocator _dma;
        private readonly VideoStream[] _streams = new VideoStream[MostStreams];

        /// <summary>By zone, bytes that streams before have not taken; by stream with a pool of its own, its buffers.</summary>
        private readonly long[] _free;

        /// <summary>A contract without streams.</summary>
        /// <param name="dma">Whom memory will be taken from.</param>
        /// <exception cref="ArgumentNullException"><paramref name="dma"/> is null.</exception>
        public Contract(DmaAllocator dma)
        {
            if (dma == null)
            {
                throw new ArgumentNullException(nameof(dma));
            }
            _dma = dma;
            _free = new long[dma.Pages.ZoneCount];
        }

        /// <summary>Streams that were declared.</summary>
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

        /// <summary>Why the last <see cref="Check"/> said no: a line for each stream that cannot be had; empty where it said yes.</summary>
        public string Refusal { get; private set; } = "";

        /// <summary>Stream <paramref name="index"/>, in the order of declaration.</summary>
        /// <exception cref="ArgumentOutOfRangeException">There is none of that number.</exception>
        public VideoStream StreamAt(int index)
        {
            if ((uint)index >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(index), index.ToString() + ": there are " + Count.ToString() + " streams");
            }
            return _streams[index];
        }

        /// <summary>Declares a stream.</summary>
        /// <param name="name">Its name in refusals.</param>
        /// <param name="device">What moves its data, attached.</param>
        /// <param name="format">What its frames are.</param>
        /// <param name="buffers">How many there are at once: <see cref="VideoBufferQueue.MinBuffers"/> to
        /// <see cref="VideoBufferQueue.MaxBuffers"/>.</param>
        /// <param name="framesPerSecond">Their pace, above 0.</param>
        /// <param name="direction">Which way they go.</param>
        /// <exception cref="ArgumentNullException">Name, device or format is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
        /// <exception cref="InvalidOperationException">The device is not attached, or <see cref="MostStreams"/> are declared.</exception>
        public VideoStream Declare(string name, DmaDevice device, VideoFormat format, int buffers, int framesPerSecond, DmaDirection direction)
        {
            if (format == null)
            {
                throw new ArgumentNullException(nameof(format));
            }
            return Declare(name, device, format, buffers, framesPerSecond, direction, format.SizeImage);
        }

        /// <summary>Works out whether everything can be had now, and takes nothing.</summary>
        /// <returns>False: <see cref="Refusal"/> says what is missing.</returns>
        public bool Check()
        {
            PageAllocator pages = _dma.Pages;
            for (int i = 0; i < _free.Length; i++)
            {
                Zone zone = pages.ZoneAt(i);
                long free = zone.FreePages - zone.MinWatermark;
                _free[i] = free < 0 ? 0 : free << pages.PageShift;
            }
            Refusal = "";
            for (int i = 0; i < Count; i++)
            {
                VideoStream stream = _streams[i];
                if (stream.Device.TailPolicy == DmaTail.Pool && UsesCoherent(stream.Device))
                {
                    TakeFromPool(stream, i);
                }
                else
                {
                    TakeFromZones(stream);
                }
                if (stream.MissingBytes > 0)
                {
                    Refusal += (Refusal.Length == 0 ? "" : "\n") + Words(stream) + stream.FreeBytes.ToString() + " are free: "
                        + stream.MissingBytes.ToString() + " bytes are missing";
                }
            }
            return Refusal.Length == 0;
        }

        /// <summary>The streams as a table of lines that end with \n: what each takes, where, and how many bytes it moves in a second.</summary>
        public string ToText()
        {
            string text = "";
            for (int i = 0; i < Count; i++)
            {
                VideoStream stream = _streams[i];
                text += stream.Name + ": " + stream.Format.ToString() + ", " + stream.FramesPerSecond.ToString() + " fps, "
                    + stream.Buffers.ToString() + " buffers of " + stream.BufferBytes.ToString() + " bytes, " + stream.Bytes.ToString()
                    + " in " + stream.Place + ", "
                    + ((long)stream.Format.SizeImage * stream.FramesPerSecond).ToString() + " bytes a second\n";
            }
            return text;
        }

        internal VideoStream Declare(string name, DmaDevice device, VideoFormat format, int buffers, int framesPerSecond,
            DmaDirection direction, int size)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
            _dma.CheckDevice(device);
            if (buffers < VideoBufferQueue.MinBuffers || buffers > VideoBufferQueue.MaxBuffers)
            {
                throw new ArgumentOutOfRangeException(nameof(buffers), name + ": " + buffers.ToString() + " buffers: expected "
                    + VideoBufferQueue.MinBuffers.ToString() + " to " + VideoBufferQueue.MaxBuffers.ToString());
            }
            if (framesPerSecond < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(framesPerSecond), name + ": " + framesPerSecond.ToString()
                    + " frames a second: expected at least 1");
            }
            if ((uint)direction > (uint)DmaDirection.FromDevice)
            {
                throw DmaMisuse.BadDirection(device, direction);
            }
            if (Count == MostStreams)
            {
                throw new InvalidOperationException(name + ": there are " + MostStreams.ToString() + " streams already");
            }
            var stream = new VideoStream(name, device, format, buffers, framesPerSecond, direction, size);
            stream.BufferBytes = Rounded(device, size);
            stream.Place = PlaceOf(device);
            _streams[Count++] = stream;
            return stream;
        }

        /// <summary>Why a stream could not be taken although its bytes were there.</summary>
        internal string WhyNotTaken(VideoStream stream)
        {
            Zone[] zones = ZonesOf(stream.Device);
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
            return stream.Name + ": " + stream.Buffers.ToString() + " buffers of " + stream.BufferSize.ToString() + " bytes need "
                + stream.Bytes.ToString() + " bytes in " + stream.Place + ", ";
        }

        private static bool UsesCoherent(DmaDevice device)
        {
            return device.TailPolicy == DmaTail.Pool || device.CoherentZones.Length != 0;
        }

        private static Zone[] ZonesOf(DmaDevice device)
        {
            return UsesCoherent(device) ? device.CoherentZones : device.Zones;
        }

        private static string PlaceOf(DmaDevice device)
        {
            if (device.TailPolicy == DmaTail.Pool)
            {
                return "pool " + device.TailPool.Name;
            }
            Zone[] zones = ZonesOf(device);
            string place = zones.Length == 0 ? "no zone" : zones[0].Name;
            for (int i = 1; i < zones.Length; i++)
            {
                place += " or " + zones[i].Name;
            }
            return place;
        }

        private long Rounded(DmaDevice device, int size)
        {
            if (device.TailPolicy == DmaTail.Pool)
            {
                return device.TailPool.BufferSize;
            }
            int shift = _dma.Pages.PageShift, pages = ((size - 1) >> shift) + 1;
            return device.TailPolicy == DmaTail.Keep ? (long)1 << (PageMap.OrderOf(pages) + shift) : (long)pages << shift;
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
            Zone[] zones = ZonesOf(stream.Device);
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
            // Less than a buffer's worth may be left in each of several zones: what is missing is then what the last buffers need.
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
