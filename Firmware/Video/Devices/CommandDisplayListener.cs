namespace Carveout.Video.Devices
{
    /// <summary>Whom a command display tells what happens. All calls come in interrupt context: allocations must be Atomic, nothing may block;
    /// the next frame may be sent from here.</summary>
    public abstract class CommandDisplayListener
    {
        /// <summary>A frame is over, one way or the other, and its buffer the driver's again. Called once for every frame that was sent.</summary>
        /// <param name="display">Which display.</param>
        /// <param name="address">The first bus address of the chain.</param>
        /// <param name="timestamp">When, in microseconds of the board's clock.</param>
        /// <param name="result">Aborted also where the display was pulled out.</param>
        /// <param name="bytes">Bytes that the display has got of the frame; what is behind them still shows the frame before.</param>
        public abstract void OnFrameSent(CommandDisplay display, uint address, long timestamp, DmaResult result, int bytes);
    }
}
