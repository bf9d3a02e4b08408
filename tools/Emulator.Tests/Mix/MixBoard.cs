using Carveout.Diagnostics;
using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Mix;

/// <summary>A small board with all allocators: SRAM that engines reach, with a DMA zone of exact runs, bounce slots and reserved frames;
/// and PSRAM that they do not reach, with a NORMAL buddy.</summary>
internal sealed class MixBoard
{
    public const int PageSize = 1024, ConstructedBytes = 16, Owners = 4, CoherentPool = 4;
    public const uint Start = 0x20000000, Frames = Start + 0x1A000, VirtualStart = 0xE0000000;
    public const int Size = 0x50000, FramesSize = 0x4000;

    private const uint Slots = Start + 0x18000, Pool = Start + 0x1E000, Psram = Start + 0x20000;

    private readonly string _first;

    /// <param name="hardened">Whether caches are hardened from the start.</param>
    /// <param name="shared">Whether slabs have the lock, too, as contexts that share them need; otherwise caches have active words.</param>
    /// <param name="tail">What happens to the tails of the camera's coherent blocks.</param>
    /// <param name="sizes">Kmalloc's sizes.</param>
    public MixBoard(bool hardened, bool shared, DmaTail tail, int[] sizes)
    {
        var map = new MemoryMap("mix", PageSize);
        map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, Start, 0x20000, DmaEngines.General, 0));
        map.Add(new MemoryRegion("PSRAM", MemoryKind.Psram, Psram, 0x30000, DmaEngines.None, 0));
        map.Add(new Reservation("bounce", Slots, 0x2000));
        map.Add(new Reservation("frames", Frames, FramesSize));
        map.Add(new Reservation("pool", Pool, 0x2000));
        map.Add(new ZonePlan("DMA", ZoneKind.Dma, Start, 0x18000, DmaEngines.General, PageMapKind.Runs));
        map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, Psram, 0x30000, DmaEngines.None, PageMapKind.FreeBlocks));
        Memory = new ManagedMemory(Start, Size);
        Pages = PageAllocator.Boot(map, Memory, Lock);
        _first = ProcText.BuddyInfo(Pages);
        for (int owner = 1; owner < Owners; owner++)
        {
            Pages.RegisterOwner("owner " + owner);
        }
        Slabs = new SlabAllocator(Pages, Memory, 96, shared ? Lock : null, Log);
        SlabDebug debug = hardened ? SlabDebug.Poison | SlabDebug.RedZone : SlabDebug.None;
        Kmalloc = new KmallocCaches(Slabs, sizes, debug, hardened ? 3 : 0);
        Objects = new KmemCache(Slabs, "object", 200, 8, GfpFlags.Kernel, null, debug, hardened ? 5 : 0);
        Constructor = new Marker(Memory);
        Constructed = new KmemCache(Slabs, "constructed", 104, 8, GfpFlags.Dma, Constructor, debug & SlabDebug.RedZone, 0);
        Elements = new KmemCache(Slabs, "element", 300, 8, GfpFlags.Kernel, null, debug, 0);
        Space = new Vmalloc(Pages, Memory, VirtualStart, 256, 64, 8);
        Io = new IoMemory(Space, 16);
        Dma = new DmaAllocator(Pages, map, Memory, new BounceBuffers("bounce", Slots, 512, 16), 48, 128);
        Camera = new DmaDevice("camera", DmaEngines.General) { Alignment = 4, MaxSegment = 65536 };
        Dma.Attach(Camera, tail, null);
        Display = new DmaDevice("display", DmaEngines.General) { Alignment = 4, MaxSegment = 65536 };
        Dma.Attach(Display, DmaTail.Pool, new ReservedPool("pool", Pool, 0x2000 / CoherentPool, CoherentPool));
        Streaming = new DmaStreaming(Dma);
        Descriptors = new DmaPool("descriptors", Dma, Camera, 40, 8, 256, 4);
        Reserve = new Mempool("elements", Elements, 4, 8, Lock);
        PageReserve = new Mempool("pages", Pages, 1, GfpFlags.Kernel, 2, 4, Lock);
    }

    public FlatLock Lock { get; } = new();

    public FindingLog Log { get; } = new(16);

    public ManagedMemory Memory { get; }

    public PageAllocator Pages { get; }

    public SlabAllocator Slabs { get; }

    public KmallocCaches Kmalloc { get; }

    public KmemCache Objects { get; }

    public Marker Constructor { get; }

    public KmemCache Constructed { get; }

    public KmemCache Elements { get; }

    public Vmalloc Space { get; }

    public IoMemory Io { get; }

    public DmaAllocator Dma { get; }

    public DmaDevice Camera { get; }

    public DmaDevice Display { get; }

    public DmaStreaming Streaming { get; }

    public DmaPool Descriptors { get; }

    public Mempool Reserve { get; }

    public Mempool PageReserve { get; }

    /// <summary>Everything that a wrong call could have changed, as text.</summary>
    public string State => ProcText.BuddyInfo(Pages) + SlabText.SlabInfo(Slabs) + VmallocText.VmallocInfo(Space) + IoText.IoMem(Io)
        + $"{Dma.MappingCount} {Dma.BlockCount} {Dma.BlockBytes} {Descriptors.LiveCount} {Reserve.LiveCount} {Reserve.ReserveCount} "
        + $"{PageReserve.LiveCount} {PageReserve.ReserveCount} "
        + $"{Pages.GetOwnerTable()?.Count} {Slabs.Owners?.Count} {Pages.GetPageHardening()?.Quarantined}";

    /// <summary>Frees what the allocators themselves have, and checks that nothing is missing.</summary>
    public void TakeDown(PropertyRun run)
    {
        Descriptors.Destroy();
        Reserve.Destroy();
        PageReserve.Destroy();
        run.ExpectEqual(0, Slabs.Validate(), "findings of caches");
        Slabs.Shrink(int.MaxValue);
        for (int i = 0; i < Slabs.CacheCount; i++)
        {
            run.ExpectEqual(0, Slabs.CacheAt(i).SlabCount + Slabs.CacheAt(i).LiveCount, "slabs and objects of cache", i);
        }
        Pages.DrainAllPages();
        run.Expect(_first == ProcText.BuddyInfo(Pages), "buddyinfo at boot: " + _first + "now: " + ProcText.BuddyInfo(Pages));
        run.ExpectEqual(0, Log.Total, "findings");
        run.Expect(!Lock.IsHeld, "the lock is free");
        run.ExpectEqual(0, (Pages.GetOwnerTable()?.Count ?? 0) + (Slabs.Owners?.Count ?? 0), "recorded allocations");
        run.ExpectEqual(0, Space.AreaCount + Io.RequestCount + Dma.MappingCount + Dma.BlockCount, "areas, requests, mappings and blocks");
        run.ExpectEqual(0, Dma.Bounce!.LiveCount, "bounce slots");
        for (int owner = 0; owner < Pages.OwnerCount; owner++)
        {
            run.ExpectEqual(0, Pages.OwnerPages((PageOwner)owner), "pages of owner", owner);
        }
    }

    /// <summary>Writes a mark that identifies a constructed object.</summary>
    public sealed class Marker(PhysicalMemory memory) : ObjectConstructor
    {
        public const byte Value = 0xC7;

        public override void Construct(uint address) => memory.Fill(address, ConstructedBytes, Value);
    }
}
