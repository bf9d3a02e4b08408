using Carveout.Diagnostics;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>A page allocator with a simple model beside it. The model predicts for every request which zone serves it, or that none does.
/// After every call it is compared with everything that the allocator reports.</summary>
internal sealed class CheckedAllocator
{
    public static readonly string[] OwnerNames = ["unknown", "camera", "display", "network", "application"];

    private readonly PropertyRun _run;
    private readonly FilledMemory _memory = new();
    private readonly FlatLock _lock = new();
    private readonly ZoneModel[] _normalThenDma;
    private readonly int[] _ownerPages = new int[OwnerNames.Length];
    private int _failures, _stalls;
    private (int Pages, bool Exact, GfpFlags Gfp, PageOwner Owner) _failed;
    private Shrinker? _shrinker;
    private bool _shrinking;

    /// <summary>An allocator over a test's zones, without reserves.</summary>
    public CheckedAllocator(ZoneSpec[] zones, int pageSize, PropertyRun run)
    {
        _run = run;
        PageSize = pageSize;
        Allocator = new PageAllocator(Array.ConvertAll(zones, zone => zone.Create()), pageSize, _memory, _lock);
        Zones = [.. zones.Select((zone, i) => new ZoneModel(Allocator.ZoneAt(i), zone.Map, pageSize))];
        _normalThenDma = [.. Zones.Where(zone => !zone.IsDma), .. Zones.Where(zone => zone.IsDma)];
        RegisterOwners();
    }

    /// <summary>A board's allocator, with the reserves that it boots with.</summary>
    public CheckedAllocator(MemoryMap map, PropertyRun run)
    {
        _run = run;
        PageSize = map.PageSize;
        Allocator = PageAllocator.Boot(map, _memory, _lock);
        Zones = [.. Enumerable.Range(0, map.ZoneCount).Select(i => new ZoneModel(Allocator.ZoneAt(i), map.ZoneAt(i).Map, map.PageSize))];
        _normalThenDma = [.. Zones.Where(zone => !zone.IsDma), .. Zones.Where(zone => zone.IsDma)];
        RegisterOwners();
        SetModelReserves(DefaultMinFree(), 1);
    }

    public PageAllocator Allocator { get; }

    public IReadOnlyList<ZoneModel> Zones { get; }

    public int PageSize { get; }

    /// <summary>How many requests were served by a DMA zone without asking for one.</summary>
    public int Fallbacks { get; private set; }

    /// <summary>How many Atomic requests went below the min watermark.</summary>
    public int Dips { get; private set; }

    public int Failures => _failures;

    public int Stalls => _stalls;

    public int TotalPages => Zones.Sum(zone => zone.Pages.Pages);

    public int FreePages => Zones.Sum(zone => zone.Pages.FreePages);

    public void RegisterShrinker(Shrinker shrinker)
    {
        _shrinker = shrinker;
        Allocator.RegisterShrinker(shrinker);
    }

    public void SetWatermarks(int minFree, int ratio)
    {
        _run.Begin($"SetWatermarks({minFree}, {ratio})");
        Allocator.SetWatermarks(minFree, ratio);
        SetModelReserves(minFree, ratio);
        CheckAccounts();
    }

    public uint AllocPages(GfpFlags gfp, int order, PageOwner owner)
    {
        _run.Begin($"AllocPages({gfp}, {order}, {owner})");
        return Account(new PageRequest(gfp, 1 << order, 1 << order, false, owner), () => Allocator.AllocPages(gfp, order, owner));
    }

    public uint AllocBlock(int size, GfpFlags gfp, PageOwner owner)
    {
        _run.Begin($"AllocBlock({size}, {gfp}, {owner})");
        int pages = 1 << PageMap.OrderOf(PagesOf(size));
        return Account(new PageRequest(gfp, pages, pages, false, owner), () => Allocator.AllocBlock(size, gfp, owner));
    }

    public uint AllocPagesExact(int size, GfpFlags gfp, PageOwner owner, int alignment)
    {
        _run.Begin($"AllocPagesExact({size}, {gfp}, {owner}, {alignment})");
        uint address = Account(
            new PageRequest(gfp, PagesOf(size), alignment / PageSize, true, owner),
            () => Allocator.AllocPagesExact(size, gfp, owner, alignment));
        _run.ExpectEqual(0, address % (uint)alignment, "the address, modulo its alignment");
        return address;
    }

    /// <summary>Frees a taken block in one of three ways.</summary>
    public void Free(uint address, int way)
    {
        ZoneModel zone = ZoneOf(address)!;
        int page = zone.PageOf(address), owner = zone.OwnerOf(page), pages = zone.Release(page);
        _ownerPages[owner] -= pages;
        if (way == 1 && int.IsPow2(pages) && pages <= 1 << PageMap.MaxPageOrder)
        {
            _run.Begin($"FreePages({HexText.Of(address)}, {PageMap.OrderOf(pages)})");
            Allocator.FreePages(address, PageMap.OrderOf(pages));
        }
        else if (way == 2)
        {
            int size = (pages * PageSize) - _run.Random.Below(PageSize);
            _run.Begin($"FreePagesExact({HexText.Of(address)}, {size})");
            Allocator.FreePagesExact(address, size);
        }
        else
        {
            _run.Begin($"FreePages({HexText.Of(address)})");
            Allocator.FreePages(address);
        }
        CheckAccounts();
    }

    public void Trim(uint address, int size)
    {
        _run.Begin($"TrimPages({HexText.Of(address)}, {size})");
        ZoneModel zone = ZoneOf(address)!;
        int page = zone.PageOf(address), owner = zone.OwnerOf(page);
        _ownerPages[owner] -= zone.Trim(page, PagesOf(size));
        Allocator.TrimPages(address, size);
        CheckAccounts();
    }

    public void Drain()
    {
        _run.Begin("DrainAllPages()");
        Allocator.DrainAllPages();
        CheckAccounts();
        CheckMerged();
    }

    /// <summary>Makes a call that must be refused with exactly this exception, with these words in its message, and change
    /// nothing.</summary>
    public void Misuse<TException>(string operation, Action call, params ReadOnlySpan<string> words)
        where TException : Exception
    {
        _run.Begin(operation);
        string before = Snapshot(), message = "";
        Type? type = null;
        try
        {
            call();
        }
        catch (Exception exception)
        {
            (type, message) = (exception.GetType(), exception.Message);
        }
        _run.Expect(type == typeof(TException), $"expected {typeof(TException).Name}, was {type?.Name ?? "no exception"}: {message}");
        foreach (string word in words)
        {
            _run.Expect(message.Contains(word, StringComparison.Ordinal), $"the message does not say \"{word}\": {message}");
        }
        _run.Expect(Snapshot() == before, "a refused call changed something");
        CheckAccounts();
    }

    public ZoneModel? ZoneOf(uint address) => Zones.FirstOrDefault(zone => zone.Contains(address));

    /// <summary>Pages of the block that begins at the address; 0 if none does.</summary>
    public int BlockLength(uint address) =>
        ZoneOf(address) is { } zone && address % (uint)PageSize == 0 ? zone.Pages.BlockLength(zone.PageOf(address)) : 0;

    /// <summary>Checks zone and owner of single addresses: the edges of zones, and some in between.</summary>
    public void Validate()
    {
        foreach (ZoneModel zone in Zones)
        {
            uint last = zone.AddressOf(zone.Pages.Pages - 1) + (uint)(PageSize - 1);
            CheckAddress(zone.Zone.Start);
            CheckAddress(zone.Zone.Start - 1);
            CheckAddress(last);
            CheckAddress(last + 1);
            for (int i = 0; i < 8; i++)
            {
                CheckAddress(zone.AddressOf(_run.Random.Below(zone.Pages.Pages)) + (uint)_run.Random.Below(PageSize));
            }
        }
        CheckAddress(0);
        CheckAddress((uint)_run.Random.Next());
    }

    /// <summary>When everything is freed, every zone is as it was at the beginning.</summary>
    public void ExpectAllFree()
    {
        Drain();
        _run.ExpectEqual(TotalPages, FreePages, "free pages once all is freed");
        for (int owner = 0; owner < OwnerNames.Length; owner++)
        {
            _run.ExpectEqual(0, Allocator.OwnerPages((PageOwner)owner), "pages of an owner once all is freed");
        }
    }

    private void RegisterOwners()
    {
        for (int owner = 0; owner < OwnerNames.Length; owner++)
        {
            _run.ExpectEqual(owner, (int)Allocator.RegisterOwner(OwnerNames[owner]), "an owner's number");
        }
    }

    /// <summary>The kernel's 4 * sqrt(KB), in KB, but at most a 64th of all pages.</summary>
    private int DefaultMinFree()
    {
        long bytes = (long)TotalPages * PageSize;
        return (int)Math.Min(4 * (long)Math.Sqrt(bytes / 1024) * 1024 / PageSize, TotalPages / 64);
    }

    private void SetModelReserves(int minFree, int ratio)
    {
        int normal = Zones.Where(zone => !zone.IsDma).Sum(zone => zone.Pages.Pages), total = TotalPages;
        foreach (ZoneModel zone in Zones)
        {
            zone.SetWatermarks((int)((long)minFree * zone.Pages.Pages / total), zone.IsDma && ratio != 0 ? normal / ratio : 0);
        }
    }

    private int PagesOf(int size) => (int)(((long)size + PageSize - 1) / PageSize);

    private uint Account(PageRequest request, Func<uint> call)
    {
        _memory.Last = null;
        ZoneModel? expected = Find(request, Watermark.Low);
        bool shrinks = expected == null && !request.IsAtomic && _shrinker != null && !_shrinking;
        bool wasShrinking = _shrinking;
        _shrinking |= shrinks;
        _stalls += shrinks ? 1 : 0;
        uint address = call();
        _shrinking = wasShrinking;
        // The model already contains what the shrinkers freed meanwhile.
        Watermark level = expected == null ? request.LastLevel : Watermark.Low;
        expected ??= Find(request, level);
        if (expected == null)
        {
            _run.ExpectEqual(0, address, "the address where no zone can serve the request");
            _failures++;
            if (!request.Gfp.HasFlag(GfpFlags.NoWarn))
            {
                _failed = (request.Pages, request.IsExact, request.Gfp, request.Owner);
            }
            if (_run.Chance(20))
            {
                // A report must show what one call could have, so after a report no block is parked.
                FailureReport.ZoneVerdict(Allocator, Zones[0].Zone);
                CheckMerged();
            }
        }
        else
        {
            _run.Expect(address != 0, $"failed although zone {expected.Zone.Name} can serve the request");
            Take(expected, address, request);
        }
        CheckAccounts();
        return address;
    }

    private void Take(ZoneModel expected, uint address, PageRequest request)
    {
        ZoneModel? zone = ZoneOf(address);
        _run.Expect(zone == expected, $"{HexText.Of(address)} is not in zone {expected.Zone.Name}");
        int page = expected.PageOf(address);
        _run.ExpectEqual(expected.AddressOf(page), address, "the address of a page");
        _run.ExpectEqual(0, request.IsExact ? 0 : page % request.Alignment, "the first page, modulo its alignment");
        _run.Expect(expected.Pages.IsFree(page, request.Pages), "the block overlaps a taken one or the zone's end");
        expected.Take(page, request);
        _ownerPages[(int)request.Owner] += request.Pages;
        _run.ExpectEqual((int)request.Owner, (int)Allocator.OwnerAt(address), "the owner of a new block");
        (uint, int, byte)? filled = request.Gfp.HasFlag(GfpFlags.Zero) ? (address, request.Pages * PageSize, 0) : null;
        _run.Expect(_memory.Last == filled, $"filled: {_memory.Last}, expected: {filled}");
        CheckPolicy(expected, request);
    }

    /// <summary>The prediction implies all this; here it is said in terms of the flags.</summary>
    private void CheckPolicy(ZoneModel zone, PageRequest request)
    {
        bool dma = request.Gfp.HasFlag(GfpFlags.Dma), fallsBack = zone.IsDma && !dma;
        int free = zone.Pages.FreePages;
        _run.Expect(zone.IsDma || !dma, "a request for DMA memory was served from NORMAL");
        _run.Expect(!fallsBack || !request.Gfp.HasFlag(GfpFlags.NoFallback), "a request without fallback fell back");
        _run.Expect(!fallsBack || free >= zone.Zone.LowmemReservePages, "a fallback took what lowmem_reserve keeps");
        _run.Expect(request.IsAtomic || free >= zone.Zone.MinWatermark, "a request that is not Atomic dipped below the min watermark");
        _run.Expect(free >= zone.Zone.MinWatermark * 3 / 8, "a request took the last of the reserves");
        Fallbacks += fallsBack ? 1 : 0;
        Dips += free < zone.Zone.MinWatermark ? 1 : 0;
    }

    private ZoneModel? Find(PageRequest request, Watermark level)
    {
        bool dma = request.Gfp.HasFlag(GfpFlags.Dma);
        foreach (ZoneModel zone in _normalThenDma)
        {
            bool asked = dma ? zone.IsDma : !zone.IsDma || !request.Gfp.HasFlag(GfpFlags.NoFallback);
            if (asked && zone.Admits(request, level))
            {
                return zone;
            }
        }
        return null;
    }

    private void CheckAccounts()
    {
        long held = 0;
        foreach (ZoneModel zone in Zones)
        {
            _run.ExpectEqual(zone.Pages.FreePages, zone.Zone.FreePages, "free pages of a zone");
            _run.ExpectEqual(zone.Allocated, zone.Zone.PagesAllocated, "pages ever allocated in a zone");
            _run.ExpectEqual(zone.Freed, zone.Zone.PagesFreed, "pages ever freed in a zone");
            _run.ExpectEqual(zone.MustLeave(Watermark.Min, false), zone.Zone.MinWatermark, "a zone's min watermark");
            _run.ExpectEqual(zone.MustLeave(Watermark.Low, false), zone.Zone.LowWatermark, "a zone's low watermark");
            held += zone.Pages.Pages - zone.Pages.FreePages;
        }
        for (int owner = 0; owner < OwnerNames.Length; owner++)
        {
            _run.ExpectEqual(_ownerPages[owner], Allocator.OwnerPages((PageOwner)owner), "pages of owner", owner);
            held -= Allocator.OwnerPages((PageOwner)owner);
        }
        _run.ExpectEqual(0, held, "taken pages that belong to no owner");
        _run.ExpectEqual(_failures, Allocator.FailureCount, "failures");
        _run.ExpectEqual(_stalls, Allocator.StallCount, "stalls");
        PageAllocator it = Allocator;
        _run.Expect(_failed == (it.LastFailure.Pages, it.LastFailure.IsExact, it.LastFailure.Gfp, it.LastFailure.Owner), "the last failure's facts");
        _run.Expect(!_lock.IsHeld, "the lock was not released");
    }

    private void CheckAddress(uint address)
    {
        ZoneModel? zone = ZoneOf(address);
        _run.Expect(Allocator.FindZone(address) == zone?.Zone, "not the zone of address", address);
        _run.ExpectEqual(
            zone?.OwnerOf(zone.PageOf(address)) ?? 0, (int)Allocator.OwnerAt(address), "the owner at address", address);
    }

    /// <summary>No block is parked: the free lists show all free pages, and one call could take the largest block.</summary>
    private void CheckMerged()
    {
        foreach (ZoneModel zone in Zones)
        {
            int[] expected = new int[PageMap.MaxPageOrder + 1], counts = new int[PageMap.MaxPageOrder + 1];
            zone.Pages.CountBlocks(expected, zone.Zone.MaxOrder);
            zone.Zone.CountFree(counts);
            _run.ExpectEqual(expected, counts, "free blocks of each order in a drained zone");
            _run.ExpectEqual(zone.Largest(), zone.Zone.LargestFreePages, "the largest free block of a drained zone");
        }
    }

    private string Snapshot()
    {
        string text = ProcText.BuddyInfo(Allocator) + ProcText.ZoneInfo(Allocator) + ProcText.VmStat(Allocator);
        for (int owner = 0; owner < OwnerNames.Length; owner++)
        {
            text += $"{Allocator.OwnerPages((PageOwner)owner)} ";
        }
        return text;
    }
}
