namespace Carveout.Video.Devices
{
    /// <summary>Receives a scan-out display's callbacks. All come in interrupt context: allocations must be Atomic, and nothing may block.
    /// The next buffer may be shown and the display may be stopped in a callback.</summary>
    public abstract class ScanoutListener
    {
        /// <summary>A scan begins.</summary>
        /// <param name="timestamp">When, in microseconds of the board's clock.</param>
        /// <param name="number">The number of the buffer that was replaced now and is the driver's again; -1: none was, the scan repeats the
        /// buffer it had.</param>
        public abstract void OnVsync(ScanoutDisplay display, long timestamp, int number);

        /// <summary>A line did not arrive in time, or the bus refused it. The frame on the screen is damaged; the next scan tries again.
        /// Called at most once in a scan.</summary>
        /// <param name="timestamp">When, in microseconds of the board's clock.</param>
        public abstract void OnUnderrun(ScanoutDisplay display, long timestamp);

        /// <summary>The display was unplugged while it ran. It has stopped and reads no buffer any more. Its buffers do not come back
        /// through <see cref="OnVsync"/>.</summary>
        public abstract void OnRemoved(ScanoutDisplay display);
    }
}
