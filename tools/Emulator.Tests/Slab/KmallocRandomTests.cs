using System.Numerics;
using Carveout.Diagnostics;

namespace Carveout.Emulator.Tests.Slab;

/// <summary>Random calls of Kmalloc and Kfree, compared with a model of who has which 32 bytes, with wrong frees mixed in.</summary>
[TestClass]
public sealed class KmallocRandomTests
{
    private const uint Start = 0xC0000000;
    private const int Pages = 512, PageSize = 4096, Steps = 60_000, MostLive = 4000;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(1UL, "standard")]
    [DataRow(2UL, "standard")]
    [DataRow(3UL, "fine")]
    [DataRow(4UL, "fine")]
    [DataRow(5UL, "own")]
    [DataRow(6UL, "default")]
    [DataRow(7UL, "default")]
    public void No_overlap_no_loss_and_every_page_back(ulong standard, string sizes)
    {
        ulong seed = TestSeed.Or(standard);
        TestContext.WriteLine($"seed {seed} (set CARVEOUT_SEED to run another)");
        (PageAllocator pages, SlabAllocator slabs, KmallocCaches kmalloc) = Boot(sizes);
        string fresh = ProcText.BuddyInfo(pages);
        var chance = new SplitMix64(seed);
        var live = new List<(uint Address, int Size)>();
        int[] holders = new int[Pages * PageSize / KmallocCaches.MinSize];
        int failed = 0, runs = 0, steps = TestSeed.Steps(Steps), largest = kmalloc.SizeAt(kmalloc.SizeCount - 1);
        PageOwner camera = pages.RegisterOwner("camera");
        uint foreign = pages.AllocPagesExact(2 * PageSize, GfpFlags.Kernel, camera);
        for (int step = 1; step <= steps; step++)
        {
            string at = $"seed {seed}, step {step}";
            int what = chance.Below(100);
            if (what < 3 && live.Count > 0)
            {
                (uint address, int size) = live[chance.Below(live.Count)];
                WrongFree(kmalloc, slabs, address + 1 + (uint)chance.Below(KmallocCaches.MinSize - 1), at);
                if (size > largest)
                {
                    WrongFree(kmalloc, slabs, address + PageSize, at);
                }
                WrongFree(kmalloc, slabs, foreign, at);
            }
            else if (what < 52 && live.Count < MostLive)
            {
                // Log-uniform, so that each doubling has its share of requests.
                int size = 1 + chance.Below(32 << chance.Below(13));
                uint address = kmalloc.Kmalloc(size, GfpFlags.Kernel);
                if (address == 0)
                {
                    failed++;
                    continue;
                }
                int usable = kmalloc.Ksize(address);
                Assert.AreEqual(size > largest
                    ? (size + PageSize - 1) / PageSize * PageSize
                    : Enumerable.Range(0, kmalloc.SizeCount).Select(kmalloc.SizeAt).First(cache => cache >= size), usable, at);
                int alignment = Math.Min(size > largest ? PageSize : BitOperations.IsPow2(size) ? size : KmallocCaches.MinSize, PageSize);
                runs += usable > largest ? 1 : 0;
                Assert.AreEqual(0u, address % (uint)alignment, at + ": misaligned");
                Span<int> mine = Units(holders, address, usable);
                Assert.AreEqual(-1, mine.IndexOfAnyExcept(0), at + ": handed out twice");
                mine.Fill(step);
                live.Add((address, usable));
            }
            else if (live.Count > 0)
            {
                int index = chance.Below(live.Count);
                (uint address, int size) = live[index];
                Units(holders, address, size).Clear();
                kmalloc.Kfree(address);
                if (chance.Below(50) == 0)
                {
                    WrongFree(kmalloc, slabs, address, at);
                }
                live[index] = live[^1];
                live.RemoveAt(live.Count - 1);
            }
            if (step % 5000 == 0)
            {
                Assert.AreEqual(live.Count(block => block.Size <= largest), Enumerable.Range(0, slabs.CacheCount).Sum(i => slabs.CacheAt(i).LiveCount), at);
            }
        }
        TestContext.WriteLine($"{failed} requests found no memory, {runs} got runs, {live.Count} live at the end");
        Assert.AreEqual(largest == KmallocCaches.MaxSize, runs == 0);
        foreach ((uint address, int _) in live)
        {
            kmalloc.Kfree(address);
        }
        pages.FreePages(foreign);
        slabs.Shrink(int.MaxValue);
        pages.DrainAllPages();
        Assert.AreEqual(fresh, ProcText.BuddyInfo(pages), $"seed {seed}");
    }

    [TestMethod]
    [DataRow("standard")]
    [DataRow("fine")]
    [DataRow("default")]
    public void Nothing_is_allocated_from_the_managed_heap(string sizes)
    {
        (PageAllocator _, SlabAllocator slabs, KmallocCaches kmalloc) = Boot(sizes);
        var chance = new SplitMix64(9);
        uint[] live = new uint[1000];
        long taken = ManagedHeap.LeastTaken(() =>
        {
            Mix(100_000);
            slabs.Shrink(int.MaxValue);
        });
        Assert.AreEqual(0L, taken);

        void Mix(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                int slot = chance.Below(live.Length);
                if (live[slot] != 0)
                {
                    kmalloc.Kfree(live[slot]);
                    live[slot] = 0;
                }
                else
                {
                    live[slot] = kmalloc.Kmalloc(1 + chance.Below(32 << chance.Below(13)), GfpFlags.Kernel);
                }
            }
        }
    }

    private static void WrongFree(KmallocCaches kmalloc, SlabAllocator slabs, uint wrong, string at)
    {
        string before = SlabText.SlabInfo(slabs) + ProcText.BuddyInfo(slabs.Pages);
        InvalidOperationException e = Assert.ThrowsExactly<InvalidOperationException>(() => kmalloc.Kfree(wrong), at);
        Assert.Contains(HexText.Of(wrong), e.Message);
        Assert.AreEqual(before, SlabText.SlabInfo(slabs) + ProcText.BuddyInfo(slabs.Pages), at);
    }

    private static Span<int> Units(int[] holders, uint address, int size) =>
        holders.AsSpan((int)((address - Start) / KmallocCaches.MinSize), size / KmallocCaches.MinSize);

    private static (PageAllocator Pages, SlabAllocator Slabs, KmallocCaches Kmalloc) Boot(string sizes)
    {
        PageMap map = sizes == "default" ? new RunMap(Pages) : PageMap.Create(PageMapKind.FreeBlocks, Pages, 4);
        var pages = new PageAllocator([new Zone("NORMAL", ZoneKind.Normal, Start, map)], PageSize, null, null);
        var slabs = new SlabAllocator(pages, null, Pages, null, null);
        return (pages, slabs, sizes switch
        {
            "fine" => new KmallocCaches(slabs, KmallocSizes.Fine(KmallocCaches.MaxSize)),
            "own" => new KmallocCaches(slabs, [32, 64, 96, 128, 256, 512, 544, 1024, 1504, 2048, 3072, 4096, 8192, 12288]),
            "standard" => new KmallocCaches(slabs, KmallocSizes.Standard(KmallocCaches.MaxSize)),
            _ => new KmallocCaches(slabs),
        });
    }
}
