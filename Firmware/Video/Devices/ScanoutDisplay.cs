using System;
using Carveout.Board;

namespace Carveout.Video.Devices
{
    /// <summary>A display without memory of its own: it reads the frame buffer, one contiguous run at a bus address, at every refresh.</summary>
    /// <remarks>The address is latched at vsync (LTDC's shadow registers), so a driver needs two buffers at least: the one on the screen and
    /// the one it draws. Memory is read as it is behind the CPU's data cache. A call that throws changes nothing.
    /// Not synchronized: one context drives it and is called back, in an interrupt or in <see cref="Display.Poll"/>.</remarks>
    public abstract class ScanoutDisplay : Display
    {
        /// <summary>Describes a display.</summary>
        /// <param name="name">The name in reports.</param>
        /// <param name="width">Pixels of a line, above 0.</param>
        /// <param name="height">Lines, above 0.</param>
        /// <param name="lineSize">Bytes of a line, above 0.</param>
        /// <param name="alignment">Bytes, a power of two, that buffer addresses are multiples of.</param>
        /// <param name="refreshPeriod">Microseconds from vsync to vsync, above 0, rounded down.</param>
        /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
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

        /// <summary>Whether it was started and not stopped since.</summary>
        public abstract bool IsRunning { get; }

        /// <summary>The buffer that is being scanned, or 0.</summary>
        public abstract uint Shown { get; }

        /// <summary>The buffer that the next vsync takes, or 0.</summary>
        public abstract uint Pending { get; }

        /// <summary>Begins to scan.</summary>
        /// <param name="address">The first buffer's bus address.</param>
        /// <param name="listener">Told what happens.</param>
        /// <returns>False where the display does not answer; nothing was started.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="listener"/> is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The buffer is at 0, unaligned, or ends beyond the address space.</exception>
        /// <exception cref="InvalidOperationException">It runs already.</exception>
        public bool Start(uint address, ScanoutListener listener)
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
            return IsPresent && Begin(address, listener);
        }

        /// <summary>Shows another buffer from the next vsync on. It is the display's, and so is the one before it until
        /// <see cref="ScanoutListener.OnVsync"/> gives that back. Showing the buffer that is on the screen changes nothing.</summary>
        /// <param name="address">A bus address.</param>
        /// <returns>False where another buffer waits for the next vsync already, or the display does not run; nothing was handed
        /// over.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The buffer is at 0, unaligned, or ends beyond the address space.</exception>
        public bool Show(uint address)
        {
            CheckBuffer(address);
            return IsRunning && Pending == 0 && (address == Shown || Latch(address));
        }

        /// <summary>Stops at once, in the middle of a scan if need be. When this returns no buffer is read any more, and the listener is not
        /// called again. A display that does not run is left alone.</summary>
        public abstract void Stop();

        /// <summary>Starts a display that is there and does not run.</summary>
        /// <param name="address">Bus address of the first frame, checked.</param>
        /// <param name="listener">Told of vsync, underruns and removal; not null.</param>
        /// <returns>False where the display does not answer; then nothing may have been started.</returns>
        protected abstract bool Begin(uint address, ScanoutListener listener);

        /// <summary>Takes a buffer where none waits.</summary>
        /// <param name="address">Bus address of the frame for the next vsync, checked.</param>
        /// <returns>False where the display does not answer; then the buffer may not have been taken.</returns>
        protected abstract bool Latch(uint address);
    }
}
