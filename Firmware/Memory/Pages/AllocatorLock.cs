namespace Carveout.Memory
{
    /// <summary>Lets one context at a time into the allocator: a monitor where threads preempt, an interrupt mask on bare metal.</summary>
    /// <remarks>Held for one free, one attempt of an allocation or one search of a compaction, and while one page of a block that slides in
    /// place is copied; never while a shrinker runs, and never when an exception has left the allocator. It need not nest.</remarks>
    public abstract class AllocatorLock
    {
        /// <summary>Enters; the caller has it until <see cref="Release"/>.</summary>
        public abstract void Acquire();

        /// <summary>Enters to allocate pages. A lock that knows the context (an interrupt, say) throws here, before it enters, if that context
        /// may not make such a request. Any other lock just enters.</summary>
        /// <param name="atomic">Whether the request is <see cref="GfpFlags.Atomic"/>; any other may wait, and an interrupt may not.</param>
        public virtual void AcquireToAlloc(bool atomic)
        {
            Acquire();
        }

        /// <summary>Enters to ask shrinkers, without having the lock: one context at a time, while the others wait. A context that is in
        /// may enter again, because shrinkers allocate, too. A lock that cannot do that does nothing here. Then, while one context runs
        /// shrinkers, a request of another is refused if the free memory is not enough.</summary>
        public virtual void AcquireToShrink()
        {
        }

        /// <summary>Leaves; as often as it entered.</summary>
        public virtual void ReleaseFromShrink()
        {
        }

        /// <summary>Leaves.</summary>
        public abstract void Release();
    }
}
