using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>A stream that a <see cref="Contract"/> provides for: so many buffers of such a format for such a device.</summary>
    public sealed class VideoStream
    {
        internal VideoStream(string name, DmaDevice device, VideoFormat format, int buffers, int framesPerSecond, DmaDirection direction, int size)
        {
            Name = name;
            Device = device;
            Format = format;
            Buffers = buffers;
            FramesPerSecond = framesPerSecond;
            Direction = direction;
            BufferSize = size;
        }

        /// <summary>Its name in refusals.</summary>
        public string Name { get; }

        /// <summary>What moves its data.</summary>
        public DmaDevice Device { get; }

        /// <summary>What its frames are.</summary>
        public VideoFormat Format { get; }

        /// <summary>How many there are at once.</summary>
        public int Buffers { get; }

        /// <summary>Their pace.</summary>
        public int FramesPerSecond { get; }

        /// <summary>Which way they go.</summary>
        public DmaDirection Direction { get; }

        /// <summary>Bytes that are asked for each buffer.</summary>
        public int BufferSize { get; }

        /// <summary>Bytes that each buffer takes: rounded as it will be allocated.</summary>
        public long BufferBytes { get; internal set; }

        /// <summary>Bytes of all its buffers, rounded.</summary>
        public long Bytes { get { return Buffers * BufferBytes; } }

        /// <summary>The zones that they may come from, for example "DMA or NORMAL"; "pool NAME" for a pool, "no zone" where the device reaches
        /// none.</summary>
        public string Place { get; internal set; }

        /// <summary>Bytes that were free for it there, after the streams before it; where nothing was missing, before itself.</summary>
        public long FreeBytes { get; internal set; }

        /// <summary>Bytes that were missing at the last check.</summary>
        public long MissingBytes { get; internal set; }
    }
}
