using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>A stream that a <see cref="Contract"/> provides for: so many buffers of such a format for such a device.</summary>
    /// <remarks>Not synchronized: it belongs to the contract, which one thread declares and checks at boot.</remarks>
    public sealed class VideoStream
    {
        internal VideoStream(string name, DmaDevice device, VideoFormat format, int buffers, int framesPerSecond, DmaDirection direction,
            BufferLayout layout)
        {
            Name = name;
            Device = device;
            Format = format;
            Buffers = buffers;
            FramesPerSecond = framesPerSecond;
            Direction = direction;
            Layout = layout;
        }

        /// <summary>Its name in refusals.</summary>
        public string Name { get; }

        /// <summary>What moves its data.</summary>
        public DmaDevice Device { get; }

        /// <summary>What its frames are.</summary>
        public VideoFormat Format { get; }

        /// <summary>How many there are at once.</summary>
        public int Buffers { get; }

        /// <summary>Frames in a second.</summary>
        public int FramesPerSecond { get; }

        /// <summary>Which way they go.</summary>
        public DmaDirection Direction { get; }

        /// <summary>Bytes that are asked for each buffer.</summary>
        public int BufferSize { get { return Layout.Asked; } }

        /// <summary>Bytes that each buffer takes: rounded as it will be allocated.</summary>
        public long BufferBytes { get { return Layout.Taken; } }

        /// <summary>Bytes of all its buffers, rounded.</summary>
        public long Bytes { get { return Buffers * BufferBytes; } }

        /// <summary>Bytes of frames that it moves in a second.</summary>
        public long BytesPerSecond { get { return (long)Format.SizeImage * FramesPerSecond; } }

        /// <summary>Pieces into which its device cuts a buffer: the descriptors, or the starts of a transfer, that a frame takes. As
        /// <see cref="DmaStreaming.MapScatterList"/> cuts: at multiples of the device's alignment and, in a reservation, of a cache line.</summary>
        public int Segments { get; internal set; }

        /// <summary>Bytes of bounce buffers that it needs, in whole slots: 0 where its device reaches its buffers, and outside of
        /// reservations.</summary>
        public long BounceBytes { get; internal set; }

        /// <summary>The most bytes that are mapped at once where it needs bounce buffers: a segment, at most a slot. Otherwise 0.</summary>
        public int PieceSize { get; internal set; }

        /// <summary>First address of its buffers in a reservation, after a check that found room for it; otherwise 0.</summary>
        public uint Start { get; internal set; }

        /// <summary>Whether a pool was made of its buffers.</summary>
        internal bool HasPool { get; set; }

        /// <summary>What a buffer of it asks for and takes.</summary>
        internal BufferLayout Layout { get; }

        /// <summary>The zones that they may come from, for example "DMA or NORMAL"; "pool NAME" for a pool, "no zone" where the device reaches
        /// none, "reservation NAME" for one.</summary>
        public string Place { get; internal set; }

        /// <summary>Bytes that were free for it there, after the streams before it; where nothing was missing, before itself.</summary>
        public long FreeBytes { get; internal set; }

        /// <summary>Bytes that were missing at the last check.</summary>
        public long MissingBytes { get; internal set; }
    }
}
