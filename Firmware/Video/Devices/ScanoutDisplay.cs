using System;
using Carveout.Board;

namespace Carveout.Video.Devices
{
    /// <summary>A display without memory of its own: at every refresh it reads the frame buffer, contiguous memory at a bus address.</summary>
    /// <remarks>The address is latched at vsync (LTDC's shadow registers), so a driver needs at least two buffers: one on the screen and
    /// one to draw in. The display reads memory behind the CPU's data cache. A call that throws changes nothing.
    /// Not synchronized: one context calls it and receives its callbacks, in an interrupt or in <see cref="FrameHardware.Poll"/>.</remarks>
    public abstract class ScanoutDisplay : Display
    {
        /// <summary>Describes a display.</summary>
        /// <param name="width">Pixels of a line, above 0.</param>
        /// <param name="height">Lines, above 0.</param>
        /// <param name="lineSize">Bytes of a line, above 0.</param>
        /// <param name="alignment">Bytes, a power of two, that buffer addresses are multiples of.</param>
        /// <param name="refreshPeriod">Microseconds from vsync to vsync, above 0, rounded down.</param>
        protected ScanoutDisplay(string name, int width, int height, int lineSize, int alignment, int refreshPeriod)
            : base(name, width, height, lineSize, alignment)
        {
            if (refreshPeriod < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(refreshPeriod), name + ": " + refreshPeriod.ToString()
                    + " microseconds a refresh: expected at least 1");
            }
            RefreshPeriod = refreshPeriod;
        }

        /// <summary>Microseconds from vsync to vsync, rounded down.</summary>
        public int RefreshPeriod { get; }

        /// <summary>Whether it has been started and not stopped since.</summary>
        public abstract bool IsRunning { get; }

        /// <summary>The bus address of the buffer on the screen, or 0.</summary>
        public abstract uint Shown { get; }

        /// <summary>The bus address of the buffer that the display takes at the next vsync, or 0.</summary>
        public abstract uint Pending { get; }

        /// <summary>Begins to scan.</summary>
        /// <param name="address">The first buffer's bus address.</param>
        /// <param name="number">What <see cref="ScanoutListener.OnVsync"/> gives back with it: 0 or more, the caller's to choose.</param>
        /// <param name="listener">Is told of vsync, underruns and removal.</param>
        /// <returns>False where the display does not answer; nothing was started.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The buffer is at 0, unaligned, or ends beyond the address space.</exception>
        /// <exception cref="InvalidOperationException">It runs already.</exception>
        public bool Start(uint address, int number, ScanoutListener listener)
        {
            if (listener == null)
            {
                throw new ArgumentNullException(nameof(listener));
            }
            CheckBuffer(address);
            if (IsRunning)
            {
                throw new InvalidOperationException(Name + " runs already, with the buffer at " + HexText.Of(Shown)
                    + "; expected a stop before the next start");
            }
            return IsPresent && Begin(address, number, listener);
        }

        /// <summary>Shows another buffer from the next vsync on. It belongs to the display at once. The buffer on the screen belongs to the display,
        /// too, until <see cref="ScanoutListener.OnVsync"/> gives it back. Showing the buffer that is on the screen changes nothing.</summary>
        /// <param name="address">A bus address.</param>
        /// <param name="number">As for <see cref="Start"/>.</param>
        /// <returns>False if another buffer waits for the next vsync already, or the display does not run; nothing was handed over.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The buffer is at 0, unaligned, or ends beyond the address space.</exception>
        public bool Show(uint address, int number)
        {
            CheckBuffer(address);
            return IsRunning && Pending == 0 && (address == Shown || Latch(address, number));
        }

        /// <summary>Stops at once, even in the middle of a scan. Afterwards the display reads no buffer, and the listener is not called
        /// again. Stopping a display that does not run changes nothing.</summary>
        public abstract void Stop();

        /// <summary>Starts a display that is there and does not run.</summary>
        /// <param name="address">Bus address of the first frame, checked.</param>
        /// <param name="number">What comes back with it.</param>
        /// <returns>False where the display does not answer; then nothing may have been started.</returns>
        protected abstract bool Begin(uint address, int number, ScanoutListener listener);

        /// <summary>Takes the next buffer; none waits when this is called.</summary>
        /// <param name="address">Bus address of the frame for the next vsync, checked.</param>
        /// <param name="number">What comes back with it.</param>
        /// <returns>False where the display does not answer; then the buffer may not have been taken.</returns>
        protected abstract bool Latch(uint address, int number);
    }
}
