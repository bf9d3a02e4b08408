namespace Carveout.Memory
{
    /// <summary>What makes an object of a <see cref="KmemCache"/> out of raw memory.</summary>
    /// <remarks>A class because the core subset has no delegates. As in the kernel it runs once for each object when its slab is created, not
    /// once for each allocation: objects come back from their users in constructed state and are handed out again as they are.
    /// Called in the thread that allocates, without a lock.</remarks>
    public abstract class ObjectConstructor
    {
        /// <summary>Initializes the object at <paramref name="address"/>. Must not allocate from the cache that it serves.</summary>
        /// <param name="address">Physical, of its first byte.</param>
        public abstract void Construct(uint address);
    }
}
