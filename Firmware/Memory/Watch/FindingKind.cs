namespace Carveout.Memory
{
    /// <summary>What hardening found overwritten.</summary>
    public enum FindingKind
    {
        /// <summary>A byte of free memory is not the poison that the free wrote there: somebody wrote through a stale address.</summary>
        PoisonOverwritten = 1,

        /// <summary>A byte behind or before the bytes that were asked for is not what the allocation wrote there: somebody
        /// wrote beyond an end of the block.</summary>
        RedZoneOverwritten = 2,
    }
}
