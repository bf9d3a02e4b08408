namespace Carveout.Board
{
    /// <summary>How a board's main memory is cut into zones.</summary>
    public enum ZoneLayout
    {
        /// <summary>One zone: application and frame buffers share it.</summary>
        Single,

        /// <summary>A NORMAL zone for the application and a DMA zone for buffers that devices reach.</summary>
        Split,
    }
}
