namespace Carveout.Memory
{
    /// <summary>A user of memory, by the number that <see cref="PageAllocator.RegisterOwner"/> gave its name: what pages, objects and findings
    /// are charged to.</summary>
    /// <remarks>A type of its own, so that an owner cannot be exchanged with an order or a size; it costs what an int does. The numbers belong to
    /// one allocator: another one gives them to others.</remarks>
    public enum PageOwner : int
    {
        /// <summary>The owner of those who give none, and of what is charged where all numbers are taken.</summary>
        Unknown = 0,
    }
}
