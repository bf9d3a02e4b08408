using System;

namespace Carveout.Video.Devices
{
    /// <summary>A display with its own memory behind a serial bus (ILI9341, ST7789 over SPI): it shows a frame that was sent until the next
    /// one.</summary>
    /// <remarks>A frame goes out in transfers of at most <see cref="MaxTransfer"/> bytes. Each transfer reads memory behind the CPU's data
    /// cache while it is on the wire. So one buffer is enough, but it belongs to the display until <see
    /// cref="CommandDisplayListener.OnFrameSent"/>: nobody may draw in it before then. A call that throws changes nothing.
    /// Not synchronized: one context calls it and receives its callbacks, in an interrupt or in <see cref="FrameHardware.Poll"/>.</remarks>
    public abstract class CommandDisplay : Display
    {
        /// <summary>The most bytes of a transfer: nanoFramework's SPI keeps lengths in 16 bits, and ESP-IDF a buffer of this size.</summary>
        public const int MaxTransfer = 16384;

        /// <summary>Describes a display; the parameters are those of <see cref="Display"/>.</summary>
        /// <param name="width">Pixels of a line, above 0.</param>
        /// <param name="height">Lines, above 0.</param>
        /// <param name="lineSize">Bytes of a line, above 0.</param>
        /// <param name="alignment">Bytes, a power of two, that buffer addresses are multiples of.</param>
        protected CommandDisplay(string name, int width, int height, int lineSize, int alignment)
            : base(name, width, height, lineSize, alignment)
        {
        }

        /// <summary>Whether a frame is being sent, or was sent and its end has not been reported yet.</summary>
        public abstract bool IsBusy { get; }

        /// <summary>Begins to send a frame.</summary>
        /// <param name="address">Its bus address, not 0, a multiple of <see cref="FrameHardware.Alignment"/>.</param>
        /// <param name="number">What <see cref="CommandDisplayListener.OnFrameSent"/> gives back with it: the caller's to choose.</param>
        /// <param name="listener">Is told when the frame has been sent or has failed.</param>
        /// <returns>False where the display is busy or does not answer; nothing was sent.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The buffer is at 0, unaligned, or ends beyond the address space.</exception>
        public bool Send(uint address, int number, CommandDisplayListener listener)
        {
            if (listener == null)
            {
                throw new ArgumentNullException(nameof(listener));
            }
            CheckBuffer(address);
            return IsPresent && !IsBusy && Begin(address, number, listener);
        }

        /// <summary>Ends the frame that is being sent. Afterwards its buffer is not read any more, and the listener is called as
        /// usual, with <see cref="DmaResult.Aborted"/>. If no frame is being sent, nothing happens.</summary>
        public abstract void Abort();

        /// <summary>Sends a frame that has been checked to a display that is there and idle.</summary>
        /// <param name="address">Its bus address.</param>
        /// <param name="number">What comes back with it.</param>
        /// <returns>False where the display does not answer; then nothing may have been sent.</returns>
        protected abstract bool Begin(uint address, int number, CommandDisplayListener listener);
    }
}
