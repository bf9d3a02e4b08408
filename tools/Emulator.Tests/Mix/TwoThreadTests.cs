using Carveout.Board.Boards;

namespace Carveout.Emulator.Tests.Mix;

/// <summary>Two threads share one memory, with objects of <see cref="CarveoutMemory"/>'s short constructors. Nothing is allocated twice,
/// and everything comes back.</summary>
/// <remarks><c>CARVEOUT_ITERATIONS</c> makes them longer: 600 is about a minute for a cache.</remarks>
[TestClass]
[DoNotParallelize]
public sealed class TwoThreadTests
{
    private const int Operations = 1_000_000, Held = 64, Threads = 2;

    /// <summary>How a test's addresses are told apart: from a start on, in units of so many bytes.</summary>
    private const uint Start = 0x10000000, Virtual = 0xE0000000;
    private const int Unit = 8, Size = 0x400000;

    private readonly CarveoutMemory _memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name));

    public TestContext TestContext { get; set; } = null!;

    private delegate uint Take(Random random);

    [TestMethod]
    public void A_cache_hands_no_object_out_twice()
    {
        var cache = new KmemCache(new SlabAllocator(_memory.Pages, 512), "mine", 48, 8, GfpFlags.Kernel, null);
        Run(Start, _ => cache.Alloc(GfpFlags.Kernel), cache.Free);
        Assert.AreEqual(0, cache.LiveCount);
    }

    [TestMethod]
    public void Kmalloc_hands_no_object_out_twice()
    {
        var slabs = new SlabAllocator(_memory.Pages, 512);
        var kmalloc = new KmallocCaches(slabs);
        Run(Start, random => kmalloc.Kmalloc(1 + random.Next(3000), GfpFlags.Kernel), kmalloc.Kfree);
        for (int i = 0; i < slabs.CacheCount; i++)
        {
            Assert.AreEqual(0, slabs.CacheAt(i).LiveCount, slabs.CacheAt(i).Name);
        }
    }

    [TestMethod]
    public void A_mempool_of_objects_hands_no_element_out_twice()
    {
        var cache = new KmemCache(new SlabAllocator(_memory.Pages, 2), "element", 2000, 8, GfpFlags.Kernel, null);
        var pool = new Mempool("elements", cache, 2, 4);
        Run(Start, _ => pool.Alloc(GfpFlags.NoWarn), pool.Free);
        Assert.AreEqual(0, pool.LiveCount);
        Assert.IsGreaterThan(0, pool.SavedCount, "the reserve was never needed");
    }

    [TestMethod]
    public void A_mempool_of_pages_hands_no_element_out_twice()
    {
        // Nothing else is left, so the reserve serves.
        var pool = new Mempool("blocks", _memory.Pages, 1, GfpFlags.Kernel, 20, 30);
        while (_memory.Pages.AllocPages(GfpFlags.NoWarn | GfpFlags.Atomic, 0, PageOwner.Unknown) != 0)
        {
        }
        Run(Start, _ => pool.Alloc(GfpFlags.NoWarn), pool.Free);
        Assert.AreEqual(0, pool.LiveCount);
        Assert.IsGreaterThan(0, pool.SavedCount, "the reserve was never needed");
    }

    [TestMethod]
    public void A_DMA_pool_hands_no_object_out_twice()
    {
        var dma = new DmaAllocator(_memory.Pages, _memory.Map, _memory.Memory, null, 8, 64);
        var device = new DmaDevice("lcd", DmaEngines.General) { Alignment = 4, MaxSegment = 4092 };
        dma.Attach(device);
        var pool = new DmaPool("descriptors", dma, device, 24, 8, 0, 16);
        uint bus = _memory.Map.FindRegion(Start)!.BusStart - _memory.Map.FindRegion(Start)!.Start;
        Run(Start, _ => pool.Alloc(GfpFlags.Kernel, out uint handle), address => pool.Free(address, address + bus));
        Assert.AreEqual(0, pool.LiveCount);
    }

    [TestMethod]
    public void Vmalloc_hands_no_address_out_twice()
    {
        var space = new Vmalloc(_memory.Pages, Virtual, 256);
        int free = FreePages();
        Run(Virtual, random =>
        {
            uint area = space.Alloc(1 + random.Next(20_000), GfpFlags.NoWarn, PageOwner.Unknown);
            if (area != 0)
            {
                // Both share the TLB: each reads what it wrote.
                byte[] written = [(byte)random.Next(256), (byte)random.Next(256)], read = new byte[2];
                space.Write(area, written, 0, 1);
                space.Read(area, read, 0, 1);
                Assert.AreEqual(written[0], read[0]);
            }
            return area;
        }, space.Free, 10);
        Assert.AreEqual(0, space.AreaCount);
        Assert.AreEqual(free, FreePages());
    }

    private int FreePages() => Enumerable.Range(0, _memory.Pages.ZoneCount).Sum(i => _memory.Pages.ZoneAt(i).FreePages);

    /// <summary>Allocates and frees at random in every thread, and counts by address who has it.</summary>
    private void Run(uint start, Take take, Action<uint> free, int shorter = 1)
    {
        int[] taken = new int[Size / Unit];
        int twice = 0, steps = TestSeed.Steps(Operations / shorter), seed = (int)TestSeed.Or(0x2B);
        TestContext.WriteLine($"seed {seed}, {steps} steps in each of {Threads} threads");
        Exception?[] thrown = new Exception?[Threads];
        var threads = new Thread[Threads];
        for (int t = 0; t < Threads; t++)
        {
            int number = t;
            threads[t] = new Thread(() =>
            {
                try
                {
                    Work(new Random(seed + number));
                }
                catch (Exception e)
                {
                    thrown[number] = e;
                }
            });
        }
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        foreach (Exception? e in thrown)
        {
            Assert.IsNull(e, e?.ToString());
        }
        Assert.AreEqual(0, twice, "addresses that two had at once");

        void Work(Random random)
        {
            uint[] mine = new uint[Held];
            for (int i = 0; i < steps; i++)
            {
                int j = random.Next(Held);
                if (mine[j] == 0)
                {
                    mine[j] = take(random);
                    if (mine[j] != 0 && Interlocked.Increment(ref taken[Slot(mine[j])]) != 1)
                    {
                        Interlocked.Increment(ref twice);
                    }
                }
                else
                {
                    Give(ref mine[j]);
                }
            }
            for (int j = 0; j < Held; j++)
            {
                if (mine[j] != 0)
                {
                    Give(ref mine[j]);
                }
            }
        }

        void Give(ref uint address)
        {
            Interlocked.Decrement(ref taken[Slot(address)]);
            free(address);
            address = 0;
        }

        int Slot(uint address) => (int)(address - start) / Unit & (taken.Length - 1);
    }
}
