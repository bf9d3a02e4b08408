namespace Carveout.Video.Devices
{
    /// <summary>Whom a scan-out display tells what happens. All calls come in interrupt context: allocations must be Atomic, nothing may block;
    /// the next buffer may be shown and the display stopped from here.</summary>
    public abstract class ScanoutListener
    {
        /// <summary>A scan begins.</summary>
        /// <param name="display">Which display.</param>
        /// <param name="timestamp">When, in microseconds of the board's clock.</param>
        /// <param name="freed">The bus address of the buffer that was replaced now and is the driver's again; 0: none was, the scan repeats the
        /// buffer it had.</param>
        public abstract void OnVsync(ScanoutDisplay display, long timestamp, uint freed);

        /// <summary>A line did not arrive in time, or the bus refused it: the frame on the screen is damaged, the next scan tries again. At
        /// most once a scan.</summary>
        /// <param name="display">Which display.</param>
        /// <param name="timestamp">When, in microseconds of the board's clock.</param>
        public abstract void OnUnderrun(ScanoutDisplay display, long timestamp);

        /// <summary>The display was pulled out while it ran. It has stopped, and reads no buffer any more; none comes back through
        /// <see cref="OnVsync"/>.</summary>
        /// <param name="display">Which display.</param>
        public abstract void OnRemoved(ScanoutDisplay display);
    }
}
