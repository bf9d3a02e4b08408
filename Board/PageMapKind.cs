namespace Carveout.Board
{
    /// <summary>The kind of map in which a zone keeps account of its pages.</summary>
    public enum PageMapKind
    {
        /// <summary>A buddy system: blocks of 2^order pages.</summary>
        FreeBlocks,

        /// <summary>A buddy system that keeps small unmovable blocks together, away from the large ones.</summary>
        GroupedFreeBlocks,

        /// <summary>Runs of exactly as many pages as were asked for, best fit.</summary>
        Runs,
    }
}
