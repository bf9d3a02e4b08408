using Carveout.Diagnostics;

namespace Carveout.Emulator.Tests.Slab;

/// <summary>Caches of several shapes and Kmalloc over one zone, with a named kind of guard, and a mirror of who has which bytes.</summary>
internal sealed class SlabWorld
{
    public const uint Start = 0xC0000000;
    public const int PageSize = 4096;

    public static readonly string[] Guards = ["locked", "tracked", "poisoned", "zoned", "hardened"];

    /// <summary>By eight bytes: who has them; 0 for nobody.</summary>
    private readonly int[] _holders;
    private readonly string _fresh;

    /// <param name="guard">One of <see cref="Guards"/>, or "plain".</param>
    /// <param name="largest">Kmalloc's largest cache, in bytes.</param>
    public SlabWorld(string guard, int pages, AllocatorLock? allocatorLock, Func<PhysicalMemory, PhysicalMemory>? wrap = null, int largest = KmallocCaches.MaxSize)
    {
        Memory = new ManagedMemory(Start, pages * PageSize);
        Pages = new PageAllocator([new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, pages, 4))], PageSize, null, allocatorLock);
        Owner = Pages.RegisterOwner("camera");
        _fresh = ProcText.BuddyInfo(Pages);
        _holders = new int[pages * PageSize / 8];
        Log = new FindingLog(64);
        Slabs = new SlabAllocator(Pages, wrap == null ? Memory : wrap(Memory), pages, allocatorLock, Log);
        bool hardened = guard == "hardened";
        if (guard == "tracked" || hardened)
        {
            Slabs.TrackOwners(new OwnerTable(4096));
        }
        SlabDebug debug = (guard == "poisoned" || hardened ? SlabDebug.Poison : 0) | (guard == "zoned" || hardened ? SlabDebug.RedZone : 0);
        int quarantine = guard == "poisoned" ? 3 : hardened ? 16 : 0;
        Caches =
        [
            new KmemCache(Slabs, "tiny", 1, 8, GfpFlags.Kernel, null, debug, quarantine),
            new KmemCache(Slabs, "node", 100, 16, GfpFlags.Kernel, null, debug, quarantine),
            new KmemCache(Slabs, "large", 1500, 8, GfpFlags.Kernel, null, debug, quarantine),
            new KmemCache(Slabs, "page", 4096, 4096, GfpFlags.Kernel, null, debug, quarantine),
        ];
        Kmalloc = new KmallocCaches(Slabs, KmallocSizes.Standard(largest), debug, quarantine);
    }

    public ManagedMemory Memory { get; }

    public PageAllocator Pages { get; }

    public SlabAllocator Slabs { get; }

    public KmemCache[] Caches { get; }

    public KmallocCaches Kmalloc { get; }

    public FindingLog Log { get; }

    public PageOwner Owner { get; }

    /// <summary>Notes that somebody has bytes, which nobody else may have.</summary>
    public void Take(uint address, int size, int holder, string at)
    {
        lock (_holders)
        {
            Span<int> mine = Units(address, size);
            Assert.AreEqual(-1, mine.IndexOfAnyExcept(0), $"{at}: {HexText.Of(address)} handed out twice");
            mine.Fill(holder);
        }
    }

    /// <summary>Notes that these bytes were freed.</summary>
    public void Give(uint address, int size)
    {
        lock (_holders)
        {
            Units(address, size).Clear();
        }
    }

    /// <summary>Everything is freed and shrunk: there is no finding and no record, and the pages are as at the beginning.</summary>
    public void ExpectFresh(string at)
    {
        Assert.AreEqual(0, Slabs.Validate(), at);
        Slabs.Shrink(int.MaxValue);
        Pages.DrainAllPages();
        Assert.AreEqual(_fresh, ProcText.BuddyInfo(Pages), at);
        Assert.AreEqual(0, Slabs.Owners?.Count ?? 0, at);
        for (int i = 0; i < Slabs.CacheCount; i++)
        {
            Assert.AreEqual(0, Slabs.CacheAt(i).LiveCount, at);
            Assert.AreEqual(0, Slabs.CacheAt(i).SlabCount, at);
        }
    }

    private Span<int> Units(uint address, int size) => _holders.AsSpan((int)((address - Start) / 8), (size + 7) / 8);
}
