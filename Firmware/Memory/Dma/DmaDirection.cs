namespace Carveout.Memory
{
    /// <summary>Which way the bytes of a mapping go: the kernel's enum dma_data_direction, with its numbers.</summary>
    public enum DmaDirection
    {
        /// <summary>The device reads and writes, or nobody knows.</summary>
        Bidirectional = 0,

        /// <summary>The device only reads: a frame on its way to a display. The CPU may go on reading it meanwhile.</summary>
        ToDevice = 1,

        /// <summary>The device only writes: a frame from a camera. The CPU must not write to it while it is mapped, whoever owns it.</summary>
        FromDevice = 2,
    }
}
