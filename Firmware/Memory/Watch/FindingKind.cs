namespace Carveout.Memory
{
    /// <summary>What hardening found overwritten.</summary>
    public enum FindingKind
    {
        /// <summary>A byte of free memory is not the poison that the free left there: somebody wrote through a stale address.</summary>
        PoisonOverwritten = 1,

        /// <summary>A byte beside the bytes that were asked for is not the guard that the allocation left there: somebody wrote past an
        /// end.</summary>
        RedZoneOverwritten = 2,
    }
}
