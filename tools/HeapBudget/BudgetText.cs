using System.Globalization;
using System.Text;
using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Memory;
using Carveout.Video;

namespace Carveout.HeapBudget;

/// <summary>Writes the tables of docs/heap-budget.md.</summary>
public static class BudgetText
{
    private const int PageSize = MemoryMap.DefaultPageSize;

    private static readonly int[] s_sizes = [64 * 1024, 512 * 1024, 4096 * 1024];

    private static readonly (string Name, PageMapKind Kind)[] s_maps =
        [("Runs", PageMapKind.Runs), ("FreeBlocks", PageMapKind.FreeBlocks), ("GroupedFreeBlocks", PageMapKind.GroupedFreeBlocks)];

    /// <summary>All tables, in Markdown; lines end with \n.</summary>
    public static string All() => Metadata() + "\n" + Additions() + "\n" + Heaps() + "\n" + Reaches();

    /// <summary>The table of code that a program has on the device for each class that it uses.</summary>
    private static string Reaches()
    {
        var text = new StringBuilder("| who writes | types, beside the board's | KB of IL | libraries, beside Carveout.Board |\n|---|---:|---:|---|\n");
        foreach ((string what, Type start) in ((string, Type)[])
            [("`CarveoutMemory.Reserve`, `CreatePool`, `Rent`", typeof(CarveoutMemory)), ("`PageAllocator.Boot` alone", typeof(PageAllocator)),
             ("`display.Show(frame)` of an `Ssd1306`", typeof(Video.Displays.Ssd1306)), ("`new KmemCache`", typeof(KmemCache)),
             ("`new DmaStreaming`", typeof(DmaStreaming)), ("`new Pipeline`", typeof(Pipeline))])
        {
            TypeReach reach = TypeReach.Of(start);
            string libraries = string.Join(", ", reach.Libraries.Select(name => name["Carveout.".Length..]));
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {reach.Types} | {Kilobytes(reach.Il)} | {libraries} |\n");
        }
        return text.ToString();
    }

    /// <summary>The table of the allocator's own metadata, by page map and page size.</summary>
    private static string Metadata()
    {
        var text = new StringBuilder("| page map, page size | part | 64 KB | 512 KB | 4 MB |\n|---|---|---:|---:|---:|\n");
        foreach ((string name, PageMapKind kind) in s_maps)
        {
            foreach (int pageSize in (int[])[PageSize, 1024])
            {
                BootedAllocator[] booted = [.. s_sizes.Select(size => new BootedAllocator(size, pageSize, kind))];
                string label = $"{name}, {(pageSize == PageSize ? "4 KB" : "1 KB")}";
                if (pageSize == PageSize)
                {
                    Row(text, label, "page map", booted, b => Number(b.MapOfPages));
                    Row(text, "", "zone, an owner's byte a page", booted, b => Number(b.Zone));
                    Row(text, "", "allocator, four owners", booted, b => Number(b.Rest));
                }
                Row(text, pageSize == PageSize ? "" : label, "**all**", booted,
                    b => $"{Number(b.Metadata)} ({Percent(b.Metadata, b.Size)})");
            }
        }
        return text.ToString();
    }

    /// <summary>The table of objects over an allocator of 4 MB, one at a time.</summary>
    private static string Additions()
    {
        var text = new StringBuilder("| on top, over 4 MB in Runs of 4 KB pages | bytes |\n|---|---:|\n");
        Line(text, "the libraries' static tables, once, always", b => b.Tables);
        Line(text, "memory map of one region and zone, for reports", b => b.Map);
        Line(text, "`OwnerTable(256)`, every allocation by address", b => b.PriceOf(new OwnerTable(256)));
        Line(text, "`TraceRing(512, …)`, without its clock",
            b => b.PriceOf(new TraceRing(512, new StoppedClock())) - DeviceHeap.PriceOf(typeof(StoppedClock)));
        Line(text, "`SlabAllocator(…, 64)`, no cache", b => b.PriceOf(new SlabAllocator(b.Pages, b.Memory, 64, null, null)));
        Line(text, "a `KmemCache` of 64-byte objects in it, empty", b =>
        {
            var slabs = new SlabAllocator(b.Pages, b.Memory, 64, null, null);
            b.PriceOf(slabs);
            return b.PriceOf(new KmemCache(slabs, "cache", 64, 8, GfpFlags.Kernel, null));
        });
        Line(text, "`KmallocCaches` in it, 28 sizes", b => Kmalloc(b, KmallocSizes.Default));
        Line(text, "the same of the standard sizes, 13", b => Kmalloc(b, slabs => KmallocSizes.Standard(KmallocCaches.MaxSizeIn(slabs))));
        Line(text, "`Vmalloc` of 256 pages, 16 areas, 8 TLB entries", b => b.PriceOf(new Vmalloc(b.Pages, b.Memory, 0xE0000000, 256, 16, 8)));
        Line(text, "`DmaAllocator` of 16 mappings and 16 blocks, one device", b =>
        {
            var dma = new DmaAllocator(b.Pages, b.Pages.Map!, b.Memory, null, 16, 16);
            dma.Attach(new DmaDevice("lcd", DmaEngines.General) { Alignment = 32, MaxSegment = 4096 });
            return b.PriceOf(dma);
        });
        Line(text, "`MovablePages` of 64 handles", b => b.PriceOf(new MovablePages(b.Pages, 64, 1024)));
        CarveoutMemory memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name), PageSize);
        VideoFormat small = new(8, 8, PixelFormat.GREY), large = new(320, 240, PixelFormat.RGB565);
        Text(text, "`CarveoutMemory` and its lock", WithoutPages(memory));
        Text(text, "a `FrameBuffer`", PriceIn(memory, small, () => memory.AllocFrame(small, "frame")));
        memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name));
        Text(text, "a `FramePool` of 3 frames", PriceIn(memory, large, () => memory.CreatePool(large, 3, "movie")));
        return text.ToString();
    }

    private static long Kmalloc(BootedAllocator booted, Func<SlabAllocator, int[]> sizes)
    {
        var slabs = new SlabAllocator(booted.Pages, booted.Memory, 64, null, null);
        booted.PriceOf(slabs);
        return booted.PriceOf(new KmallocCaches(slabs, sizes(slabs)));
    }

    /// <summary>The table of what is left of a managed heap that also contains the region.</summary>
    private static string Heaps()
    {
        var text = new StringBuilder("| heap of the runtime | region in it | its arrays | `CarveoutMemory`, allocator, map, tables | left to the application |\n"
            + "|---|---|---:|---:|---:|\n");
        Heap(text, "ESP32 without PSRAM, about 100 KB", 102400, 65536, 1024);
        Heap(text, "the same", 102400, 65536, PageSize);
        Heap(text, "the same", 102400, 40960, PageSize);
        Heap(text, "ESP32-CAM, 4 MB of PSRAM less 256 KB", 0x3C0000, 4 * 191 * PageSize, PageSize);
        return text.ToString();
    }

    private static void Heap(StringBuilder text, string name, long heap, int region, int pageSize)
    {
        var board = new MemoryMap("board", pageSize);
        CarveoutMemory memory = CarveoutMemory.Reserve(board, region);
        var all = new DeviceHeap();
        foreach (object table in StaticTables.All)
        {
            all.Add(table);
        }
        long banks = new DeviceHeap().Add(memory.Memory);
        long rest = all.Bytes + all.Add(memory) - banks;
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {Number(region)}, {(pageSize == PageSize ? "4 KB" : "1 KB")} pages | {Number(banks)} | "
            + $"{Number(rest)} | {Number(heap - banks - rest)} |\n");
    }

    private static long WithoutPages(CarveoutMemory memory)
    {
        var heap = new DeviceHeap();
        foreach (object table in StaticTables.All)
        {
            heap.Add(table);
        }
        heap.Add(memory.Memory);
        heap.Add(memory.Map);
        // The lock belongs to this memory, although the allocator refers to it, too.
        return heap.Add(memory) - new BootedAllocator(PageSize, PageSize, PageMapKind.Runs).Metadata;
    }

    /// <summary>Bytes of an object for a format; the format belongs to the caller and is not counted.</summary>
    private static long PriceIn(CarveoutMemory memory, VideoFormat format, Func<object> make)
    {
        var heap = new DeviceHeap();
        heap.Add(memory);
        heap.Except(format);
        return heap.Add(make());
    }

    private static void Line(StringBuilder text, string name, Func<BootedAllocator, long> price) =>
        Text(text, name, price(new BootedAllocator(s_sizes[^1], PageSize, PageMapKind.Runs)));

    private static void Text(StringBuilder text, string name, long bytes) => text.Append($"| {name} | {Number(bytes)} |\n");

    private static void Row(StringBuilder text, string label, string part, BootedAllocator[] booted, Func<BootedAllocator, string> cell) =>
        text.Append($"| {label} | {part} | {string.Join(" | ", booted.Select(cell))} |\n");

    private static string Number(long bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);

    private static string Kilobytes(long bytes) => (bytes / 1000.0).ToString("F1", CultureInfo.InvariantCulture);

    private static string Percent(long bytes, long size) => (100.0 * bytes / size).ToString("F2", CultureInfo.InvariantCulture) + " %";

    private sealed class StoppedClock : TraceClock
    {
        public override int Milliseconds => 0;
    }
}
