using System;

namespace Carveout.Video.Displays
{
    /// <summary>The wires to a display controller: commands, data, time. What drives them is not known here.</summary>
    /// <remarks>This is a class and not an interface, because a call of either costs the same and the checks then have one place. nanoFramework's
    /// drivers keep the length and the offset of a transfer in 16 bits with a sign, and the ESP32 transfers at most 16,384 bytes at once:
    /// <see cref="Data"/> refuses what is longer, or begins further in its array. Failures of the wires are the exceptions of whatever
    /// drives them; they leave the display in an unknown state, and Initialize begins anew. Not synchronized: one thread drives a display.</remarks>
    public abstract class DisplayBus
    {
        /// <summary>The most bytes of one transfer.</summary>
        public const int MaxTransfer = 16384;

        /// <summary>Where in its array the first byte of a transfer may be at most: 32,767, as nanoFramework's drivers have it. Wires that
        /// something else drives may say int.MaxValue, and a panel then sends whole frames out of their array without a copy.</summary>
        public virtual int MaxOffset { get { return short.MaxValue; } }

        /// <summary>Sends one command byte.</summary>
        /// <param name="command">The command.</param>
        public abstract void Command(byte command);

        /// <summary>Sends data that belong to the command before them.</summary>
        /// <param name="buffer">Holds them; not kept.</param>
        /// <param name="offset">Where in it they begin, 0 to <see cref="MaxOffset"/>.</param>
        /// <param name="length">Bytes, 1 to <see cref="MaxTransfer"/>.</param>
        /// <exception cref="ArgumentNullException"><paramref name="buffer"/> is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">Offset or length are out of their ranges or of the array; nothing was sent.</exception>
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

        /// <summary>Pulls the display's reset line, where there is one; the display needs no time afterwards before it takes commands.</summary>
        public abstract void Reset();

        /// <summary>Waits.</summary>
        /// <param name="milliseconds">At least so long.</param>
        public abstract void Delay(int milliseconds);

        /// <summary>Sends data whose place and length have been checked.</summary>
        /// <param name="buffer">Holds them; not kept.</param>
        /// <param name="offset">Where in it they begin, 0 to <see cref="MaxOffset"/>.</param>
        /// <param name="length">Bytes, 1 to <see cref="MaxTransfer"/>.</param>
        protected abstract void Transfer(byte[] buffer, int offset, int length);
    }
}
