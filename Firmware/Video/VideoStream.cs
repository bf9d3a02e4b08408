using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>A stream of a <see cref="Contract"/>: a number of buffers of one format for one device.</summary>
    /// <remarks>Not synchronized: it belongs to the contract, which one thread declares and checks at boot.</remarks>
    public sealed class VideoStream
    {
        internal VideoStream(string name, DmaDevice device, VideoFormat format, int buffers, int framesPerSecond, BufferLayout layout)
        {
            Name = name;
            Device = device;
            Format = format;
            Buffers = buffers;
            FramesPerSecond = framesPerSecond;
            Layout = layout;
        }

        /// <summary>Its name in refusals.</summary>
        public string Name { get; }

        /// <summary>The device that moves its data.</summary>
        public DmaDevice Device { get; }

        /// <summary>The format of its frames.</summary>
        public VideoFormat Format { get; }

        /// <summary>How many buffers there are.</summary>
        public int Buffers { get; }

        /// <summary>Frames in a second.</summary>
        public int FramesPerSecond { get; }

        /// <summary>Bytes that are asked for with each buffer.</summary>
        public int BufferSize { get { return Layout.Asked; } }

        /// <summary>Bytes of each buffer, rounded as it will be allocated.</summary>
        public long BufferBytes { get { return Layout.Taken; } }

        /// <summary>Bytes of all its buffers, rounded.</summary>
        public long Bytes { get { return Buffers * BufferBytes; } }

        /// <summary>Bytes of frames that it moves in a second.</summary>
        public long BytesPerSecond { get { return (long)Format.SizeImage * FramesPerSecond; } }

        /// <summary>The number of pieces into which its device cuts a buffer: descriptors, or starts of a transfer, for each frame. It cuts
        /// as <see cref="DmaStreaming.MapScatterList"/> does, at multiples of the device's alignment and, in a reservation, of a cache
        /// line.</summary>
        public int Segments { get; internal set; }

        /// <summary>Bytes of bounce buffers that it needs, in whole slots: 0 if its device reaches its buffers, and outside of
        /// reservations.</summary>
        public long BounceBytes { get; internal set; }

        /// <summary>If it needs bounce buffers, the most bytes that are mapped at once: a segment, at most a slot. Otherwise 0.</summary>
        public int PieceSize { get; internal set; }

        /// <summary>First address of its buffers in a reservation, after a check that found room; otherwise 0.</summary>
        public uint Start { get; internal set; }

        /// <summary>Whether its pool has been made.</summary>
        internal bool HasPool { get; set; }

        /// <summary>The size of each buffer.</summary>
        internal BufferLayout Layout { get; }

        /// <summary>The zones that its buffers may come from, for example "DMA or NORMAL"; "pool NAME" for a pool, "no zone" if the device
        /// reaches none, "reservation NAME" for a reservation.</summary>
        public string Place { get; internal set; }

        /// <summary>Bytes that are free there after the streams before it, and before itself.</summary>
        public long FreeBytes { get; internal set; }

        /// <summary>Bytes that were missing at the last check.</summary>
        public long MissingBytes { get; internal set; }
    }
}
