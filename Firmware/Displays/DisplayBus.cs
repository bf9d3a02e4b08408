using System;

namespace Carveout.Video.Displays
{
    /// <summary>The wires to a display controller: commands, data and time. A derived class knows what drives them.</summary>
    /// <remarks>This is a class and not an interface: a call costs the same, and the checks have one place. nanoFramework's drivers keep length and
    /// offset of a transfer in signed 16-bit numbers, and the ESP32 transfers at most 16,384 bytes at once. So <see cref="Data"/> refuses a transfer
    /// that is longer, or that begins further into its array. If the wires fail, the driver's exception passes through. The display's state is then
    /// unknown, and Initialize begins anew. Not synchronized: one thread drives a display.</remarks>
    public abstract class DisplayBus
    {
        /// <summary>The most bytes of one transfer.</summary>
        public const int MaxTransfer = 16384;

        /// <summary>The largest offset of a transfer in its array: 32,767, the limit of nanoFramework's drivers. A bus without this limit
        /// may say int.MaxValue; a panel then sends whole frames out of their array without a copy.</summary>
        public virtual int MaxOffset { get { return short.MaxValue; } }

        /// <summary>Sends one command byte.</summary>
        /// <param name="command">The command.</param>
        public abstract void Command(byte command);

        /// <summary>Sends the data of the last command.</summary>
        /// <param name="buffer">Holds the data; not kept.</param>
        /// <param name="offset">Where the data begin in the buffer, 0 to <see cref="MaxOffset"/>.</param>
        /// <param name="length">Bytes, 1 to <see cref="MaxTransfer"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException">Offset or length is out of its range, or the array does not have the bytes;
        /// nothing was sent.</exception>
        public void Data(byte[] buffer, int offset, int length)
        {
            if (buffer == null)
            {
                throw new ArgumentNullException(nameof(buffer));
            }
            if (length < 1 || length > MaxTransfer || offset < 0 || offset > MaxOffset || offset > buffer.Length - length)
            {
                throw new ArgumentOutOfRangeException(nameof(length), length.ToString() + " bytes from " + offset.ToString()
                    + " on of an array of " + buffer.Length.ToString() + ": expected 1 to " + MaxTransfer.ToString()
                    + " within the array, from " + MaxOffset.ToString() + " at most");
            }
            Transfer(buffer, offset, length);
        }

        /// <summary>Resets the display by its reset line, if there is one, and waits until it takes commands.</summary>
        public abstract void Reset();

        /// <summary>Waits.</summary>
        /// <param name="milliseconds">The least time.</param>
        public abstract void Delay(int milliseconds);

        /// <summary>Sends data. Offset and length have been checked.</summary>
        /// <param name="buffer">Holds the data; not kept.</param>
        /// <param name="offset">Where the data begin in the buffer, 0 to <see cref="MaxOffset"/>.</param>
        /// <param name="length">Bytes, 1 to <see cref="MaxTransfer"/>.</param>
        protected abstract void Transfer(byte[] buffer, int offset, int length);
    }
}
