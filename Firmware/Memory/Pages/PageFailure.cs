namespace Carveout.Memory
{
    /// <summary>The request that failed last without <see cref="GfpFlags.NoWarn"/>: <see cref="PageAllocator.LastFailure"/>.</summary>
    /// <remarks>One object for each allocator, made at boot: the next failure writes over it, without the lock.</remarks>
    public sealed class PageFailure
    {
        internal PageFailure()
        {
        }

        /// <summary>Pages that were asked for; 0: no request failed so far.</summary>
        public int Pages { get; internal set; }

        /// <summary>Whether an exact run was asked for rather than a block.</summary>
        public bool IsExact { get { return Alignment != 0; } }

        /// <summary>The alignment that was asked for, in bytes: of an exact run a page or more; of a block, which is aligned to itself, 0.</summary>
        public int Alignment { get; internal set; }

        /// <summary>The rule that the memory had to obey, if a DMA device asked for it that has one. Null if the alignment is all that was
        /// asked.</summary>
        internal PlaceRule? Rule;

        /// <summary>The zones that were asked, in order; null while no request failed.</summary>
        internal Zone[]? Zones;

        /// <summary>A later request that failed for another reason than a lack of pages, such as a full table; the report is about that one.
        /// Null if there is none.</summary>
        internal FailureCause? Cause;

        /// <summary>The request's flags.</summary>
        public GfpFlags Gfp { get; internal set; }

        /// <summary>Who asked: a number from <see cref="PageAllocator.RegisterOwner"/>.</summary>
        public PageOwner Owner { get; internal set; }
    }
}
