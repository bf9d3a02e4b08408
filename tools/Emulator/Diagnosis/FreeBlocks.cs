using Carveout.Diagnostics;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Free blocks of a buddy allocator by order.</summary>
/// <param name="counts">Blocks of order 0, 1, 2 …</param>
/// <param name="pageSize">Bytes of a page.</param>
/// <param name="isComplete">Whether the dump has all orders; if not, larger blocks may exist.</param>
/// <param name="types">Of each order the letters of the kernel's migrate types that have such blocks; null where it does not print them.</param>
internal sealed class FreeBlocks(int[] counts, long pageSize, bool isComplete, string?[]? types = null)
{
    /// <summary>Blocks of order 0, 1, 2 …</summary>
    public IReadOnlyList<int> Counts => counts;

    /// <summary>Bytes of a page.</summary>
    public long PageSize => pageSize;

    /// <summary>Whether the dump has all orders.</summary>
    public bool IsComplete => isComplete;

    /// <summary>All of them.</summary>
    public long Bytes => BytesFrom(0, counts.Length - 1);

    /// <summary>The largest order that has a block; -1 where nothing is free.</summary>
    public int LargestOrder => Array.FindLastIndex(counts, count => count > 0);

    /// <summary>The largest block, 0 where nothing is free.</summary>
    public long Largest => LargestOrder < 0 ? 0 : BlockSize(LargestOrder);

    /// <summary>Bytes of a block.</summary>
    public long BlockSize(int order) => pageSize << order;

    /// <summary>The order whose blocks are the smallest that hold so many bytes.</summary>
    public int OrderOf(long bytes)
    {
        int order = 0;
        while (order < 62 - 17 && BlockSize(order) < bytes)
        {
            order++;
        }
        return order;
    }

    /// <summary>Memory in blocks of these orders.</summary>
    public long BytesFrom(int first, int last)
    {
        long bytes = 0;
        for (int order = first; order <= Math.Min(last, counts.Length - 1); order++)
        {
            bytes += counts[order] * BlockSize(order);
        }
        return bytes;
    }

    /// <summary>Blocks of an order that could be cut from what is free.</summary>
    public long Capacity(int order) => BytesFrom(order, counts.Length - 1) / BlockSize(order);

    /// <summary>extfrag_index of an order, in thousandths.</summary>
    public int Index(int order) => FragmentationIndex.Of(counts, order);

    /// <summary>The largest order with a block that a request may have.</summary>
    /// <param name="isMovable">Whether it may be moved, so that CMA's blocks serve.</param>
    /// <param name="isAtomic">Whether it may not wait, so that blocks set aside for such serve.</param>
    public int LargestOrderFor(bool isMovable, bool isAtomic)
    {
        for (int order = counts.Length - 1; order >= 0; order--)
        {
            if (counts[order] > 0 && (types?[order] is not { Length: > 0 } letters
                || letters.Any(letter => letter switch { 'C' => isMovable, 'H' => isAtomic, 'I' => false, _ => true })))
            {
                return order;
            }
        }
        return -1;
    }
}
