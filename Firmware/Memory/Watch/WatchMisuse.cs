using System;

namespace Carveout.Memory
{
    /// <summary>The exceptions of owner tables, hardening and traces: each says what was expected.</summary>
    internal static class WatchMisuse
    {
        internal static Exception UsedOwnerTable(int count) =>
            new InvalidOperationException("the owner table " + (count == 0
                ? "is in use already"
                : "holds " + count.ToString() + " allocations already") + ": expected an empty one that nobody uses");

        internal static Exception UsedTraceRing(long recorded) =>
            new InvalidOperationException("the trace ring is in use already, with " + recorded.ToString()
                + " records: expected an empty one for each time that an allocator is traced");

        internal static Exception UsedHardening() =>
            new InvalidOperationException("this PageHardening is in force already: expected one for each allocator");

        internal static Exception NothingToHarden() =>
            new InvalidOperationException("pages cannot be hardened: the allocator was made without memory; expected a PhysicalMemory in"
                + " its constructor");
    }
}
