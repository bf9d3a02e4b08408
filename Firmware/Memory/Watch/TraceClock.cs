namespace Carveout.Memory
{
    /// <summary>The time for the records of a <see cref="TraceRing"/>.</summary>
    /// <remarks>Asked under the allocator's lock, by whichever thread allocates.</remarks>
    public abstract class TraceClock
    {
        /// <summary>Milliseconds since a moment of the clock's choice, the same one for every call. After 2^31 - 1 follows -2^31.</summary>
        /// <remarks>Asked for under the allocator's lock, in an interrupt too: it waits for nobody and allocates nothing.</remarks>
        public abstract int Milliseconds { get; }
    }
}
