using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The exceptions of movable memory: each names the handle, the block and its owner, and what was expected.</summary>
    internal static class MovableMisuse
    {
        /// <summary>No block has the handle now; the text says which block had it, or has its slot.</summary>
        internal static Exception Stale(PageAllocator pages, HandleTable table, string call, int handle)
        {
            int slot = table.SlotOf(handle);
            string what = call + " of handle " + HexText.Of((uint)handle) + ": ";
            string expected = ". Expected a handle that an allocation returned and that has not been freed since";
            if (slot < 0)
            {
                return new InvalidOperationException("wild handle: " + what + "there is no such slot among " + table.Capacity.ToString() + expected);
            }
            return new InvalidOperationException("stale handle: " + what + "its slot " + slot.ToString() + " is in generation "
                + table.GenerationOf(slot).ToString() + " and " + (table.Address[slot] == 0
                    ? "free"
                    : "belongs to handle " + HexText.Of((uint)table.HandleOf(slot)) + ", " + Block(pages, table, slot)) + expected);
        }

        internal static Exception Pinned(PageAllocator pages, HandleTable table, int slot) =>
            new InvalidOperationException("free while pinned: " + Named(pages, table, slot) + " is pinned " + table.Pins[slot].ToString()
                + " times. Expected an Unpin for each Pin first");

        internal static Exception NotPinned(PageAllocator pages, HandleTable table, int slot) =>
            new InvalidOperationException("unpin without pin: " + Named(pages, table, slot) + " is not pinned. Expected one Unpin for each"
                + " Pin");

        /// <summary>Somebody tried to free or trim by its address a block that has a handle.</summary>
        internal static Exception ByAddress(PageAllocator pages, HandleTable table, uint address, short mark) =>
            mark == Zone.Migrating
                ? new InvalidOperationException("wild free: " + HexText.Of(address) + " is held by compaction. Expected an address that an"
                    + " allocation returned and that has not been freed since")
                : new InvalidOperationException("free of movable memory by its address: " + Named(pages, table, mark - 1)
                    + ". Expected MovablePages.Free of its handle; it cannot be trimmed");

        private static string Named(PageAllocator pages, HandleTable table, int slot) =>
            "handle " + HexText.Of((uint)table.HandleOf(slot)) + ", " + Block(pages, table, slot);

        private static string Block(PageAllocator pages, HandleTable table, int slot) =>
            "the block at " + HexText.Of(table.Address[slot]) + " (" + ((long)table.Pages[slot] << pages.PageShift).ToString()
                + " bytes, owner '" + pages.OwnerName(pages.OwnerAt(table.Address[slot])) + "')";
    }
}
