using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>Requests of one kind that keep a zone of 2048 pages filled to a share of its size, and their results.</summary>
/// <param name="seed">Decides sizes, victims and what may move.</param>
/// <param name="percent">The live requests as a percentage of the zone.</param>
/// <param name="movable">How many blocks in a hundred may move.</param>
internal sealed class CompactionScheme(ulong seed, int percent, int movable)
{
    public const int Pages = 2048, PageSize = 4096;

    private readonly SplitMix64 _random = new(seed), _choice = new(seed ^ 0x5EED);
    private readonly List<(uint Address, int Handle, int Pages)> _live = [];

    /// <summary>Pages of the zone. The live requests are still a share of <see cref="Pages"/>.</summary>
    public int ZonePages { get; init; } = Pages;

    public PageMapKind Map { get; init; } = PageMapKind.Runs;

    /// <summary>Whether a refused request counts as live, as in a recorded trace.</summary>
    public bool RefusedCount { get; init; } = true;

    public int Budget { get; init; } = MovablePages.NoLimit;

    public int Requests { get; private set; }

    public int Failures { get; private set; }

    /// <summary>The most pages of live requests at once.</summary>
    public int PeakPages { get; private set; }

    public double Succeeded => 100.0 * (Requests - Failures) / Requests;

    public MovablePages Movable { get; private set; } = null!;

    /// <summary>Runs so many requests of blocks of order 0 to <paramref name="largest"/>.</summary>
    public CompactionScheme Orders(int requests, int largest) => Run(requests, () => 1 << _random.Below(largest + 1), true);

    /// <summary>Runs so many requests of 1 to 64 pages; each doubling is as likely as the others.</summary>
    public CompactionScheme Lengths(int requests) => Run(requests, () => (int)Math.Pow(2, _random.Fraction() * 6), false);

    private CompactionScheme Run(int requests, Func<int> size, bool orders)
    {
        var zone = new Zone("DMA", ZoneKind.Dma, 0x80000000, PageMap.Create(Map, ZonePages));
        var allocator = new PageAllocator([zone], PageSize, new UnbackedMemory(), null);
        Movable = new MovablePages(allocator, ZonePages, Budget);
        int limit = Pages * percent / 100, live = 0;
        for (Requests = 0; Requests < requests; Requests++)
        {
            int pages = size();
            while (live + pages > limit)
            {
                int victim = _random.Below(_live.Count);
                (uint address, int handle, int length) = _live[victim];
                _live[victim] = _live[^1];
                _live.RemoveAt(_live.Count - 1);
                live -= length;
                if (handle != 0)
                {
                    Movable.Free(handle);
                }
                else if (address != 0)
                {
                    allocator.FreePages(address);
                }
            }
            bool moves = _choice.Below(100) < movable;
            int got = moves ? Alloc(pages) : 0;
            uint at = moves ? 0 : Map == PageMapKind.Runs || !orders
                ? allocator.AllocPagesExact(pages * PageSize, GfpFlags.Dma, 0)
                : allocator.AllocPages(GfpFlags.Dma, PageMap.OrderOf(pages), 0);
            bool refused = at == 0 && got == 0;
            Failures += refused ? 1 : 0;
            if (!refused || RefusedCount)
            {
                _live.Add((at, got, pages));
                live += pages;
                PeakPages = Math.Max(PeakPages, live);
            }
        }
        return this;

        int Alloc(int pages) => Map == PageMapKind.Runs || !orders
            ? Movable.AllocPagesExact(pages * PageSize, GfpFlags.Dma, 0)
            : Movable.AllocPages(GfpFlags.Dma, PageMap.OrderOf(pages), 0);
    }
}
