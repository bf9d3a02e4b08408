namespace Carveout.Emulator.Planning;

/// <summary>The pages in which a buddy can refuse no request, whatever the order of requests and frees.</summary>
/// <remarks>
/// <para>D. E. Knuth, The Art of Computer Programming, volume 1, third edition, section 2.5, exercise 41: where all requests are for 1, 2, 4 … 2^r
/// pages, and never more than M of them are taken, M a multiple of 2^r, the buddy system does not overflow M·(1 + r) pages. It is the buddy of
/// that section: it splits the smallest sufficient block and merges at once. <see cref="FreeBlockMap"/> is that, and its hot slots hold back a
/// block of each low order at most, which counts as taken; it drains them before it refuses. docs/plan.md has the proof for every M and with
/// the slots.</para>
/// <para>It is not proven for a zone that groups by mobility, for exact runs, nor for requests that are no powers of two: those count with what
/// they are rounded up to.</para>
/// </remarks>
/// <param name="LivePages">M: the most pages that are taken at one time, in blocks of powers of two.</param>
/// <param name="LargestOrder">r: the largest block has 2^r pages.</param>
internal sealed record BuddyBound(long LivePages, int LargestOrder)
{
    /// <summary>Pages that hot slots can hold back at once.</summary>
    public int HotPages => (1 << Math.Min(PageMap.DefaultHotOrders, LargestOrder + 1)) - 1;

    /// <summary>Pages in which nothing is ever refused: (M + hot)·(1 + r), whole blocks of the largest order.</summary>
    public long Pages
    {
        get
        {
            long block = 1L << LargestOrder;
            return ((LivePages + HotPages) * (1 + LargestOrder) + block - 1) / block * block;
        }
    }

    /// <summary>Pages that a zone needs with a watermark, below which it refuses: it keeps no page in particular, but a number of them.</summary>
    public long PagesWith(int watermark) => Math.Max(Pages, LivePages + watermark);

    /// <summary>The bound for so many bytes in blocks of so many at most.</summary>
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
