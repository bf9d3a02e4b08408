namespace Carveout.Memory
{
    /// <summary>A user of memory, by the number that <see cref="PageAllocator.RegisterOwner"/> gave its name: what pages, objects and findings
    /// are charged to.</summary>
    /// <remarks>A type of its own, so that an owner cannot be confused with an order or a size; it costs what an int does. The numbers
    /// belong to one allocator: another one gives the same numbers to other owners.</remarks>
    public enum PageOwner : int
    {
        /// <summary>Stands for requests that name no owner, and for owners that came when all numbers were taken.</summary>
        Unknown = 0,
    }
}
