namespace Carveout.Memory
{
    /// <summary>What keeps two contexts out of the allocator at once: a monitor where threads preempt, an interrupt mask on bare metal.</summary>
    /// <remarks>Held for one free or one attempt of an allocation, never while a shrinker runs and never when an exception is thrown. It need
    /// not nest.</remarks>
    public abstract class AllocatorLock
    {
        /// <summary>Enters; the caller has it until <see cref="Release"/>.</summary>
        public abstract void Acquire();

        /// <summary>Leaves.</summary>
        public abstract void Release();
    }
}
