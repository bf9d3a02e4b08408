namespace Carveout.Video.Devices
{
    /// <summary>Receives a command display's callback. It comes in interrupt context: allocations must be Atomic, and nothing may block.
    /// The next frame may be sent in it.</summary>
    public abstract class CommandDisplayListener
    {
        /// <summary>A frame has been sent or has failed, and its buffer belongs to the driver again. Called once for every frame.</summary>
        /// <param name="number">The number with which it was sent.</param>
        /// <param name="timestamp">When, in microseconds of the board's clock.</param>
        /// <param name="result">Aborted if the driver ended it or the display was unplugged.</param>
        /// <param name="bytes">How many bytes of the frame the display received. Behind them it still shows the previous frame.</param>
        public abstract void OnFrameSent(CommandDisplay display, int number, long timestamp, DmaResult result, int bytes);
    }
}
