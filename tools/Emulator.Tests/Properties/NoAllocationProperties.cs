namespace Carveout.Emulator.Tests.Properties;

/// <summary>A memory manager must not use the heap that it relieves: once made, it allocates not a byte in 100,000 calls.</summary>
[TestClass]
public sealed class NoAllocationProperties
{
    private const int Calls = 100_000, MostLive = 512, PageSize = 4096;

    private static readonly Dictionary<string, Func<PageMap>> s_maps = new()
    {
        ["FreeBlockMap"] = () => PageMap.Create(PageMapKind.FreeBlocks, 2000, 0),
        ["FreeBlockMap with hot slots"] = () => PageMap.Create(PageMapKind.FreeBlocks, 2000, 4),
        ["FreeBlockMap of three levels"] = () => PageMap.Create(PageMapKind.FreeBlocks, 5000, 4),
        ["GroupedBlockMap"] = () => PageMap.Create(PageMapKind.GroupedFreeBlocks, 2000, 4),
        ["RunMap"] = () => PageMap.Create(PageMapKind.Runs, 2000),
    };

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Maps => from name in s_maps.Keys select new object[] { name };

    [TestMethod]
    [DynamicData(nameof(Maps))]
    public void A_page_map_allocates_nothing(string name)
    {
        Func<PageMap> create = s_maps[name];
        var run = new PropertyRun(TestContext, 0x2E20);
        int[] live = new int[MostLive], counts = new int[PageMap.MaxPageOrder + 1];
        int allocated = 0, failed = 0, freed = 0;
        long taken = ManagedHeap.LeastTaken(() =>
        {
            PageMap map = create();
            var random = new SplitMix64(run.Seed);
            return () => (allocated, failed, freed) = Churn(map, live, counts, random);
        });
        Assert.AreEqual(0L, taken);
        TestContext.WriteLine($"{allocated} allocations, {failed} failures, {freed} frees");
        Assert.IsGreaterThan(1000, Math.Min(allocated, Math.Min(failed, freed)));
    }

    [TestMethod]
    public void The_page_allocator_allocates_nothing()
    {
        var run = new PropertyRun(TestContext, 0x2E20);
        uint[] live = new uint[MostLive];
        PageAllocator allocator = null!;
        long taken = ManagedHeap.LeastTaken(() =>
        {
            allocator = NewAllocator();
            var random = new SplitMix64(run.Seed);
            return () => Churn(allocator, live, random);
        });
        Assert.AreEqual(0L, taken);
        TestContext.WriteLine($"{allocator.FailureCount} failures, {allocator.StallCount} stalls");
        Assert.IsGreaterThan(1000, Math.Min(allocator.FailureCount, allocator.StallCount));
    }

    /// <summary>Owners are tracked in a table that is too small, pages are hardened, and a client writes to freed memory: findings allocate
    /// nothing, either.</summary>
    [TestMethod]
    public void A_page_allocator_that_tracks_and_hardens_allocates_nothing()
    {
        var run = new PropertyRun(TestContext, 0x2E21);
        uint[] live = new uint[MostLive];
        PageAllocator allocator = null!;
        byte[] stray = [1];
        long taken = ManagedHeap.LeastTaken(() =>
        {
            allocator = NewHardened(out ManagedMemory memory);
            var random = new SplitMix64(run.Seed);
            return () =>
            {
                for (int part = 0; part < 10; part++)
                {
                    Churn(allocator, live, random, Calls / 10, memory, stray);
                }
            };
        });
        Assert.AreEqual(0L, taken);
        OwnerTable owners = allocator.GetOwnerTable()!;
        TestContext.WriteLine($"{owners.Sequence} allocations recorded, {owners.Dropped} dropped, {allocator.GetPageHardening()!.Log.Total} findings, "
            + $"{allocator.FailureCount} failures");
        Assert.IsGreaterThan(100, Math.Min(allocator.GetPageHardening()!.Log.Total, (int)owners.Dropped));
        Assert.IsGreaterThan(1000, Math.Min(allocator.FailureCount, owners.Sequence));
    }

    /// <summary>A trace goes into a ring that wraps around, and is read meanwhile.</summary>
    [TestMethod]
    public void A_page_allocator_that_traces_allocates_nothing()
    {
        var run = new PropertyRun(TestContext, 0x2E22);
        uint[] live = new uint[MostLive];
        var record = new TraceRecord();
        TraceRing ring = null!;
        long taken = ManagedHeap.LeastTaken(() =>
        {
            PageAllocator allocator = NewAllocator();
            ring = new TraceRing(256, new CallClock());
            allocator.Trace(ring);
            var random = new SplitMix64(run.Seed);
            return () =>
            {
                Churn(allocator, live, random);
                ring.MarkLoop(1);
                ring.CopyFrom(1, record);
            };
        });
        Assert.AreEqual(0L, taken);
        TestContext.WriteLine($"{ring.Recorded} operations recorded, {ring.Overwritten} overwritten");
        Assert.IsGreaterThan(10_000, ring.Overwritten);
        Assert.AreEqual(ring.Overwritten + 1, record.Sequence);
    }

    [TestMethod]
    public void A_pool_allocates_nothing()
    {
        var pool = new ReservedPool("frames", 0xC0000000, PageSize, 8);
        long taken = ManagedHeap.LeastTaken(() =>
        {
            for (int call = 0; call < Calls; call++)
            {
                pool.Free(pool.Alloc());
            }
        });
        Assert.AreEqual(0L, taken);
    }

    private static (int Allocated, int Failed, int Freed) Churn(PageMap map, int[] live, int[] counts, SplitMix64 random)
    {
        int count = 0, allocated = 0, failed = 0, freed = 0;
        for (int call = 0; call < Calls; call++)
        {
            int draw = random.Below(100), page = random.Below(map.Pages);
            if (draw < 50)
            {
                page = draw < 25
                    ? map.Alloc(random.Below(map.MaxOrder + 1), draw % 2 == 0)
                    : map.AllocRun(1 + random.Below(100), 1 << random.Below(draw % 4 == 0 ? 5 : 1));
                if (page < 0)
                {
                    failed++;
                    continue;
                }
                allocated++;
                live[count++] = page;
            }
            if (draw is >= 50 and < 55 && count != 0)
            {
                page = live[random.Below(count)];
                map.Trim(page, 1 + random.Below(map.BlockLength(page)));
            }
            else if (draw is >= 55 and < 60)
            {
                Report(map, page, counts);
            }
            if (count == live.Length || (draw >= 60 && count != 0))
            {
                int index = random.Below(count);
                page = live[index];
                live[index] = live[--count];
                freed += map.Free(page);
                // The second time it is refused, and the refusal allocates nothing, either.
                freed += map.Free(page);
            }
        }
        return (allocated, failed, freed);
    }

    private static void Report(PageMap map, int page, int[] counts)
    {
        map.BlockAt(page);
        map.BlockFor(1 + page);
        map.CountFree(counts);
        map.LargestFree();
        if (page % 8 == 0)
        {
            map.Drain();
        }
    }

    private static PageAllocator NewAllocator()
    {
        Zone[] zones =
        [
            new("NORMAL", ZoneKind.Normal, 0x20000000, PageMap.Create(PageMapKind.FreeBlocks, 1000, 4)),
            new("NORMAL2", ZoneKind.Normal, 0x30000000, PageMap.Create(PageMapKind.GroupedFreeBlocks, 512, 4)),
            new("DMA", ZoneKind.Dma, 0x40000000, PageMap.Create(PageMapKind.Runs, 700)),
        ];
        var allocator = new PageAllocator(zones, PageSize, new FilledMemory(), new FlatLock());
        allocator.SetWatermarks(64, 4);
        allocator.RegisterOwner("camera");
        allocator.RegisterShrinker(new IdleShrinker());
        return allocator;
    }

    private static PageAllocator NewHardened(out ManagedMemory memory)
    {
        const int Size = 256;
        const uint Start = 0x20000000;
        Zone[] zones =
        [
            new("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 1000, 4)),
            new("NORMAL2", ZoneKind.Normal, Start + (1000 * Size), PageMap.Create(PageMapKind.GroupedFreeBlocks, 512, 4)),
            new("DMA", ZoneKind.Dma, Start + (1512 * Size), PageMap.Create(PageMapKind.Runs, 700)),
        ];
        memory = new ManagedMemory(Start, 2212 * Size);
        var allocator = new PageAllocator(zones, Size, memory, new FlatLock());
        allocator.RegisterOwner("camera");
        allocator.RegisterShrinker(new IdleShrinker());
        allocator.Harden(new PageHardening(new FindingLog(8), true, true, 16));
        allocator.TrackOwners(new OwnerTable(32));
        return allocator;
    }

    private static void Churn(
        PageAllocator allocator, uint[] live, SplitMix64 random, int calls = Calls, ManagedMemory? memory = null, byte[]? stray = null)
    {
        int count = 0, pageSize = allocator.PageSize;
        for (int call = 0; call < calls; call++)
        {
            int draw = random.Below(100);
            if (draw < 52)
            {
                uint address = Alloc(allocator, draw % 3, (GfpFlags)random.Below(64), random);
                if (address == 0)
                {
                    continue;
                }
                live[count++] = address;
            }
            if (draw == 52)
            {
                allocator.DrainAllPages();
                allocator.SetWatermarks(random.Below(200), random.Below(4));
            }
            else if (draw is > 52 and < 58 && count != 0)
            {
                uint address = live[random.Below(count)];
                allocator.TrimPages(address, 1);
                allocator.OwnerAt(address);
                allocator.FindZone(address + (uint)pageSize);
            }
            if (count == live.Length || (draw >= 58 && count != 0))
            {
                int index = random.Below(count);
                uint address = live[index];
                live[index] = live[--count];
                allocator.FreePages(address);
                if (draw > 95)
                {
                    memory?.Write(address, stray!, 0, 1);
                }
            }
        }
        while (memory != null && count != 0)
        {
            allocator.FreePages(live[--count]);
        }
    }

    private static uint Alloc(PageAllocator allocator, int way, GfpFlags gfp, SplitMix64 random) => way switch
    {
        0 => allocator.AllocPages(gfp, random.Below(PageMap.MaxPageOrder + 1), (PageOwner)1),
        1 => allocator.AllocBlock(1 + random.Below(100 * allocator.PageSize), gfp, (PageOwner)1),
        _ => allocator.AllocPagesExact(1 + random.Below(200 * allocator.PageSize), gfp, (PageOwner)1, allocator.PageSize << random.Below(3)),
    };

    /// <summary>Advances by one each time that it is read.</summary>
    private sealed class CallClock : TraceClock
    {
        private int _now;

        public override int Milliseconds => _now++;
    }

    /// <summary>Has nothing to free.</summary>
    private sealed class IdleShrinker : Shrinker
    {
        public override string Name => "idle";

        public override int Shrink(int pages) => 0;
    }
}
