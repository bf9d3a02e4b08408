using System;
using Carveout.Board;

namespace Carveout.Video.Devices
{
    /// <summary>A sensor and the DMA engine that writes its lines to memory. It knows no pixel format: a frame is a number of lines of
    /// bytes.</summary>
    /// <remarks>
    /// <para>Lines are written without gaps, at bus addresses, to memory behind the CPU's data cache. A camera never waits. It drops a
    /// frame if no buffer is queued when the frame begins, and damages a frame that the bus cannot take in time; it reports both.</para>
    /// <para>A queued buffer belongs to the camera until <see cref="CameraListener.OnFrameDone"/>, <see cref="Stop"/> or <see
    /// cref="CameraListener.OnRemoved"/>. A call that throws changes nothing.</para>
    /// <para>Not synchronized: one context calls it and receives its callbacks, in an interrupt or in <see cref="FrameHardware.Poll"/>.</para>
    /// </remarks>
    public abstract class Camera : FrameHardware
    {
        /// <summary>Describes a camera.</summary>
        /// <param name="width">Pixels of a line, above 0.</param>
        /// <param name="height">Lines of a frame, above 0.</param>
        /// <param name="lineSize">Bytes of a line, above 0.</param>
        /// <param name="framePeriod">Microseconds from frame to frame, above 0, rounded down.</param>
        /// <param name="alignment">Bytes, a power of two, that addresses and lengths of buffers are multiples of.</param>
        protected Camera(string name, int width, int height, int lineSize, int framePeriod, int alignment)
            : base(name, width, height, lineSize, alignment)
        {
            if (framePeriod < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(framePeriod), name + ": " + framePeriod.ToString()
                    + " microseconds a frame: expected at least 1");
            }
            FramePeriod = framePeriod;
        }

        /// <summary>Microseconds from frame to frame, rounded down.</summary>
        public int FramePeriod { get; }

        /// <summary>How many buffers can wait beside the one that is being filled.</summary>
        public abstract int QueueDepth { get; }

        /// <summary>How many buffers wait.</summary>
        public abstract int QueuedCount { get; }

        /// <summary>Whether it has been started and not stopped since.</summary>
        public abstract bool IsStreaming { get; }

        /// <summary>Starts the sensor; buffers may have been queued before.</summary>
        /// <param name="listener">Is told of each frame that is done, lost or damaged, until the camera stops.</param>
        /// <returns>False where the camera does not answer; nothing was started.</returns>
        /// <exception cref="InvalidOperationException">It streams already.</exception>
        public bool Start(CameraListener listener)
        {
            if (listener == null)
            {
                throw new ArgumentNullException(nameof(listener));
            }
            if (IsStreaming)
            {
                throw new InvalidOperationException(Name + " streams already; expected a stop before the next start");
            }
            return IsPresent && Begin(listener);
        }

        /// <summary>Stops at once, even in the middle of a frame. Afterwards the camera touches no buffer, no buffer is queued, and the
        /// listener is not called again. A camera that does not stream only forgets its queue.</summary>
        public abstract void Stop();

        /// <summary>Hands over a buffer. The camera uses buffers in the order in which they were queued, one for each frame.</summary>
        /// <param name="address">Its bus address, not 0, a multiple of <see cref="FrameHardware.Alignment"/>.</param>
        /// <param name="length">Its bytes, at least <see cref="FrameHardware.MinBufferSize"/> and such a multiple, too.</param>
        /// <param name="number">What <see cref="CameraListener.OnFrameDone"/> gives back with it: 0 or more, the caller's to choose.</param>
        /// <returns>False where <see cref="QueueDepth"/> buffers wait already or the camera does not answer; nothing was handed over.</returns>
        /// <exception cref="ArgumentException">The buffer cannot take a frame.</exception>
        public bool QueueBuffer(uint address, int length, int number)
        {
            if (address == 0 || length < MinBufferSize || ((address | (uint)length) & ((uint)Alignment - 1)) != 0
                || (uint)(length - 1) > uint.MaxValue - address)
            {
                throw new ArgumentException(Name + ": " + length.ToString() + " bytes at " + HexText.Of(address) + ": expected at least the "
                    + MinBufferSize.ToString() + " bytes of a frame, address and length multiples of " + Alignment.ToString()
                    + ", not at 0, that end below 4 GiB", nameof(address));
            }
            return IsPresent && QueuedCount < QueueDepth && Append(address, length, number);
        }

        /// <summary>Starts a camera that is there and does not stream.</summary>
        /// <returns>False where the camera does not answer; then nothing may have been started.</returns>
        protected abstract bool Begin(CameraListener listener);

        /// <summary>Queues a buffer that has been checked and has a place.</summary>
        /// <param name="address">Its bus address.</param>
        /// <param name="length">Its bytes. A compressed frame may be longer; the camera must cut it off there.</param>
        /// <param name="number">What comes back with it.</param>
        /// <returns>False where the camera does not answer; then nothing may have been queued.</returns>
        protected abstract bool Append(uint address, int length, int number);
    }
}
