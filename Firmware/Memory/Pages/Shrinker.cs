namespace Carveout.Memory
{
    /// <summary>Owns pages that it can give up when memory is short: a cache, or empty slabs.</summary>
    /// <remarks>Called in the thread that allocates.</remarks>
    public abstract class Shrinker
    {
        /// <summary>The name in reports.</summary>
        public abstract string Name { get; }

        /// <summary>Frees pages through the allocator that asks. Called without its lock, never for an Atomic request and never while another
        /// shrinker runs; allocations made in here run no shrinker. Meanwhile other threads' requests that need shrinkers wait. So it must not wait
        /// for anything that a thread holds while it allocates, unless that thread allocates by Atomic or NoRetry.</summary>
        /// <param name="pages">How many are wanted; fewer or more are fine.</param>
        /// <returns>How many were freed.</returns>
        public abstract int Shrink(int pages);

        /// <summary>The same for an Atomic request: frees only what it can free without calling foreign code and without long checks.</summary>
        internal virtual int ShrinkNow(int pages)
        {
            return 0;
        }

        /// <summary>Pages that an owner has and that go back when they are needed. Slow: for reports.</summary>
        /// <param name="owner">Whose; -1: all.</param>
        internal virtual int UnusedPages(int owner)
        {
            return 0;
        }
    }
}
