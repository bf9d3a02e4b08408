using System;

namespace Carveout.Board.Devices
{
    /// <summary>A display with memory of its own behind a serial bus (ILI9341, ST7789 over SPI): a frame is sent, and stays until the next.</summary>
    /// <remarks>A frame goes out in transfers of at most <see cref="MaxTransfer"/> bytes, each read from memory as it is behind the CPU's data
    /// cache while it is on the wire: one buffer is enough, but it must not be drawn in before the frame was sent. The arrays of the chain and
    /// the memory they name are the display's until <see cref="CommandDisplayListener.OnFrameSent"/>. A call that throws changes
    /// nothing.</remarks>
    public abstract class CommandDisplay : Display
    {
        /// <summary>The most bytes of a transfer: nanoFramework's SPI keeps lengths in 16 bits, and ESP-IDF a buffer of this size.</summary>
        public const int MaxTransfer = 16384;

        /// <summary>Describes a display; the parameters are those of <see cref="Display"/>.</summary>
        /// <param name="name">The name in reports.</param>
        /// <param name="width">Pixels of a line, above 0.</param>
        /// <param name="height">Lines, above 0.</param>
        /// <param name="lineSize">Bytes of a line, above 0.</param>
        /// <param name="alignment">Bytes, a power of two, that addresses and lengths of descriptors are multiples of.</param>
        /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
        protected CommandDisplay(string name, int width, int height, int lineSize, int alignment)
            : base(name, width, height, lineSize, alignment)
        {
        }

        /// <summary>Whether a frame was sent whose end has not been reported yet.</summary>
        public abstract bool IsBusy { get; }

        /// <summary>Begins to send a frame.</summary>
        /// <param name="addresses">By descriptor, the bus address.</param>
        /// <param name="lengths">By descriptor, bytes.</param>
        /// <param name="count">Descriptors; together exactly <see cref="Display.FrameSize"/> bytes.</param>
        /// <param name="listener">Told when it is over.</param>
        /// <returns>False where the display is busy or does not answer; nothing was sent.</returns>
        /// <exception cref="ArgumentNullException">An array or the listener is null.</exception>
        /// <exception cref="ArgumentException">A descriptor is none, or the chain is no frame.</exception>
        public bool Send(uint[] addresses, int[] lengths, int count, CommandDisplayListener listener)
        {
            if (listener == null)
            {
                throw new ArgumentNullException(nameof(listener));
            }
            int total = Descriptors.Check(Name, addresses, lengths, count, int.MaxValue & ~(Alignment - 1), Alignment);
            if (total != FrameSize)
            {
                throw new ArgumentException(Name + ": " + total.ToString() + " bytes at " + HexText.Of(addresses[0]) + ": expected the "
                    + FrameSize.ToString() + " bytes of a frame", nameof(lengths));
            }
            return IsPresent && !IsBusy && Begin(addresses, lengths, count, listener);
        }

        /// <summary>Ends the frame that is being sent. When this returns its buffer is read no more; the listener is called as ever, with
        /// <see cref="DmaResult.Aborted"/>. Where none is being sent there is nothing to end.</summary>
        public abstract void Abort();

        /// <summary>Sends a frame that has been checked to a display that is there and idle.</summary>
        /// <param name="addresses">By descriptor, the bus address. Not kept: the array is the caller's again on return.</param>
        /// <param name="lengths">By descriptor, bytes.</param>
        /// <param name="count">Descriptors, 1 or more.</param>
        /// <param name="listener">Told when it is over; not null.</param>
        /// <returns>False where the display does not answer; then nothing may have been sent.</returns>
        protected abstract bool Begin(uint[] addresses, int[] lengths, int count, CommandDisplayListener listener);
    }
}
