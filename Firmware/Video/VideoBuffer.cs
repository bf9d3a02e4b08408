namespace Carveout.Video
{
    /// <summary>A buffer of a video device: V4L2's struct v4l2_buffer. The device's own, handed out to be looked at.</summary>
    /// <remarks>Not synchronized: it is used by whoever uses the device.</remarks>
    public sealed class VideoBuffer
    {
        /// <summary>Whose it is.</summary>
        internal readonly VideoBufferQueue Owner;

        /// <summary>Whether the CPU may look at it. Only noncoherent memory needs to be asked.</summary>
        internal bool IsCpus;

        internal VideoBuffer(VideoBufferQueue owner, int index)
        {
            Owner = owner;
            Index = index;
        }

        /// <summary>Its number among the device's buffers.</summary>
        public int Index { get; }

        /// <summary>Where the CPU finds it; 0: it has no memory now.</summary>
        public uint Address { get; internal set; }

        /// <summary>Where the device finds it on its bus.</summary>
        public uint Handle { get; private set; }

        /// <summary>The region that memory of the queue's own lies in; -1 for a caller's.</summary>
        internal int Region { get; private set; }

        /// <summary>Bytes of its memory.</summary>
        public int Length { get; internal set; }

        /// <summary>Bytes of it that mean something.</summary>
        public int BytesUsed { get; internal set; }

        /// <summary>The frame's number. A camera counts the sensor's frames since StreamOn, lost ones included; a display counts the frames that
        /// it has shown.</summary>
        public int Sequence { get; internal set; }

        /// <summary>Microseconds of the board's clock: when the frame began, or when the display was done with it.</summary>
        public long Timestamp { get; internal set; }

        /// <summary>Its state.</summary>
        public VideoBufferFlags Flags { get; internal set; }

        /// <summary>Whether the caller has it.</summary>
        internal bool IsDequeued { get { return (Flags & (VideoBufferFlags.Queued | VideoBufferFlags.Done)) == 0; } }

        internal void Place(uint address, uint handle, int region, int length)
        {
            Address = address;
            Handle = handle;
            Region = region;
            Length = length;
            BytesUsed = 0;
            Flags = address == 0 ? VideoBufferFlags.None : VideoBufferFlags.Mapped;
            IsCpus = true;
        }
    }
}
