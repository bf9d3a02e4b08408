using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>A buffer of a video device: V4L2's struct v4l2_buffer. Callers see the device's own object.</summary>
    /// <remarks>Not synchronized: it is used by the same context as its device.</remarks>
    public sealed class VideoBuffer : DmaBuffer
    {
        internal readonly VideoBufferQueue Owner;

        /// <summary>Whether the CPU may access it now. Only noncoherent memory makes a difference.</summary>
        internal bool IsCpus = true;

        internal VideoBuffer(VideoBufferQueue owner, int index)
        {
            Owner = owner;
            Index = index;
        }

        /// <summary>Its number among the device's buffers.</summary>
        public int Index { get; }

        /// <summary>How many of its bytes are data.</summary>
        public int BytesUsed { get; internal set; }

        /// <summary>The frame's number. A camera counts the sensor's frames since StreamOn, lost ones included; a display counts the frames that
        /// it has shown.</summary>
        public int Sequence { get; internal set; }

        /// <summary>In microseconds of the board's clock: when the frame began, or when the display was done with it.</summary>
        public long Timestamp { get; internal set; }

        /// <summary>Its state.</summary>
        public VideoBufferFlags Flags { get; internal set; }

        internal bool IsDequeued { get { return (Flags & (VideoBufferFlags.Queued | VideoBufferFlags.Done)) == 0; } }

        internal override void Place(uint address, uint handle, int region, int length)
        {
            base.Place(address, handle, region, length);
            BytesUsed = 0;
            Flags = address == 0 ? VideoBufferFlags.None : VideoBufferFlags.Mapped;
            IsCpus = true;
        }
    }
}
