namespace Carveout.Board
{
    /// <summary>What is wrong with a memory map.</summary>
    public enum MapFaultKind
    {
        /// <summary>The page size is not a power of two from 256 to 65,536.</summary>
        PageSize,

        /// <summary>Two regions, two reservations or two zones have the same name.</summary>
        DuplicateName,

        /// <summary>An entry has no bytes.</summary>
        ZeroSize,

        /// <summary>An entry ends beyond the 32-bit address space.</summary>
        Overflow,

        /// <summary>Two regions, two reservations or two zones share addresses.</summary>
        Overlap,

        /// <summary>A reservation or zone lies, wholly or partly, where there is no memory, or across two regions.</summary>
        OutOfChip,

        /// <summary>A zone does not begin and end on a page, or a reservation shares a cache line with its neighbour.</summary>
        Misaligned,

        /// <summary>A zone would own memory that is reserved.</summary>
        ReservedInZone,

        /// <summary>A zone lies over memory that its engines cannot reach, or is a DMA zone and names no engine.</summary>
        UnreachableByDma,

        /// <summary>A zone has more pages than its page map can count.</summary>
        TooManyPages,

        /// <summary>A region's cache line is not 0 or a power of two from 4 to 256, so pages would not begin on cache lines.</summary>
        CacheLine,

        /// <summary>A zone owns address 0, which is what a failed allocation returns.</summary>
        AddressZero,

        /// <summary>DMA engines would see a region beyond 32 bits, at another offset within a page than the CPU does, or where they see
        /// another region.</summary>
        BusAddress,
    }

    /// <summary>One fault of a memory map, with its numbers.</summary>
    /// <remarks>Immutable.</remarks>
    public sealed class MapFault
    {
        internal MapFault(MapFaultKind kind, string text)
        {
            Kind = kind;
            Text = text;
        }

        /// <summary>The rule that is broken.</summary>
        public MapFaultKind Kind { get; }

        /// <summary>One line that names the entries, their addresses and what was expected.</summary>
        public string Text { get; }
    }
}
