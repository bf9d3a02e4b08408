namespace Carveout.Memory
{
    /// <summary>What becomes of the pages between a coherent request and the power of two that a buddy hands out.</summary>
    public enum DmaTail
    {
        /// <summary>A block of 2^order pages is taken, and its tail goes back: ARM's dma_alloc.</summary>
        Trim,

        /// <summary>The block is kept whole: i386's dma_alloc.</summary>
        Keep,

        /// <summary>Exactly as many pages as are needed: a run where the zone's map hands out runs; elsewhere a block whose tail goes back
        /// in the same step.</summary>
        Exact,

        /// <summary>No zone is asked: the memory is a buffer of a pool that was reserved at boot.</summary>
        Pool,
    }
}
