namespace Internal.Runtime
{
    /// <summary>The addresses that the linker chose: a table of its symbols in the start-up code, in this order.</summary>
    internal unsafe struct MemoryLayout
    {
        internal ModuleHeader* Module;
        internal byte* DataStart, DataEnd, DataImage;
        internal byte* BssStart, BssEnd;
        internal byte* HeapStart, HeapEnd;

        /// <summary>Memory that only the allocator uses.</summary>
        internal uint CarveoutStart, CarveoutSize;
    }
}
