using Carveout.Diagnostics;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Why the kernel's page allocator refused a request, found by its own rule.</summary>
/// <remarks>mm/page_alloc.c: __zone_watermark_ok, __zone_watermark_unusable_free, gfp_zone, zone_watermark_fast. Take the zone's free
/// memory, without CMA's if the request is not movable, and without the part reserved for atomic requests. The zone serves if, after the
/// request, this stays above min plus the lowmem_reserve of the request's class, and a block is large enough. Before 4.4, smaller blocks
/// did not count towards a larger request.</remarks>
internal static class PageVerdict
{
    private const long GfpDma = 0x1, GfpHighMem = 0x2, GfpDma32 = 0x4, GfpMovable = 0x8, GfpHigh = 0x20, GfpWaitBefore44 = 0x10;

    /// <summary>Ranks of <see cref="ZoneNames"/>.</summary>
    private const int Dma32Rank = 1, NormalRank = 2, HighMemRank = 3, MovableRank = 4, DeviceRank = 5;

    /// <summary>The verdict on a request for pages whose report shows zones.</summary>
    public static Finding Of(Dump dump)
    {
        MemoryRequest request = dump.Request!;
        List<MemoryArea> zones = [.. dump.Areas.Where(area => area.Kind == AreaKind.Zone && area.Free is not null)];
        if (request.Order is not int order)
        {
            return Unknown(dump, "the report does not say how much was asked for");
        }
        var rights = new Rights(request, zones);
        long pageSize = zones.FirstOrDefault(zone => zone.Blocks is not null)?.Blocks!.PageSize ?? 4096, wanted = pageSize << order;
        string what = $"order {order}, {SizeText.Of(wanted)}" + (request.Flags.Length > 0 ? $", {request.Flags}" : request.Mask is long mask ? $", mode 0x{mask:x}" : "")
            + (request.Who.Length > 0 ? $", by {request.Who}" : "");
        if (zones.Count == 0)
        {
            Finding bare = Unknown(dump, $"{what} was refused, and the report on the zones is missing");
            bare.Unknown.Add("how much was free in which zone: the lines behind Mem-Info");
            return bare;
        }
        var looks = zones.Where(zone => rights.Allows(zone)).Select(zone => new Look(zone, rights, order, wanted)).ToList();
        if (looks.Count == 0)
        {
            return With(new Finding(Cause.WrongZone, $"{what} may use {rights.Text} only, and no such zone has memory", dump) { Wanted = wanted }, rights, zones, order, wanted);
        }
        int orders = zones.Max(zone => zone.Blocks is { IsComplete: true } blocks ? blocks.Counts.Count : 0);
        Look main = looks.MaxBy(look => look.Zone.Total ?? look.Usable)!;
        if (orders > 0 && order >= orders)
        {
            return With(new Finding(Cause.TooLarge, $"{what} is larger than any block of this kernel: {orders} orders, {SizeText.Of(pageSize << (orders - 1))} at most",
                dump) { Wanted = wanted, Area = main.Zone }, rights, zones, order, wanted);
        }
        if (looks.All(look => look.Zone.Total is long all && all < wanted))
        {
            return With(new Finding(Cause.TooLarge, $"{what} is larger than all zones that it may use", dump) { Wanted = wanted, Area = main.Zone }, rights, zones, order, wanted);
        }
        (Cause cause, Look look, string why) = Choose(looks, main, rights, zones, order, wanted, request.Kind == RequestKind.OomKill);
        return With(new Finding(cause, $"{what}: {why}", dump) { Wanted = wanted, Area = look.Zone }, rights, zones, order, wanted);
    }

    private static (Cause Cause, Look Look, string Why) Choose(List<Look> looks, Look main, Rights rights, List<MemoryArea> zones, int order, long wanted, bool isOom)
    {
        if (looks.Find(one => one.Serves) is { } serves)
        {
            return serves.OldRuleRefuses && rights.CountsLargeBlocksOnly
                ? (Cause.HeldBack, serves, $"{serves.Zone.Name} has such a block, and the watermark of kernels before 4.4 counts, towards an order, only free memory in "
                    + "larger blocks")
                : serves.IsUnsure
                    ? (Cause.CannotTell, serves, $"{serves.Zone.Name} has {SizeText.Of(serves.Usable)} that it may use; how it lies is not in the dump")
                    : (Cause.CannotTell, serves, $"{serves.Zone.Name} would serve it by the numbers of the report, which is printed a moment after the failure: memory came "
                        + "back in between, or a limit refused it that is not in the report (a control group, a cpuset, a memory policy)");
        }
        // If the free memory is in zones that the request must not use, the verdict says where it is.
        long otherwise = Fields.Sum(zones.Where(zone => !rights.Allows(zone)).Select(zone => zone.Free!.Value - (zone.Min ?? 0)).Where(free => free > 0));
        MemoryArea? other = zones.Where(zone => !rights.Allows(zone) && zone.Free - (zone.Min ?? 0) >= wanted && (zone.Blocks?.LargestOrder ?? order) >= order)
            .MaxBy(zone => zone.Free);
        bool isCma = main.Withheld >= wanted && main.Withheld > main.Usable;
        string facts = $"{SizeText.Of(main.Zone.Free!.Value)} free, largest {main.LargestText}, wanted {SizeText.Of(wanted)}";
        if (main.Usable < wanted || (main.IsBelowMin && rights.CanWait && main.IsUsedUp(isOom, order)))
        {
            if (isCma)
            {
                return (Cause.WrongZone, main, $"{facts}; {SizeText.Of(main.Withheld)} of it is CMA's or set aside, which such a request does not get");
            }
            return other is not null && otherwise > 4 * Math.Max(wanted, main.Usable)
                ? (Cause.WrongZone, main, $"{main.Zone.Name} is used up ({facts}), while {other.Name} has {SizeText.Of(other.Free!.Value)} free, where such a request may not go")
                : main.Usable < wanted || main.Largest is not int low || low >= order
                    ? (Cause.ShortOfMemory, main, $"{main.Zone.Name} has too little: {facts}" + (main.IsBelowMin ? $", of which min keeps {SizeText.Of(main.Minimum)}" : ""))
                    : (Cause.ShortOfMemory, main, $"{main.Zone.Name} has too little: {facts}, of which min keeps {SizeText.Of(main.Minimum)}; in pieces that are too small as well");
        }
        if (main.IsHeldBack)
        {
            return (Cause.HeldBack, main, $"{main.Zone.Name} has it and keeps it back: {facts}; {SizeText.Of(main.Minimum)} kept by the watermark"
                + (main.Reserve > 0 ? $", {SizeText.Of(main.Reserve)} by lowmem_reserve" : ""));
        }
        if (isCma && main.Largest < order && main.Zone.Blocks!.LargestOrder >= order)
        {
            return (Cause.WrongZone, main, $"blocks of that size are free in {main.Zone.Name}, and all of them are CMA's or set aside ({facts})");
        }
        return main.Largest is null
            ? (Cause.CannotTell, main, $"{main.Zone.Name}: {facts}; the free list is not complete, so larger blocks may exist")
            : (Cause.Fragmented, main, $"{main.Zone.Name} is fragmented: {facts}" + (main.Zone.Blocks!.Index(order) is int index and >= 0 ? $", index {index}" : ""));
    }

    private static Finding With(Finding finding, Rights rights, List<MemoryArea> zones, int order, long wanted)
    {
        finding.Arithmetic.Add($"may use: {rights.Text}" + (rights.CanWait ? "" : "; may not wait for memory to be reclaimed"));
        foreach (MemoryArea zone in zones)
        {
            if (!rights.Allows(zone))
            {
                finding.Arithmetic.Add($"{zone.Name}: not asked; {SizeText.Of(zone.Free!.Value)} free");
                continue;
            }
            var look = new Look(zone, rights, order, wanted);
            finding.Arithmetic.Add($"{zone.Name}: {SizeText.Of(zone.Free!.Value)} free"
                + (rights.IsMovable || zone.FreeCma == 0 ? "" : $" - {SizeText.Of(zone.FreeCma)} CMA")
                + (rights.CanWait && zone.HighAtomic > 0 ? $" - {SizeText.Of(zone.HighAtomic)} set aside" : "")
                + $" - {SizeText.Of(wanted)} wanted = {Signed(look.Usable - wanted)}, against {SizeText.Of(look.Minimum)} min"
                + (look.Reserve > 0 ? $" + {SizeText.Of(look.Reserve)} reserve" : "") + $"; largest block {look.LargestText}");
            if (zone.Blocks is { IsComplete: true } blocks && blocks.LargestOrder >= 0 && look.Largest == blocks.LargestOrder)
            {
                finding.Arithmetic.Add($"{zone.Name}: extfrag index {FindingText.Indices(blocks)}");
            }
        }
        Check(finding, zones);
        Cures.Add(finding);
        return finding;
    }

    /// <summary>Notes contradictory numbers, so that nobody trusts them.</summary>
    private static void Check(Finding finding, List<MemoryArea> zones)
    {
        foreach (MemoryArea zone in zones.Where(zone => zone.Blocks is { IsComplete: true } && Math.Abs(zone.Blocks.Bytes - zone.Free!.Value) > zone.Free / 20 + (64 * 4096)))
        {
            finding.Unknown.Add($"{zone.Name}: its line says {SizeText.Of(zone.Free!.Value)} free, its free list {SizeText.Of(zone.Blocks!.Bytes)}; they are counted a moment "
                + "apart, so one of them is damaged or memory moved");
        }
        foreach (MemoryArea zone in zones.Where(zone => zone.Min is null))
        {
            finding.Unknown.Add($"{zone.Name}: its watermarks are not in the dump");
        }
    }

    private static Finding Unknown(Dump dump, string sentence)
    {
        var finding = new Finding(Cause.CannotTell, sentence, dump);
        Cures.Add(finding);
        return finding;
    }

    private static string Signed(long bytes) => bytes < 0 ? "-" + SizeText.Of(-bytes) : SizeText.Of(bytes);

    /// <summary>What the flags of a request allow.</summary>
    private sealed class Rights
    {
        private readonly int _rank;
        private readonly int _reserveIndex;

        public Rights(MemoryRequest request, List<MemoryArea> zones)
        {
            string names = request.Flags;
            long mask = request.Mask ?? 0;
            bool named = names.Length > 0;
            bool dma = named ? Has("GFP_DMA") || Has("__GFP_DMA") || Has("Dma") : (mask & GfpDma) != 0;
            bool dma32 = named ? Has("GFP_DMA32") || Has("__GFP_DMA32") : (mask & GfpDma32) != 0;
            bool high = named ? names.Contains("HIGHMEM", StringComparison.Ordinal) || names.Contains("HIGHUSER", StringComparison.Ordinal)
                || names.Contains("TRANSHUGE", StringComparison.Ordinal) : (mask & GfpHighMem) != 0;
            IsMovable = named ? names.Contains("MOVABLE", StringComparison.Ordinal) || names.Contains("TRANSHUGE", StringComparison.Ordinal)
                || Has("Movable") : (mask & GfpMovable) != 0;
            CanWait = named ? !Has("GFP_ATOMIC") && !Has("GFP_NOWAIT") && !Has("Atomic") : mask == 0 || (mask & GfpHigh) == 0 || (mask & GfpWaitBefore44) != 0;
            CountsLargeBlocksOnly = request.Kernel is Version kernel ? kernel < new Version(4, 4) : !named && request.Mask is not null;
            _rank = dma ? 0 : dma32 ? Dma32Rank : high ? IsMovable ? MovableRank : HighMemRank : NormalRank;
            IsKnown = request.Mask is not null || named;
            _reserveIndex = ReserveIndex(zones);

            bool Has(string flag) => names.Split('|').Contains(flag);
        }

        public bool IsMovable { get; }

        public bool CanWait { get; }

        public bool CountsLargeBlocksOnly { get; }

        public bool IsKnown { get; }

        public string Text => (_rank switch
        {
            0 => "DMA", Dma32Rank => "DMA32 and DMA", NormalRank => "Normal and below", HighMemRank => "HighMem and below", _ => "all zones",
        }) + (IsKnown ? "" : " (assumed: the flags are not in the dump)");

        public bool Allows(MemoryArea zone) => ZoneNames.Rank(zone.Name) is int rank && (rank < 0 || (rank <= _rank && rank != DeviceRank));

        /// <summary>The bytes that a zone keeps from requests of this class.</summary>
        public long ReserveOf(MemoryArea zone) => _reserveIndex >= 0 && _reserveIndex < zone.Reserve.Length ? zone.Reserve[_reserveIndex] : 0;

        /// <summary>Which number of lowmem_reserve belongs to this class: there is one for each zone of the kernel's configuration, but
        /// zones without memory are not printed.</summary>
        private int ReserveIndex(List<MemoryArea> zones)
        {
            int count = zones.Count == 0 ? 0 : zones.Max(zone => zone.Reserve.Length);
            if (count == 0)
            {
                return -1;
            }
            var configured = new SortedSet<int>(zones.Select(zone => ZoneNames.Rank(zone.Name)).Where(rank => rank >= 0)) { NormalRank };
            bool isHigh = configured.Contains(HighMemRank);
            foreach (int rank in (int[])(isHigh ? [MovableRank, 0, DeviceRank, Dma32Rank] : [MovableRank, 0, Dma32Rank, DeviceRank, HighMemRank]))
            {
                if (configured.Count < count)
                {
                    configured.Add(rank);
                }
            }
            return configured.Count == count ? configured.Count(rank => rank < Math.Min(_rank, configured.Where(rank => rank <= _rank).DefaultIfEmpty(0).Max())) : -1;
        }
    }

    /// <summary>A zone judged by the allocator's rule.</summary>
    private sealed class Look
    {
        public Look(MemoryArea zone, Rights rights, int order, long wanted)
        {
            Zone = zone;
            Withheld = (rights.IsMovable ? 0 : zone.FreeCma) + (rights.CanWait ? zone.HighAtomic : 0);
            Usable = Math.Max(0, zone.Free!.Value - Withheld);
            // ALLOC_HIGH: half of min is for requests that must not wait. ALLOC_HARDER takes a quarter of the rest.
            Minimum = rights.CanWait ? zone.Min ?? 0 : (zone.Min ?? 0) * 3 / 8;
            Reserve = rights.ReserveOf(zone);
            Largest = zone.Blocks is { IsComplete: true } blocks ? blocks.LargestOrderFor(rights.IsMovable, !rights.CanWait) : null;
            IsBelowMin = Usable - wanted < Minimum;
            IsHeldBack = Usable - wanted < Minimum + Reserve;
            IsUnsure = Largest is null;
            Serves = Usable >= wanted && !IsHeldBack && (Largest is null ? zone.Blocks is null : Largest >= order);
            OldRuleRefuses = zone.Blocks is { IsComplete: true } known && OldRule(known, order, Usable, Minimum);
        }

        public MemoryArea Zone { get; }

        public long Withheld { get; }

        public long Usable { get; }

        public long Minimum { get; }

        public long Reserve { get; }

        /// <summary>The largest order that the request may use; null if the dump does not say.</summary>
        public int? Largest { get; }

        public bool IsBelowMin { get; }

        public bool IsHeldBack { get; }

        public bool IsUnsure { get; }

        public bool Serves { get; }

        public bool OldRuleRefuses { get; }

        /// <summary>Whether free memory below min means shortage. For a request that may wait, memory has been reclaimed until nothing was
        /// left, and the OOM killer says so itself. Otherwise, memory far below min was used up by requests that may go there. If the
        /// watermark is a fifth of the zone or more, it is the watermark that holds memory back.</summary>
        public bool IsUsedUp(bool isOom, int order) => (isOom || Usable < Minimum / 2 || Largest is null || Largest < order) && (Zone.Total is not long total || Minimum * 5 < total);

        public string LargestText => Largest is not int order ? "not known" : order < 0 ? "none" : SizeText.Of(Zone.Blocks!.BlockSize(order));

        /// <summary>The watermark rule of kernels before 4.4: for each smaller order its blocks are subtracted and the watermark is
        /// halved.</summary>
        private static bool OldRule(FreeBlocks blocks, int order, long usable, long minimum)
        {
            long left = usable - blocks.BlockSize(order) + blocks.PageSize;
            for (int smaller = 0; smaller < Math.Min(order, blocks.Counts.Count); smaller++)
            {
                left -= blocks.Counts[smaller] * blocks.BlockSize(smaller);
                minimum /= 2;
                if (left <= minimum)
                {
                    return true;
                }
            }
            return false;
        }
    }
}
