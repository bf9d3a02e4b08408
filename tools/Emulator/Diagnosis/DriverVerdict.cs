using Carveout.Diagnostics;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Why the kernel refused a request that is not simply for pages: contiguous areas, bounce buffers, addresses.</summary>
internal static class DriverVerdict
{
    private const int NoMemory = -12, Busy = -16;

    /// <summary>The most bytes of one mapping through bounce buffers: IO_TLB_SEGSIZE slots of 2 KB, kernel/dma/swiotlb.c.</summary>
    private const long MostBounced = 128 * 2048;

    /// <summary>The verdict on a request to the contiguous allocator.</summary>
    public static Finding OfCma(Dump dump, MemoryArea? known)
    {
        MemoryRequest request = dump.Request!;
        MemoryArea? area = dump.Areas.Find(one => one.Kind == AreaKind.Cma) ?? known;
        string name = request.Who.Length > 0 && request.Who != "boot" ? $"CMA area {request.Who}" : "CMA";
        string wants = request.Bytes is long asked ? $"{SizeText.Of(asked)} ({asked / 4096} pages)" : "a request of unknown size";
        string facts = area is null ? "" : $"{Text(area.Free)} free of {Text(area.Total)}, largest {Text(area.Largest)}";
        bool isBusy = request.Error == Busy || dump.Signs.Exists(sign => sign.Cause == Cause.Pinned);
        Finding finding;
        if (dump.Signs.Find(sign => sign.Cause == Cause.TooLarge) is { Words: not null } boot)
        {
            finding = Made(Cause.TooLarge, $"CMA: {wants} could not be reserved at boot, so there is no such area");
        }
        else if (request.Bytes is long wanted && area?.Total is long total && wanted > total)
        {
            finding = Made(Cause.TooLarge, $"{name}: {wants} is more than the whole area, {SizeText.Of(total)}");
        }
        else if (area?.Free is long free && request.Bytes > free)
        {
            finding = Made(Cause.ShortOfMemory, $"{name}: {wants} wanted, {facts}");
        }
        else if (request.Error == NoMemory && !isBusy && dump.Signs.Find(sign => sign.Cause == Cause.Alignment) is { Words: not null } alignment)
        {
            finding = Made(Cause.Alignment, $"{name}: {wants} wanted, {facts}: {alignment.Words}");
        }
        else if (isBusy)
        {
            finding = Made(Cause.Pinned, $"{name}: {wants} wanted; a range is free for it but for pages that somebody holds where they are (-16, EBUSY)"
                + (facts.Length > 0 ? $"; {facts}" : ""));
        }
        else if (area?.Largest is long largest && request.Bytes > largest)
        {
            finding = Made(Cause.Fragmented, $"{name} is in pieces: {wants} wanted, {facts}");
        }
        else
        {
            finding = Made(Cause.CannotTell, request.Error == NoMemory
                ? $"{name}: no piece of {wants} (-12, ENOMEM); whether it is full or in pieces takes how much is free" + (facts.Length > 0 ? $": {facts}" : "")
                : $"{name}: {wants} was refused" + (facts.Length > 0 ? $"; {facts}" : ""));
            finding.Unknown.Add("how much of the area was free: \"number of available pages\" (CONFIG_CMA_DEBUG), CmaFree in /proc/meminfo, /sys/kernel/debug/cma");
        }
        foreach (Holder holder in dump.Holders)
        {
            finding.Arithmetic.Add($"{holder.Name}: {SizeText.Of(holder.Bytes)}");
        }
        return Done(finding);

        Finding Made(Cause cause, string sentence) => new(cause, sentence, dump) { Wanted = request.Bytes, Area = area };
    }

    /// <summary>The verdict on a DMA mapping.</summary>
    public static Finding OfBounce(Dump dump)
    {
        MemoryRequest request = dump.Request!;
        MemoryArea? pool = dump.Areas.Count > 0 ? dump.Areas[0] : null;
        string who = request.Who.Length > 0 ? $"{request.Who}: " : "";
        string wants = request.Bytes is long bytes ? SizeText.Of(bytes) : "an unknown size";
        string state = pool is null ? "" : $"; {Text(pool.Free)} of {Text(pool.Total)} free";
        if (dump.Signs.Find(sign => sign.Cause == Cause.WrongZone) is { Words: not null } reach)
        {
            return Done(new Finding(Cause.WrongZone, $"{who}a mapping of {wants} failed: {reach.Words}", dump) { Wanted = request.Bytes });
        }
        if (request.Bytes > MostBounced)
        {
            return Done(new Finding(Cause.TooLarge, $"{who}{wants} in one mapping can never go through bounce buffers: {SizeText.Of(MostBounced)} is the most{state}", dump)
            {
                Wanted = request.Bytes, Area = pool,
            });
        }
        if (pool?.Free is long free && request.Bytes is long wanted)
        {
            return Done(free < wanted
                ? new Finding(Cause.ShortOfMemory, $"{who}bounce buffers are used up: {wants} wanted{state}", dump) { Wanted = wanted, Area = pool }
                : new Finding(Cause.Fragmented, $"{who}no {wants} of bounce buffers in a row{state}", dump) { Wanted = wanted, Area = pool });
        }
        Finding unknown = new(Cause.ShortOfMemory, $"{who}bounce buffers are full, {wants} wanted", dump) { Wanted = request.Bytes };
        unknown.Unknown.Add("how many slots there are and how many are used: kernels since 5.0 print it");
        return Done(unknown);
    }

    /// <summary>The verdict on vmalloc and vmap.</summary>
    public static Finding OfVmalloc(Dump dump)
    {
        MemoryRequest request = dump.Request!;
        string who = request.Who.Length > 0 ? $"{request.Who}: " : "", why = request.Flags;
        long? ram = dump.Areas.Find(area => area.Kind == AreaKind.System)?.Total;
        Finding finding;
        if (request.Bytes is not long bytes)
        {
            finding = new Finding(Cause.CannotTell, $"{who}vmalloc failed; the size is cut off", dump);
        }
        else if (bytes <= 0 || bytes > 1L << 40)
        {
            finding = new Finding(Cause.TooLarge, bytes == 0 ? $"{who}vmalloc was asked for 0 bytes, which it refuses"
                : $"{who}vmalloc was asked for nonsense, {(ulong)bytes} bytes" + (bytes < 0 ? $": a negative number, {bytes}" : ""), dump);
        }
        else if (bytes > ram || why.Contains("exceeds total pages", StringComparison.Ordinal))
        {
            finding = new Finding(Cause.TooLarge, $"{who}vmalloc of {SizeText.Of(bytes)} is more than all memory" + (ram is long all ? $", {SizeText.Of(all)}" : ""), dump);
        }
        else if (why.Contains("allocated", StringComparison.Ordinal) || why.Contains("allocate pages", StringComparison.Ordinal))
        {
            finding = new Finding(Cause.ShortOfMemory, $"{who}vmalloc of {SizeText.Of(bytes)} found addresses and not enough pages", dump);
        }
        else if (bytes > 1L << 31)
        {
            finding = new Finding(Cause.TooLarge, $"{who}vmalloc of {SizeText.Of(bytes)}: no 32-bit kernel has so many addresses, and no driver needs it: a size computed wrongly", dump);
        }
        else
        {
            finding = new Finding(Cause.AddressSpace, $"{who}no {SizeText.Of(bytes)} of addresses in a row for vmalloc; memory itself is not short", dump);
            finding.Unknown.Add("who has the addresses: /proc/vmallocinfo; how many there are: VmallocTotal in /proc/meminfo");
        }
        if (dump.Areas.Exists(area => area.Kind == AreaKind.Zone))
        {
            finding.Arithmetic.Add("the order 0 beside it is of vmalloc's single pages, not of the request");
        }
        return Done(finding with { Wanted = request.Bytes });
    }

    private static string Text(long? bytes) => bytes is long known ? SizeText.Of(known) : "unknown";

    private static Finding Done(Finding finding)
    {
        Cures.Add(finding);
        return finding;
    }
}
