using Carveout.Diagnostics;

namespace Carveout.Emulator.Demo;

/// <summary>Shows each way of allocating once, on one board, in the order of a tutorial.</summary>
/// <remarks>Calls are printed as they are written here, so variables have names for readers.</remarks>
internal sealed class DemoTour
{
    private const int KB = 1024, MB = 1024 * KB;

    private readonly DemoBoard _board;
    private readonly Narrator _narrator;

    /// <summary>Makes a tour of a board that has just been booted.</summary>
    public DemoTour(DemoBoard board, TextWriter output)
    {
        _board = board;
        _narrator = new Narrator(output, () => ProcText.BuddyInfo(board.Pages), CachesInUse, () => VmallocText.VmallocInfo(board.Vmalloc),
            () => IoText.IoMem(board.Io), () => DmaText.Dump(board.Dma), () => DmaText.Counters(board.Dma));
    }

    /// <summary>Runs the whole tour.</summary>
    /// <param name="cancel">Ends it between two chapters with an OperationCanceledException.</param>
    /// <returns>Whether every zone is in the same state as at the start.</returns>
    public bool Run(CancellationToken cancel)
    {
        string atBoot = ProcText.BuddyInfo(_board.Pages);
        Action[] chapters =
        [
            Boot, BuddyPages, Objects, AnySize, Virtual, Coherent, Streaming, Reserved, Guaranteed, Exhaustion, Owners, Hardening, Mistakes,
        ];
        foreach (Action chapter in chapters)
        {
            cancel.ThrowIfCancellationRequested();
            chapter();
        }
        return End(atBoot);
    }

    private void Boot()
    {
        _narrator.Chapter($"{_board.Map.Name} at boot",
            "What is reserved belongs to others; the zones are the allocator's. /proc/iomem and /proc/buddyinfo:");
        _narrator.Show(ProcText.IoMem(_board.Map));
        _narrator.Show(ProcText.BuddyInfo(_board.Pages));
    }

    private void BuddyPages()
    {
        PageAllocator pages = _board.Pages;
        _narrator.Chapter("Pages: blocks of 2^order pages, aligned to their size",
            "A block is split until it has the size; freed, it merges with its buddy. The lines that a call changes are shown below it.");
        PageOwner camera = _narrator.Call(() => pages.RegisterOwner("camera"), "camera");
        uint block = _narrator.Call(() => pages.AllocPages(GfpFlags.Kernel, 2, camera), "block");
        _narrator.Call(() => pages.TrimPages(block, 9000));
        _narrator.Call(() => pages.FreePages(block));
        uint exact = _narrator.Call(() => pages.AllocPagesExact(5 * pages.PageSize, GfpFlags.Dma, camera, pages.PageSize), "exact");
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
        _narrator.Chapter("Kmalloc: any size, freed by its address",
            "The size is rounded up to the next cache's; what is larger than the largest, 128 KB here, gets as many pages as it needs.");
        uint text = _narrator.Call(() => kmalloc.Kmalloc(100, GfpFlags.Kernel), "text");
        _narrator.Call(() => kmalloc.Ksize(text));
        uint grown = _narrator.Call(() => kmalloc.Krealloc(text, 300, GfpFlags.Kernel), "grown");
        uint zeroed = _narrator.Call(() => kmalloc.Kzalloc(64, GfpFlags.Dma), "zeroed");
        _narrator.Call(() => kmalloc.Kfree(grown));
        _narrator.Call(() => kmalloc.Kfree(zeroed));
        uint large = _narrator.Call(() => kmalloc.Kmalloc(MB, GfpFlags.Kernel), "large");
        if (large != 0)
        {
            _narrator.Call(() => kmalloc.Kfree(large));
        }
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
        PageOwner decoder = _narrator.Call(() => pages.RegisterOwner("decoder"), "decoder");
        int size = Math.Min(MB, _board.FreePages / 2 * pages.PageSize);
        uint picture = _narrator.Call(() => vmalloc.Alloc(size, GfpFlags.Kernel, decoder), "picture");
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

    private void Coherent()
    {
        DmaAllocator dma = _board.Dma;
        MemoryRegion region = _board.DmaRegion;
        DmaEngines engine = region.Dma;
        bool cached = region.CacheLine != 0;
        _narrator.Chapter("DMA: memory that the CPU and a device share",
            cached
                ? $"{region.Name} is cached, so nothing in it is coherent: AllocNoncoherent, and Sync calls when it changes hands."
                : $"{region.Name} is not cached: what one of them writes the other sees. The tail policy says what becomes of a block's tail.");
        uint handle = 0;
        foreach (DmaTail tail in (DmaTail[])[DmaTail.Trim, DmaTail.Keep, DmaTail.Exact])
        {
            _narrator.Say($"tail = DmaTail.{tail}, name = \"camera-{tail}\":");
            string name = $"camera-{tail}";
            DmaDevice device = _narrator.Call(() => new DmaDevice(name, engine) { Alignment = 4, MaxSegment = 4092 }, "device");
            _narrator.Call(() => dma.Attach(device, tail, null));
            if (cached)
            {
                uint block = _narrator.Call(() => dma.AllocNoncoherent(device, 9000, DmaDirection.FromDevice, GfpFlags.Kernel, out handle), "block");
                _narrator.Call(() => dma.FreeNoncoherent(device, 9000, block, handle, DmaDirection.FromDevice));
            }
            else
            {
                uint block = _narrator.Call(() => dma.AllocCoherent(device, 9000, GfpFlags.Kernel, out handle), "block");
                _narrator.Call(() => dma.FreeCoherent(device, 9000, block, handle));
            }
        }
        if (!cached)
        {
            DmaDevice spi = _narrator.Call(() => new DmaDevice("spi-descriptors", engine) { Alignment = 4, MaxSegment = 4092 }, "spi");
            _narrator.Call(() => dma.Attach(spi));
            DmaPool descriptors = _narrator.Call(() => new DmaPool("descriptors", dma, spi, 12, 4, 0, 1), "descriptors");
            uint first = _narrator.Call(() => descriptors.Alloc(GfpFlags.Kernel, out handle), "first");
            _narrator.Call(() => descriptors.Free(first, handle));
            _narrator.Call(() => descriptors.Destroy());
        }
        _board.Pages.DrainAllPages();
    }

    private void Streaming()
    {
        DmaAllocator dma = _board.Dma;
        DmaStreaming streaming = _board.Streaming;
        KmallocCaches kmalloc = _board.Kmalloc;
        _narrator.Chapter("DMA: buffers that change hands",
            "A buffer that the device cannot reach, or that shares a cache line with a neighbour, goes through a bounce buffer.");
        DmaEngines engine = _board.DmaRegion.Dma;
        DmaDevice spi = _narrator.Call(() => new DmaDevice("spi", engine) { Alignment = 4, MaxSegment = 4092 }, "spi");
        _narrator.Call(() => dma.Attach(spi));
        uint buffer = _narrator.Call(() => kmalloc.Kmalloc(100, GfpFlags.Kernel), "buffer");
        uint bus = _narrator.Call(() => streaming.MapSingle(spi, buffer, 100, DmaDirection.FromDevice), "bus");
        _narrator.Refused(() => kmalloc.Kfree(buffer));
        _narrator.Call(() => streaming.SyncForCpu(spi, bus, 100, DmaDirection.FromDevice));
        _narrator.Call(() => streaming.SyncForDevice(spi, bus, 100, DmaDirection.FromDevice));
        _narrator.Call(() => streaming.UnmapSingle(spi, bus, 100, DmaDirection.FromDevice));
        _narrator.Refused(() => streaming.UnmapSingle(spi, bus, 100, DmaDirection.FromDevice));
        _narrator.Call(() => kmalloc.Kfree(buffer));
        _board.Slabs.Shrink(int.MaxValue);
        _board.Pages.DrainAllPages();
    }

    private void Reserved()
    {
        IoMemory io = _board.Io;
        Vmalloc vmalloc = _board.Vmalloc;
        Reservation pool = _board.Pool;
        PageAllocator pages = _board.Pages;
        Zone zone = pages.ZoneAt(0);
        PhysicalMemory memory = _board.Memory;
        _narrator.Chapter("Reserved memory: what no zone owns",
            "Taken out of the map at boot, so that no leak can reach it; ioremap gives it addresses.");
        PageOwner movie = _narrator.Call(() => pages.RegisterOwner("movie"), "movie");
        uint start = pool.Start;
        _narrator.Call(() => io.RequestRegion(start, 8192, movie));
        uint window = _narrator.Call(() => io.Ioremap(start, 8192, movie), "window");
        _narrator.Call(() => vmalloc.Fill(window, 8192, 0xFF));
        _narrator.Refused(() => io.Ioremap(zone.Start, 4096, movie));
        _narrator.Call(() => io.Iounmap(window));
        _narrator.Say("remap_pfn_range gives pages of it to applications, each with a window of its own that says what it may do:");
        int pfn = (int)(start / (uint)pages.PageSize), size = (int)pool.Size;
        VmArea player = _narrator.Call(() => new VmArea(io, "player", 0x40000000, size / pages.PageSize, VmFlags.Read | VmFlags.Write), "player");
        VmArea viewer = _narrator.Call(() => new VmArea(io, "viewer", 0x40000000, size / pages.PageSize, VmFlags.Read), "viewer");
        _narrator.Call(() => io.RemapPfnRange(player, player.Start, pfn, size, movie));
        _narrator.Call(() => io.RemapPfnRange(viewer, viewer.Start, pfn, 4096, movie));
        byte[] pixels = _narrator.Call(() => new byte[] { 0xF8, 0x00 }, "pixels");
        _narrator.Call(() => player.Write(0x40000010, pixels, 0, 2));
        _narrator.Call(() => memory.ReadByte(start + 0x10));
        _narrator.Call(() => viewer.Read(0x40000010, pixels, 0, 2));
        _narrator.Refused(() => viewer.Write(0x40000010, pixels, 0, 2));
        _narrator.Refused(() => viewer.Read(0x40001000, pixels, 0, 2));
        _narrator.Call(() => player.Unmap(player.Start, size));
        _narrator.Call(() => viewer.Unmap(viewer.Start, 4096));
        _narrator.Call(() => io.ReleaseRegion(start, 8192));
    }

    private void Guaranteed()
    {
        PageAllocator pages = _board.Pages;
        _narrator.Chapter("Mempool: a minimum for those who must not fail",
            "Its elements were taken at boot. They serve when the allocator below it cannot, and are filled up first.");
        Mempool requests = _narrator.Call(() => new Mempool("requests", pages, 0, GfpFlags.Dma, 2, 2, null), "requests");
        List<uint> taken = TakeAll(GfpFlags.Dma, pages.RegisterOwner("app.leak"));
        _narrator.Say($"{taken.Count} calls of pages.AllocPages(GfpFlags.Dma, 0, leak) later:");
        uint first = _narrator.Call(() => requests.Alloc(GfpFlags.Kernel), "first");
        uint second = _narrator.Call(() => requests.Alloc(GfpFlags.Kernel), "second");
        _narrator.Call(() => requests.Alloc(GfpFlags.Kernel));
        _narrator.Call(() => requests.SavedCount);
        _narrator.Call(() => requests.Free(second));
        _narrator.Call(() => requests.Free(first));
        taken.ForEach(pages.FreePages);
        _narrator.Call(() => requests.Destroy());
        pages.DrainAllPages();
    }

    private void Exhaustion()
    {
        PageAllocator pages = _board.Pages;
        _narrator.Chapter("When there is no memory left", "A request returns 0; the report says why each zone said no, and who has the memory.");
        PageOwner leak = _narrator.Call(() => pages.RegisterOwner("app.leak"), "leak");
        List<uint> taken = TakeAll(GfpFlags.Kernel, leak);
        _narrator.Say($"{taken.Count} calls of pages.AllocPages(GfpFlags.Kernel, 0, leak) later:");
        _narrator.Show(FailureReport.ToText(pages));
        taken.ForEach(pages.FreePages);
    }

    private void Owners()
    {
        PageAllocator pages = _board.Pages;
        _narrator.Chapter("Who took what, and when", "A table of fixed size, switched on when it is needed; it says what it had to drop.");
        PageOwner camera = pages.RegisterOwner("camera"), leak = pages.RegisterOwner("app.leak");
        OwnerTable table = _narrator.Call(() => new OwnerTable(64), "table");
        _narrator.Call(() => pages.TrackOwners(table));
        uint frame = _narrator.Call(() => pages.AllocPages(GfpFlags.Kernel, 1, camera), "frame");
        uint one = _narrator.Call(() => pages.AllocPages(GfpFlags.Kernel, 0, leak), "one");
        uint two = _narrator.Call(() => pages.AllocPages(GfpFlags.Kernel, 0, leak), "two");
        _narrator.Show(OwnerText.PageOwner(table, pages));
        _narrator.Call(() => pages.FreePages(frame));
        _narrator.Call(() => pages.FreePages(one));
        _narrator.Call(() => pages.FreePages(two));
        _narrator.Call(() => pages.TrackOwners(null));
        pages.DrainAllPages();
    }

    private void Hardening()
    {
        PageAllocator pages = _board.Pages;
        SlabAllocator slabs = _board.Slabs;
        FindingLog findings = _board.Findings;
        PhysicalMemory memory = _board.Memory;
        _narrator.Chapter("Who wrote where he should not", "A hardened cache poisons what is free and puts a red zone behind each object.");
        PageOwner radio = _narrator.Call(() => pages.RegisterOwner("radio"), "radio");
        _narrator.Call(() => slabs.TrackOwners(new OwnerTable(64)));
        KmemCache packets = _narrator.Call(
            () => new KmemCache(slabs, "packet", 100, 8, GfpFlags.Kernel, null, SlabDebug.Poison | SlabDebug.RedZone, 0), "packets");
        uint packet = _narrator.Call(() => packets.Alloc(GfpFlags.Kernel, radio), "packet");
        _narrator.Call(() => memory.Fill(packet, 102, 0x11));
        _narrator.Call(() => packets.Free(packet));
        _narrator.Call(() => memory.Fill(packet + 8, 4, 0x22));
        _narrator.Call(() => packets.Validate());
        _narrator.Show(FindingText.ToText(findings, pages));
        _narrator.Call(() => packets.Destroy());
        _narrator.Call(() => slabs.TrackOwners(null));
        _board.Pages.DrainAllPages();
    }

    private void Mistakes()
    {
        PageAllocator pages = _board.Pages;
        KmallocCaches kmalloc = _board.Kmalloc;
        _narrator.Chapter("Mistakes", "Each is refused by name and changes nothing.");
        PageOwner camera = pages.RegisterOwner("camera");
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
        _narrator.Chapter("Everything given back",
            now == atBoot ? "buddyinfo is what it was at boot, byte for byte:" : "buddyinfo is not what it was at boot:");
        _narrator.Show(now);
        return now == atBoot;
    }

    private List<uint> TakeAll(GfpFlags gfp, PageOwner owner)
    {
        var taken = new List<uint>();
        for (uint block = _board.Pages.AllocPages(gfp, 0, owner); block != 0; block = _board.Pages.AllocPages(gfp, 0, owner))
        {
            taken.Add(block);
        }
        return taken;
    }

    /// <summary>The lines of slabinfo for caches that have slabs; most have none.</summary>
    private string CachesInUse() => string.Concat(
        SlabText.SlabInfo(_board.Slabs).Split('\n').Skip(2).Where(line => line.Length > 0 && !HasNoSlab(line)).Select(line => line + "\n"));

    private static bool HasNoSlab(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2] == "0";

    private sealed class CountingConstructor : ObjectConstructor
    {
        public int Count { get; private set; }

        public override void Construct(uint address) => Count++;
    }
}
