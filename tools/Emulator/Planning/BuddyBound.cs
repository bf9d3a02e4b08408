namespace Carveout.Emulator.Planning;

/// <summary>The pages in which a buddy can refuse no request, whatever the order of requests and frees.</summary>
/// <remarks>
/// <para>D. E. Knuth, The Art of Computer Programming, volume 1, third edition, section 2.5, exercise 41: if all requests are for 1, 2, 4 …
/// 2^r pages, and never more than M of them are taken, M a multiple of 2^r, then the buddy system does not overflow M·(1 + r) pages. The
/// buddy system of that section splits the smallest sufficient block and merges at once. <see cref="FreeBlockMap"/> does the same. Its hot
/// slots hold back at most one block of each low order, which counts as taken; it drains them before it refuses. docs/plan.md has the proof
/// for every M and with the slots.</para>
/// <para>The bound is not proven for a zone that groups by mobility, or for exact runs. Requests that are not powers of two count with the
/// power of two that they are rounded up to.</para>
/// </remarks>
/// <param name="LivePages">M: the most pages that are taken at one time, in blocks of powers of two.</param>
/// <param name="LargestOrder">r: the largest block has 2^r pages.</param>
internal sealed record BuddyBound(long LivePages, int LargestOrder)
{
    /// <summary>The most pages that hot slots can hold back at once.</summary>
    public int HotPages => (1 << Math.Min(PageMap.DefaultHotOrders, LargestOrder + 1)) - 1;

    /// <summary>Pages with which no request is ever refused: (M + hot)·(1 + r), whole blocks of the largest order.</summary>
    public long Pages
    {
        get
        {
            long block = 1L << LargestOrder;
            return ((LivePages + HotPages) * (1 + LargestOrder) + block - 1) / block * block;
        }
    }

    /// <summary>Pages that a zone with a watermark needs. Below the watermark it refuses; it keeps a number of pages free, but no page in
    /// particular.</summary>
    public long PagesWith(int watermark) => Math.Max(Pages, LivePages + watermark);

    /// <summary>The bound for a number of live bytes, in blocks up to a size.</summary>
    /// <param name="bytes">Above 0.</param>
    /// <param name="largest">The largest block, above 0; rounded up to a power of two pages.</param>
    /// <param name="pageSize">Bytes of a page.</param>
    public static BuddyBound Of(long bytes, long largest, int pageSize)
    {
        int order = 0;
        while ((long)pageSize << order < largest)
        {
            order++;
        }
        return new BuddyBound((bytes + pageSize - 1) / pageSize, order);
    }
}
