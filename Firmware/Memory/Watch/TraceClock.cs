namespace Carveout.Memory
{
    /// <summary>The clock of a <see cref="TraceRing"/>.</summary>
    /// <remarks>Any thread that allocates may read it.</remarks>
    public abstract class TraceClock
    {
        /// <summary>Milliseconds since a moment of the clock's choice, the same one for every call. 2^31 - 1 is followed by -2^31.</summary>
        /// <remarks>It is read under the allocator's lock, also in an interrupt. So it must not wait or allocate.</remarks>
        public abstract int Milliseconds { get; }
    }
}
