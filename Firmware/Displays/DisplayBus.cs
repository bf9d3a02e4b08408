using System;

namespace Carveout.Video.Displays
{
    /// <summary>The wires to a display controller: commands, data, time. What drives them is not known here.</summary>
    /// <remarks>This is a class and not an interface, because a call of either costs the same and the checks then have one place. nanoFramework keeps
    /// the length and the offset of a transfer in 16 bits with a sign, and the ESP32 transfers at most 16,384 bytes at once: so data always
    /// begin at the start of their array, and <see cref="Data"/> refuses more. Failures of the wires are the exceptions of whatever
    /// drives them; they leave the display in an unknown state, and Initialize begins anew. Not synchronized: one thread drives a display.</remarks>
    public abstract class DisplayBus
    {
        /// <summary>The most bytes of one transfer.</summary>
        public const int MaxTransfer = 16384;

        /// <summary>Sends one command byte.</summary>
        /// <param name="command">The command.</param>
        public abstract void Command(byte command);

        /// <summary>Sends data that belong to the command before them.</summary>
        /// <param name="buffer">Holds them from its start; not kept.</param>
        /// <param name="length">Bytes, 1 to <see cref="MaxTransfer"/>.</param>
        /// <exception cref="ArgumentNullException"><paramref name="buffer"/> is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The length is out of its range or longer than the array; nothing was sent.</exception>
        public void Data(byte[] buffer, int length)
        {
            if (buffer == null)
            {
                throw new ArgumentNullException(nameof(buffer));
            }
            if (length < 1 || length > MaxTransfer || length > buffer.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(length), length.ToString() + " bytes of an array of "
                    + buffer.Length.ToString() + ": expected 1 to " + MaxTransfer.ToString() + ", within the array");
            }
            Transfer(buffer, length);
        }

        /// <summary>Pulls the display's reset line, where there is one; the display needs no time afterwards before it takes commands.</summary>
        public abstract void Reset();

        /// <summary>Waits.</summary>
        /// <param name="milliseconds">At least so long.</param>
        public abstract void Delay(int milliseconds);

        /// <summary>Sends data whose length has been checked.</summary>
        /// <param name="buffer">Holds them from its start; not kept.</param>
        /// <param name="length">Bytes, 1 to <see cref="MaxTransfer"/>.</param>
        protected abstract void Transfer(byte[] buffer, int length);
    }
}
