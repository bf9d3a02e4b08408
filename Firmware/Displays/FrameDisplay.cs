using System;
using Carveout.Board;

namespace Carveout.Video.Displays
{
    /// <summary>A display that shows whole frames from physical memory.</summary>
    /// <remarks>Not synchronized: one thread drives a display.</remarks>
    public abstract class FrameDisplay
    {
        /// <summary>The format of the frames that it takes.</summary>
        public abstract VideoFormat Format { get; }

        /// <summary>The memory that it reads frames from.</summary>
        public abstract PhysicalMemory Memory { get; }

        /// <summary>Shows the frame at an address.</summary>
        /// <param name="address">First address of an image of <see cref="Format"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException">The address is 0, or the memory does not have the bytes.</exception>
        public abstract void Show(uint address);

        /// <summary>Shows a frame.</summary>
        /// <param name="frame">A frame of the display's format, in the memory that it reads.</param>
        /// <exception cref="ObjectDisposedException">The frame was given back.</exception>
        /// <exception cref="ArgumentException">The frame has another format, or lies in another memory; nothing was sent.</exception>
        public void Show(FrameBuffer frame)
        {
            if (frame == null)
            {
                throw new ArgumentNullException(nameof(frame));
            }
            uint address = frame.Address;
            if (!Format.Equals(frame.Format))
            {
                throw new ArgumentException(frame.ToString() + " of " + frame.Stride.ToString()
                    + " bytes a line cannot be shown on a display that takes " + Format.ToString(), nameof(frame));
            }
            if (frame.Memory != Memory)
            {
                throw new ArgumentException(frame.ToString() + " cannot be shown on a display that was made over another memory: expected"
                    + " CarveoutMemory.Memory of the reservation that the frame is from", nameof(frame));
            }
            Show(address);
        }
    }
}
