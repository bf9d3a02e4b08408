using Carveout.Diagnostics;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Why a heap refused a request: ESP-IDF's, an RTOS's, a managed runtime's.</summary>
internal static class HeapVerdict
{
    /// <summary>No chip of the family has more internal memory, so a larger number includes PSRAM.</summary>
    private const long MostInternal = 768 * 1024;

    /// <summary>The buffer of a TLS record in mbedTLS as nanoFramework builds it; a connection needs two.</summary>
    private const long TlsBuffer = 16717;

    /// <summary>If less than one part in so many of a heap is free, nothing useful fits.</summary>
    private const long UsedUp = 20;

    /// <summary>The verdict on a refused request.</summary>
    /// <param name="dump">The dump with the request.</param>
    /// <param name="heaps">The heaps in the nearest dump of the same file; empty if no dump has them.</param>
    /// <param name="boot">The dump from boot, or null.</param>
    public static Finding Of(Dump dump, IReadOnlyList<MemoryArea> heaps, Dump? boot)
    {
        MemoryRequest request = dump.Request!;
        string wants = request.Bytes is long asked ? $"{asked} bytes" : "a request of unknown size";
        wants += (request.Flags.Length > 0 ? $" ({request.Flags})" : "") + (request.Who.Length > 0 ? $" for {request.Who}" : "");
        long caps = request.Mask ?? 0;
        bool psramOnly = (caps & EspCapabilities.Psram) != 0;
        if (dump.Signs.Find(sign => sign.Cause == Cause.Alignment) is { Words: not null } misaligned)
        {
            return Done(new Finding(Cause.Alignment, $"alignment, not shortage: {misaligned.Words}", dump));
        }
        bool hasPsram = heaps.Any(heap => heap.IsExternal) || boot?.Areas.Exists(area => area.IsExternal) == true;
        if (!hasPsram && boot?.Signs.Find(sign => sign.Cause == Cause.PsramMissing) is { Words: not null } missing && (psramOnly || request.Who == "camera" || request.Bytes > 32768))
        {
            return Done(new Finding(Cause.PsramMissing, $"{wants}: PSRAM is not in the heap: {missing.Words}", dump) { Wanted = request.Bytes });
        }
        if (psramOnly && !hasPsram && heaps.Count > 0)
        {
            return Done(new Finding(Cause.PsramMissing, $"{wants} wants PSRAM, and none of the heaps lies in it", dump) { Wanted = request.Bytes });
        }
        if (request.Who == "camera" && boot?.Areas.Count > 0 && !hasPsram)
        {
            Finding camera = new(Cause.PsramMissing, "frame buffers did not fit, and boot made no heap in PSRAM, where they are meant to lie", dump);
            camera.Unknown.Add("whether the module has PSRAM at all");
            return Done(camera);
        }
        MemoryArea? sum = dump.Areas.Find(area => area.Free is not null);
        if (heaps.Count == 0 && sum is not null)
        {
            return Done(OfSum(dump, sum, wants));
        }
        if (request.Bytes is not long wanted || heaps.Count == 0)
        {
            Finding unknown = new(Cause.CannotTell, $"{wants} was refused; " + (heaps.Count == 0 ? "what was free then is not in the log" : "its size is not in the log"), dump)
            {
                Wanted = request.Bytes,
            };
            unknown.Arithmetic.AddRange(heaps.Select(State));
            unknown.Unknown.Add(heaps.Count == 0 ? "free bytes and the largest free block for the same capabilities at that moment" : "how large the request was");
            return Done(unknown);
        }
        return Done(OfHeaps(dump, heaps, wanted, wants, caps));
    }

    /// <summary>The verdict on a native heap's numbers, near a failure or without one.</summary>
    public static Finding OfNative(Dump dump, MemoryArea heap)
    {
        long free = heap.Free ?? 0, largest = heap.Largest ?? 0;
        string state = $"{heap.Name}: {free} bytes free, largest {heap.Largest?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}"
            + (dump.Label.Length > 0 ? $" ({dump.Label})" : "");
        bool failed = dump.Request is not null, usedUp = heap.Total is long total && free * UsedUp < total;
        // One buffer may use the largest block. What is left of that block, or all others, may hold the next buffer: this is an upper
        // bound.
        long rest = largest >= TlsBuffer ? Math.Max(largest - TlsBuffer, Math.Min(free - largest, largest)) : 0;
        string tls = largest < TlsBuffer ? $"not even one of the two TLS buffers of {TlsBuffer} bytes fits"
            : rest < TlsBuffer && heap.Largest is not null
                ? $"the two TLS buffers of {TlsBuffer} bytes do not fit: the largest block holds one and keeps {largest - TlsBuffer}, all other free blocks together are "
                    + $"{free - largest}"
                : $"the two TLS buffers of {TlsBuffer} bytes may fit";
        Finding finding = failed && usedUp ? new Finding(Cause.ShortOfMemory, $"{state}: used up; {dump.Request!.Who}", dump) { Area = heap }
            : failed && largest < TlsBuffer && free >= 2 * TlsBuffer ? new Finding(Cause.Fragmented, $"{state}: in pieces; {dump.Request!.Who}", dump) { Area = heap }
            : usedUp ? new Finding(Cause.ShortOfMemory, $"{state}: used up", dump) { Area = heap }
            : new Finding(Cause.CannotTell, $"{state}: nothing says that a request failed", dump) { Area = heap };
        finding.Arithmetic.Add(tls);
        finding.Arithmetic.Add("this is the firmware's heap, not the managed one: Wi-Fi, TLS and drivers take from it, no collection gives anything back to it");
        return Done(finding);
    }

    /// <summary>The verdict on a managed runtime's note or exception.</summary>
    public static Finding OfManaged(Dump dump, MemoryArea? heap)
    {
        MemoryRequest request = dump.Request!;
        string wants = request.Bytes is long bytes ? $"{bytes} bytes" : "an object";
        bool threw = dump.Facts.Exists(fact => fact.Contains("OutOfMemoryException", StringComparison.Ordinal));
        string where = string.Join("; ", dump.Facts.Where(fact => fact.StartsWith("thrown", StringComparison.Ordinal)));
        if (!threw && dump.Signs.Exists(sign => sign.Cause == Cause.NothingFailed))
        {
            Finding note = new(Cause.NothingFailed, $"no failure: {wants} did not fit in one piece, the heap is compacted and the request tried again; no exception follows", dump)
            {
                Wanted = request.Bytes, Area = heap,
            };
            note.Arithmetic.Add("the note is printed where enough is free in all; only an OutOfMemoryException behind it would be a failure");
            return Done(note);
        }
        Finding finding = heap?.Free is not long free || request.Bytes is not long wanted
            ? new Finding(Cause.CannotTell, $"OutOfMemoryException for {wants}; " + (heap?.Free is null ? "how much was free is not in the log" : $"{heap.Free} bytes were free at the last "
                + "collection, the size is not in the log"), dump)
            : wanted > free ? new Finding(Cause.ShortOfMemory, $"{wants} wanted, {free} free after a collection: the managed heap is used up", dump)
            : new Finding(Cause.Fragmented, $"{wants} wanted, {free} free after a collection, and not in one piece even after compaction", dump);
        if (heap?.Free is null && !threw)
        {
            finding = new Finding(Cause.ShortOfMemory, $"{wants} wanted, and less than that is free: the runtime's note says so by promising no compaction", dump);
        }
        if (where.Length > 0)
        {
            finding.Arithmetic.Add(where);
        }
        return Done(finding with { Wanted = request.Bytes, Area = heap });
    }

    private static Finding OfSum(Dump dump, MemoryArea sum, string wants)
    {
        long free = sum.Free!.Value;
        if (dump.Request!.Bytes > free)
        {
            return new Finding(Cause.ShortOfMemory, $"{wants} wanted, {free} free in all", dump) { Wanted = dump.Request.Bytes, Area = sum };
        }
        Finding finding = free > MostInternal
            ? new Finding(Cause.WrongZone, $"{wants} has to come from internal memory, and the {free} bytes that are free count PSRAM, which is most of it", dump) { Wanted = dump.Request.Bytes }
            : new Finding(Cause.CannotTell, $"{wants} was refused with {free} bytes free in all heaps; what of it is internal, and in which pieces, is not in the log", dump);
        finding.Unknown.Add("free bytes and the largest block of internal, DMA-capable memory: heap_caps_get_info(MALLOC_CAP_INTERNAL | MALLOC_CAP_DMA)");
        return finding;
    }

    private static Finding OfHeaps(Dump dump, IReadOnlyList<MemoryArea> heaps, long wanted, string wants, long caps)
    {
        bool psram = (caps & EspCapabilities.Psram) != 0, inside = (caps & (EspCapabilities.Internal | EspCapabilities.Dma | EspCapabilities.Exec)) != 0;
        bool words = (caps & EspCapabilities.Words) != 0 && (caps & (1 << 2)) == 0;
        List<MemoryArea> fit = [.. heaps.Where(heap => (!psram || heap.IsExternal) && (!inside || !heap.IsExternal) && (words || heap.IsByteAddressable))];
        long free = Fields.Sum(fit.Select(heap => heap.Free ?? 0));
        long? largest = fit.Any(heap => heap.Largest is null) ? null : fit.Select(heap => heap.Largest!.Value).DefaultIfEmpty(0).Max();
        List<MemoryArea> others = [.. heaps.Except(fit)];
        long elsewhere = Fields.Sum(others.Select(heap => heap.Free ?? 0)), elsewhereLargest = others.Select(heap => heap.Largest ?? heap.Free ?? 0).DefaultIfEmpty(0).Max();
        string facts = $"{free} free" + (fit.Count > 1 ? $" in {fit.Count} heaps" : "") + (largest is long most ? $", largest {most}" : ", the largest block is not in the dump");
        MemoryArea? main = fit.MaxBy(heap => heap.Largest ?? heap.Free);
        Finding finding;
        if (fit.Count > 0 && fit.All(heap => heap.Total is long total && total < wanted))
        {
            finding = new Finding(Cause.TooLarge, $"{wants}: the largest of these heaps has {fit.Max(heap => heap.Total)} bytes in all", dump);
        }
        else if (free < wanted)
        {
            finding = elsewhereLargest >= wanted
                ? new Finding(Cause.WrongZone, $"{wants}: {facts}, and {elsewhere} bytes are free where such a request may not go "
                    + $"({(others.Exists(heap => heap.IsExternal) ? "PSRAM" : "memory for whole words or of another kind")})", dump)
                : new Finding(Cause.ShortOfMemory, $"{wants}: {facts}", dump);
        }
        else if (largest is null)
        {
            finding = new Finding(Cause.CannotTell, $"{wants}: {facts}", dump);
        }
        else if (largest < wanted)
        {
            finding = new Finding(Cause.Fragmented, $"{wants}: {facts}: enough in all, not in one piece", dump);
        }
        else
        {
            finding = new Finding(Cause.CannotTell, $"{wants} would be served by these numbers ({facts}): they were printed at another moment, or of other capabilities", dump);
        }
        foreach (MemoryArea heap in heaps)
        {
            finding.Arithmetic.Add(State(heap) + (fit.Contains(heap) ? "" : ": not asked"));
        }
        if (finding.Cause == Cause.WrongZone && !heaps.Any(heap => heap.IsExternal))
        {
            finding.Try.Add("what is free is instruction RAM, for whole words: arrays of 32-bit words can go there (MALLOC_CAP_32BIT); its bytes do not count for malloc");
        }
        return finding with { Wanted = wanted, Area = main };
    }

    private static string State(MemoryArea heap) =>
        $"{heap.Name}{(heap.IsExternal ? " (PSRAM)" : heap.IsByteAddressable ? "" : " (whole words only)")}: {heap.Free} free" + (heap.Total is long total ? $" of {total}" : "")
            + (heap.Largest is long largest ? $", largest {largest}" : "");

    private static Finding Done(Finding finding)
    {
        Cures.Add(finding);
        return finding;
    }
}
