namespace Carveout.Board.Devices
{
    /// <summary>Whom a DMA controller tells that a transfer is over.</summary>
    public abstract class DmaCompletion
    {
        /// <summary>Called once for every transfer that was started, whatever became of it.</summary>
        /// <remarks>In interrupt context: allocations must be Atomic, and nothing may block. The channel is free again and may be started
        /// from here.</remarks>
        /// <param name="controller">Whose channel it is.</param>
        /// <param name="channel">Its number.</param>
        /// <param name="result">How it ended.</param>
        /// <param name="moved">Bytes that arrived, counted from the start of the transfer; all of them where the result is Done.</param>
        public abstract void OnTransferEnd(DmaController controller, int channel, DmaResult result, int moved);
    }
}
