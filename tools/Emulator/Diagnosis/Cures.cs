using System.Globalization;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Suggests what to try or, if the cause is not clear, what to collect.</summary>
internal static class Cures
{
    /// <summary>The usual widths of pictures.</summary>
    private static readonly int[] s_widths = [96, 160, 176, 240, 320, 352, 400, 480, 640, 720, 800, 1024, 1280, 1600, 1920, 2048, 4096];

    /// <summary>Adds the suggestions for a finding.</summary>
    public static void Add(Finding finding)
    {
        finding.Try.AddRange(Words(finding));
        finding.Commands.AddRange(Commands(finding));
    }

    private static string[] Words(Finding finding) => (finding.Dump.System, finding.Cause) switch
    {
        (_, Cause.NothingFailed) => [],
        (_, Cause.Corrupt) =>
        [
            "find who writes where he may not before anything about sizes: what such a heap says of itself is worth nothing",
            finding.Dump.System == MemorySystem.EspIdf
                ? "menuconfig: heap corruption detection, comprehensive; heap_caps_check_integrity_all(true) between the suspects; a watchpoint on the address named"
                : "switch the allocator's own checks on (poison, red zones), and call its check between the suspects",
        ],
        (MemorySystem.Linux, Cause.Fragmented) when finding.Dump.Request?.Kind == RequestKind.Cma =>
        [
            "allocate the buffers once, at start, and never free them; or give the area more: cma=SIZE on the command line, size = buffer x count, and then half as much again",
            "see who has the pieces: /sys/kernel/debug/cma/*/{used,maxchunk,bitmap} before and after each user",
        ],
        (MemorySystem.Linux, Cause.Fragmented) =>
        [
            "take the buffers once at boot and keep them: a pool, a reserved-memory node, or CMA (cma=SIZE, size = buffer x count)",
            "where the device can, do without one piece: scatter-gather, vmalloc, several smaller buffers",
            "echo 1 > /proc/sys/vm/compact_memory before the request shows whether compaction still helps (2.6.35 and later); /proc/pagetypeinfo shows why not",
        ],
        (MemorySystem.Linux, Cause.HeldBack) =>
        [
            "for requests that may not wait: raise vm.min_free_kbytes, so that the reclaimer begins earlier; for others: see whether somebody raised it beyond need",
            "lowmem_reserve is vm.lowmem_reserve_ratio; a request that says GFP_DMA is not subject to DMA's reserve",
        ],
        (MemorySystem.Linux, Cause.WrongZone) when finding.Dump.Request?.Kind == RequestKind.Bounce =>
        [
            "let the buffer come from memory that the device reaches: dma_alloc_coherent, GFP_DMA32 or GFP_DMA, and a DMA mask that says what the device really can",
        ],
        (MemorySystem.Linux, Cause.WrongZone) when finding.Area is { FreeCma: > 0 } or { HighAtomic: > 0 } =>
        [
            "CMA's memory serves movable pages and dma_alloc_coherent: take the buffer by dma_alloc_coherent or a dma-buf heap, not by kmalloc or alloc_pages",
            "a smaller cma= leaves the kernel more; what reserved_highatomic holds comes back only slowly",
        ],
        (MemorySystem.Linux, Cause.WrongZone) =>
        [
            "ask for less: does the device really need GFP_DMA? Set its DMA mask to what it reaches, and let dma_alloc choose",
            "memory in HighMem and Movable is for processes and for drivers that map it page by page",
        ],
        (MemorySystem.Linux, Cause.TooLarge) when finding.Dump.Request?.Kind == RequestKind.Bounce =>
        [
            "one mapping through bounce buffers holds 256 KB at most, whatever swiotlb= says: smaller transfers (dma_max_mapping_size), or memory that the device reaches",
        ],
        (MemorySystem.Linux, Cause.TooLarge) when finding.Dump.Request?.Kind == RequestKind.Cma => ["a larger area: cma=SIZE on the command line, or CONFIG_CMA_SIZE_MBYTES, or the device tree"],
        (MemorySystem.Linux, Cause.TooLarge) when finding.Dump.Request?.Kind == RequestKind.Vmalloc => ["see where the size comes from: a negative error code, an unchecked length, a missing firmware file"],
        (MemorySystem.Linux, Cause.TooLarge) => ["no waiting helps: CMA (dma_alloc_coherent with cma=SIZE), reserved memory, vmalloc, or smaller pieces"],
        (MemorySystem.Linux, Cause.ShortOfMemory) when finding.Dump.Request?.Kind == RequestKind.Bounce => ["swiotlb=SLOTS on the command line (a slot is 2 KB), fewer mappings at one time, or memory that the device reaches"],
        (MemorySystem.Linux, Cause.ShortOfMemory) when finding.Dump.Request?.Kind == RequestKind.Cma => ["give the area more: cma=SIZE on the command line; see who holds it: /sys/kernel/debug/dma_buf/bufinfo"],
        (MemorySystem.Linux, Cause.ShortOfMemory) =>
        [
            "who has it: /proc/meminfo (AnonPages, SUnreclaim), slabtop -o, and page_owner=on for pages that are in neither",
            "two of these some time apart tell a leak from load",
        ],
        (MemorySystem.Linux, Cause.Alignment) => ["a smaller alignment where the device allows it (CONFIG_CMA_ALIGNMENT), or a larger area"],
        (MemorySystem.Linux, Cause.Pinned) =>
        [
            "the memory is free but for pages that would not move: who took a long-term pin (get_user_pages, page cache of a file system, a network buffer)?",
            "page_owner=on names who allocated the pages of the busy range; allocate at boot, before others borrow from the area",
        ],
        (MemorySystem.Linux, Cause.AddressSpace) =>
        [
            "vmalloc=SIZE on the command line (32-bit: it takes from lowmem), fewer or smaller mappings",
            "/proc/vmallocinfo says who has the addresses: sum it by caller",
        ],
        (MemorySystem.Linux, Cause.Leak) =>
        [
            "slabs: slabtop -o twice; pages in no slab: page_owner=on and page_owner_sort twice, or /proc/allocinfo; processes: AnonPages in /proc/meminfo",
            "a network fragment may pin 32 KB for the sake of a few bytes: page_owner shows page_frag",
        ],
        (MemorySystem.EspIdf or MemorySystem.FreeRtos, Cause.Fragmented) =>
        [
            "take large buffers once, at start, before Wi-Fi and others, and keep them; a static array is never refused",
            "where the bytes may lie outside: heap_caps_malloc_prefer(size, 2, MALLOC_CAP_SPIRAM, MALLOC_CAP_DEFAULT)",
            "several heaps are not one: what is free in two of them never serves one request",
        ],
        (MemorySystem.EspIdf, Cause.WrongZone) =>
        [
            "what needs no DMA goes to PSRAM: heap_caps_malloc(size, MALLOC_CAP_SPIRAM), CONFIG_SPIRAM_USE_MALLOC with a low CONFIG_SPIRAM_MALLOC_ALWAYSINTERNAL",
            "keep internal memory for what needs it: CONFIG_SPIRAM_MALLOC_RESERVE_INTERNAL, task stacks and Wi-Fi buffers sized down",
        ],
        (MemorySystem.EspIdf, Cause.PsramMissing) =>
        [
            "CONFIG_SPIRAM, its mode (quad, octal), speed and pins have to be the module's; CONFIG_SPIRAM_USE_MALLOC or _USE_CAPS_ALLOC adds it to the heap (Arduino: PSRAM enabled)",
            "boot has to say both \"Found N MB PSRAM\" and \"Adding pool of N K\"",
        ],
        (MemorySystem.EspIdf, Cause.Alignment) => ["heap_caps_aligned_alloc(64, size rounded up to 64, caps): address and size, both whole cache lines"],
        (MemorySystem.EspIdf, Cause.TooLarge) => ["no heap is that large even when empty: PSRAM, or smaller pieces"],
        (MemorySystem.EspIdf, Cause.ShortOfMemory or Cause.Leak) =>
        [
            "who has it: heap_caps_get_info by capability before and after each step; heap_trace_start(HEAP_TRACE_LEAKS) around what repeats; CONFIG_HEAP_TASK_TRACKING per task",
        ],
        (MemorySystem.ManagedRuntime, _) when finding.Area?.Kind == AreaKind.NativeHeap =>
        [
            "firmware that leaves the native heap more (a smaller managed heap), Wi-Fi and TLS started first; nothing that a managed reservation could give back is of that heap",
        ],
        (MemorySystem.ManagedRuntime, Cause.Leak) => finding.Growing.Any(growth => growth.Name.Contains("BLOB", StringComparison.Ordinal))
            ?
            [
                "a native object of the runtime or a library (certificates, sockets, TLS): close and dispose what the call opens, and report it; no pool of buffers helps, for they are "
                + "not the caller's arrays",
            ]
            :
            [
                "find who still refers to them: an event handler, a list, a queue that nobody empties; a collection does not help, for this is what collections left",
            ],
        (MemorySystem.ManagedRuntime, Cause.ShortOfMemory or Cause.Fragmented) =>
        [
            "less at one time: read and write in pieces of 512 to 1,500 bytes; buffers taken once at start and lent out again; what repeats a call is garbage and costs collections only",
        ],
        (MemorySystem.Zephyr, Cause.Fragmented or Cause.ShortOfMemory) => ["a k_mem_slab or a heap of its own for what is large: K_HEAP_DEFINE, CONFIG_VIDEO_BUFFER_POOL_SZ_MAX and _NUM_MAX for frames"],
        (_, Cause.Fragmented) => ["take the large buffers once at start and keep them: a pool"],
        (_, Cause.Leak) => ["bracket what repeats with the numbers before and after it, until one step keeps what it took"],
        (MemorySystem.Linux, Cause.CannotTell) =>
        [
            "collect: while sleep 60; do date +%s; cat /proc/buddyinfo /proc/meminfo; done >> memory.log, and the whole report of the next failure (dmesg)",
        ],
        (MemorySystem.EspIdf, Cause.CannotTell) =>
        [
            "collect: heap_caps_print_heap_info(caps of the request) before the request and when it fails, every minute meanwhile; heap_caps_register_failed_alloc_callback for size and caps",
        ],
        (MemorySystem.ManagedRuntime, Cause.CannotTell) => ["collect: GC.Run(true) and NativeMemory.GetMemoryInfo behind each call, ten calls, with the exception's text"],
        (_, Cause.CannotTell) => ["collect: free bytes and the largest free block every minute until it fails, and the size that failed"],
        _ => [],
    };

    private static IEnumerable<string> Commands(Finding finding)
    {
        if (finding.Cause is not (Cause.Fragmented or Cause.ShortOfMemory or Cause.Leak or Cause.WrongZone) || finding.Area?.Kind == AreaKind.NativeHeap)
        {
            yield break;
        }
        if (finding.Dump.System is MemorySystem.Linux or MemorySystem.Carveout)
        {
            string frame = finding.Wanted is long wanted ? Frame(wanted) is { } size ? $" --frame {size}" : "" : "";
            if (finding.Cause == Cause.Fragmented)
            {
                yield return "carveout investigate --board imx31-reference --hours 4 --out report";
                yield return $"carveout play --board imx31-reference --allocator kernel --zones single --tail trim --hours 6{frame}";
                yield return $"carveout play --board imx31-reference --tail pool --hours 6{frame}";
            }
        }
        else if (finding.Dump.System == MemorySystem.EspIdf && finding.Wanted is >= 4096 and < 4 << 20 && Frame(finding.Wanted.Value) is { } size)
        {
            yield return $"carveout plan --board esp32cam --stream {size}:RGB565:2";
        }
    }

    /// <summary>A picture of 16-bit pixels with about so many bytes; null if no usual picture has that size.</summary>
    private static string? Frame(long bytes)
    {
        foreach (int width in s_widths)
        {
            long height = (bytes + (2 * width) - 1) / (2 * width);
            if (height >= 8 && height <= width)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{width}x{height}");
            }
        }
        return null;
    }
}
