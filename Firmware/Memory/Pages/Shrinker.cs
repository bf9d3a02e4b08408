namespace Carveout.Memory
{
    /// <summary>Owns pages that it can give up when memory is short: a cache, or empty slabs.</summary>
    /// <remarks>Called in the thread that allocates.</remarks>
    public abstract class Shrinker
    {
        /// <summary>The name in reports.</summary>
        public abstract string Name { get; }

        /// <summary>Frees pages through the allocator that asks. Called without its lock, never for an Atomic request and never while
        /// another shrinker runs; allocations made in here run no shrinker.</summary>
        /// <param name="pages">How many are wanted; fewer or more are fine.</param>
        /// <returns>How many were freed.</returns>
        public abstract int Shrink(int pages);
    }
}
