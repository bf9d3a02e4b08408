using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;

namespace Carveout.Emulator.Demo;

/// <summary>Each way of allocating, once, on one board: the calls in the order in which a tutorial would explain them.</summary>
/// <remarks>Calls are printed as they stand here, so the variables have the names that a reader would give them.</remarks>
internal sealed class DemoTour
{
    private const int KB = 1024, MB = 1024 * KB;

    private readonly DemoBoard _board;
    private readonly Narrator _narrator;

    /// <summary>A tour of a board that has just been booted.</summary>
    public DemoTour(DemoBoard board, TextWriter output)
    {
        _board = board;
        _narrator = new Narrator(output, () => ProcText.BuddyInfo(board.Pages), CachesInUse, () => VmallocText.VmallocInfo(board.Vmalloc));
    }

    /// <summary>Walks through all of it.</summary>
    /// <param name="cancel">Ends it between two chapters with an OperationCanceledException.</param>
    /// <returns>Whether every zone ended as it began.</returns>
    public bool Run(CancellationToken cancel)
    {
        string atBoot = ProcText.BuddyInfo(_board.Pages);
        foreach (Action chapter in (Action[])[Boot, BuddyPages, Objects, AnySize, Virtual, Exhaustion, Mistakes])
        {
            cancel.ThrowIfCancellationRequested();
            chapter();
        }
        return End(atBoot);
    }

    private void Boot()
    {
        _narrator.Chapter($"{_board.Map.Name} at boot", "What is reserved belongs to others; the zones are the allocator's. /proc/iomem and /proc/buddyinfo:");
        _narrator.Show(ProcText.IoMem(_board.Map));
        _narrator.Show(ProcText.BuddyInfo(_board.Pages));
    }

    private void BuddyPages()
    {
        PageAllocator pages = _board.Pages;
        _narrator.Chapter("Pages: blocks of 2^order pages, aligned to their size",
            "A block is split until it has the size; freed, it merges with its buddy. The lines that a call changes are shown below it.");
        int camera = _narrator.Call(() => pages.RegisterOwner("camera"), "camera");
        uint block = _narrator.Call(() => pages.AllocPages(GfpFlags.Kernel, 2, camera), "block");
        _narrator.Call(() => pages.TrimPages(block, 9000));
        _narrator.Call(() => pages.FreePages(block));
        uint exact = _narrator.Call(() => pages.AllocPagesExact(GfpFlags.Dma, 5 * pages.PageSize, pages.PageSize, camera), "exact");
        _narrator.Call(() => pages.FreePagesExact(exact, 5 * pages.PageSize));
        _narrator.Call(() => pages.DrainAllPages());
    }

    private void Objects()
    {
        SlabAllocator slabs = _board.Slabs;
        _narrator.Chapter("Slabs: objects of one size, constructed once",
            "A cache takes a slab of pages when it has no free object left. Empty slabs stay until somebody needs the pages.");
        var stamp = new CountingConstructor();
        KmemCache requests = _narrator.Call(() => new KmemCache(slabs, "request", 200, 8, GfpFlags.Kernel, stamp), "requests");
        uint first = _narrator.Call(() => requests.Alloc(GfpFlags.Kernel), "first");
        uint second = _narrator.Call(() => requests.Alloc(GfpFlags.Kernel), "second");
        _narrator.Call(() => requests.Free(first));
        uint again = _narrator.Call(() => requests.Alloc(GfpFlags.Kernel), "again");
        _narrator.Call(() => stamp.Count);
        _narrator.Refused(() => requests.Destroy());
        _narrator.Call(() => requests.Free(second));
        _narrator.Call(() => requests.Free(again));
        _narrator.Call(() => requests.Shrink());
        _narrator.Call(() => requests.Destroy());
    }

    private void AnySize()
    {
        KmallocCaches kmalloc = _board.Kmalloc;
        _narrator.Chapter("Kmalloc: any size up to 128 KB, freed by its address",
            "The size is rounded up to the next cache's.");
        uint text = _narrator.Call(() => kmalloc.Kmalloc(100, GfpFlags.Kernel), "text");
        _narrator.Call(() => kmalloc.Ksize(text));
        uint grown = _narrator.Call(() => kmalloc.Krealloc(text, 300, GfpFlags.Kernel), "grown");
        uint zeroed = _narrator.Call(() => kmalloc.Kzalloc(64, GfpFlags.Dma), "zeroed");
        _narrator.Call(() => kmalloc.Kfree(grown));
        _narrator.Call(() => kmalloc.Kfree(zeroed));
        _narrator.Refused(() => kmalloc.Kmalloc(MB, GfpFlags.Kernel));
        SlabAllocator slabs = _board.Slabs;
        _narrator.Call(() => slabs.Shrink(int.MaxValue));
    }

    private void Virtual()
    {
        PageAllocator pages = _board.Pages;
        Vmalloc vmalloc = _board.Vmalloc;
        PhysicalMemory memory = _board.Memory;
        _narrator.Chapter("Vmalloc: single pages that look contiguous",
            "For what no block can serve. A device gets at it through a scatter list, cut into descriptors of at most 4092 bytes (ESP32).");
        int decoder = _narrator.Call(() => pages.RegisterOwner("decoder"), "decoder");
        int size = Math.Min(MB, _board.FreePages / 2 * pages.PageSize);
        uint picture = _narrator.Call(() => vmalloc.Alloc(GfpFlags.Kernel, size, decoder), "picture");
        _narrator.Call(() => vmalloc.Fill(picture, size, 0x80));
        _narrator.Call(() => vmalloc.TlbMisses);
        var list = new ScatterList(size / pages.PageSize);
        _narrator.Call(() => list.Build(vmalloc, picture, size));
        _narrator.Call(() => list.Count);
        var chain = new DescriptorChain(size / 2048, DescriptorChain.Esp32MaxLength, DescriptorChain.Esp32Alignment);
        _narrator.Call(() => chain.Build(list));
        _narrator.Call(() => chain.Count);
        _narrator.Call(() => vmalloc.Free(picture));
        _narrator.Call(() => pages.DrainAllPages());
    }

    private void Exhaustion()
    {
        PageAllocator pages = _board.Pages;
        _narrator.Chapter("When there is no memory left", "A request returns 0; the report says why each zone said no, and who has the memory.");
        int leak = _narrator.Call(() => pages.RegisterOwner("app.leak"), "leak");
        var taken = new List<uint>();
        for (uint block = pages.AllocPages(GfpFlags.Kernel, 0, leak); block != 0; block = pages.AllocPages(GfpFlags.Kernel, 0, leak))
        {
            taken.Add(block);
        }
        _narrator.Say($"{taken.Count} calls of pages.AllocPages(GfpFlags.Kernel, 0, leak) later:");
        _narrator.Show(FailureReport.ToText(pages));
        taken.ForEach(pages.FreePages);
    }

    private void Mistakes()
    {
        PageAllocator pages = _board.Pages;
        KmallocCaches kmalloc = _board.Kmalloc;
        _narrator.Chapter("Mistakes", "Each is refused by name and changes nothing.");
        int camera = pages.RegisterOwner("camera");
        uint block = _narrator.Call(() => pages.AllocPages(GfpFlags.Kernel, 1, camera), "block");
        _narrator.Refused(() => pages.FreePages(block + 4096));
        _narrator.Refused(() => pages.FreePages(block, 3));
        _narrator.Refused(() => kmalloc.Kfree(block));
        _narrator.Call(() => pages.FreePages(block));
        _narrator.Refused(() => pages.FreePages(block));
        _narrator.Refused(() => pages.AllocPages(GfpFlags.Kernel, 11, camera));
    }

    private bool End(string atBoot)
    {
        _board.Slabs.Shrink(int.MaxValue);
        _board.Pages.DrainAllPages();
        string now = ProcText.BuddyInfo(_board.Pages);
        _narrator.Chapter("Everything given back", now == atBoot ? "buddyinfo is what it was at boot, byte for byte:" : "buddyinfo is not what it was at boot:");
        _narrator.Show(now);
        return now == atBoot;
    }

    /// <summary>The lines of slabinfo of caches that have slabs: most have none.</summary>
    private string CachesInUse() => string.Concat(
        SlabText.SlabInfo(_board.Slabs).Split('\n').Skip(2).Where(line => line.Length > 0 && !HasNoSlab(line)).Select(line => line + "\n"));

    private static bool HasNoSlab(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2] == "0";

    private sealed class CountingConstructor : ObjectConstructor
    {
        public int Count { get; private set; }

        public override void Construct(uint address) => Count++;
    }
}
