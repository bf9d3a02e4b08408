using Carveout.Diagnostics;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Free blocks of a buddy allocator by order.</summary>
/// <param name="counts">How many blocks of order 0, 1, 2 … there are.</param>
/// <param name="pageSize">Bytes of a page.</param>
/// <param name="isComplete">Whether the dump has all orders; if not, larger blocks may exist.</param>
/// <param name="types">By order: the letters of the kernel's migrate types that have such blocks; null if the kernel does not print
/// them.</param>
internal sealed class FreeBlocks(int[] counts, long pageSize, bool isComplete, string?[]? types = null)
{
    /// <summary>How many blocks of order 0, 1, 2 … there are.</summary>
    public IReadOnlyList<int> Counts => counts;

    /// <summary>Bytes of a page.</summary>
    public long PageSize => pageSize;

    /// <summary>Whether the dump has all orders.</summary>
    public bool IsComplete => isComplete;

    /// <summary>Bytes of all free blocks.</summary>
    public long Bytes => BytesFrom(0, counts.Length - 1);

    /// <summary>The largest order that has a block; -1 if nothing is free.</summary>
    public int LargestOrder => Array.FindLastIndex(counts, count => count > 0);

    /// <summary>Bytes of the largest block; 0 if nothing is free.</summary>
    public long Largest => LargestOrder < 0 ? 0 : BlockSize(LargestOrder);

    /// <summary>Bytes of a block of an order.</summary>
    public long BlockSize(int order) => pageSize << order;

    /// <summary>The smallest order whose blocks hold so many bytes.</summary>
    public int OrderOf(long bytes)
    {
        int order = 0;
        while (order < 62 - 17 && BlockSize(order) < bytes)
        {
            order++;
        }
        return order;
    }

    /// <summary>Bytes in blocks of these orders.</summary>
    public long BytesFrom(int first, int last)
    {
        long bytes = 0;
        for (int order = first; order <= Math.Min(last, counts.Length - 1); order++)
        {
            bytes += counts[order] * BlockSize(order);
        }
        return bytes;
    }

    /// <summary>How many blocks of an order the free memory contains, if larger blocks are split.</summary>
    public long Capacity(int order) => BytesFrom(order, counts.Length - 1) / BlockSize(order);

    /// <summary>extfrag_index of an order, in thousandths.</summary>
    public int Index(int order) => FragmentationIndex.Of(counts, order);

    /// <summary>The largest order with a block that a request may use.</summary>
    /// <param name="isMovable">Whether the request is movable, so that it may use CMA's blocks.</param>
    /// <param name="isAtomic">Whether the request must not wait, so that it may use blocks reserved for such requests.</param>
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
