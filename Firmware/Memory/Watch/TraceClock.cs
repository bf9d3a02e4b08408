namespace Carveout.Memory
{
    /// <summary>When it is, for the records of a <see cref="TraceRing"/>.</summary>
    public abstract class TraceClock
    {
        /// <summary>Milliseconds since any moment, the same one for every call; after 2^31 - 1 they go on at -2^31.</summary>
        /// <remarks>Asked for under the allocator's lock, in an interrupt too: it waits for nobody and allocates nothing.</remarks>
        public abstract int Milliseconds { get; }
    }
}
