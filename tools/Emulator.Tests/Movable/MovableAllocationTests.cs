using Carveout.Emulator.Tests.Properties;
using Carveout.Emulator.Tests.Slab;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>Moving blocks allocates nothing from the managed heap.</summary>
[TestClass]
public sealed class MovableAllocationTests
{
    private const int Calls = 50_000, Pages = 256, PageSize = 4096;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(PageMapKind.Runs)]
    [DataRow(PageMapKind.FreeBlocks)]
    public void Handles_and_compaction_allocate_nothing(PageMapKind map)
    {
        var run = new PropertyRun(TestContext, 0x2E23);
        int[] live = new int[Pages];
        MovablePages movable = null!;
        long taken = ManagedHeap.LeastTaken(() =>
        {
            movable = Create(map);
            var random = new SplitMix64(run.Seed);
            return () => Churn(movable, live, random);
        });
        Assert.AreEqual(0L, taken);
        TestContext.WriteLine($"{movable.CompactSuccesses} compacted, {movable.CompactFailures} in vain, {movable.PagesMigrated} pages moved");
        Assert.IsGreaterThan(100, Math.Min(movable.CompactSuccesses, movable.CompactFailures));
    }

    private static MovablePages Create(PageMapKind map)
    {
        const uint Start = 0xC0000000;
        var zone = new Zone("DMA", ZoneKind.Dma, Start, PageMap.Create(map, Pages));
        var allocatorLock = new InterruptingLock();
        var allocator = new PageAllocator([zone], PageSize, new MarkedMemory(Start, Pages, PageSize, allocatorLock), allocatorLock);
        return new MovablePages(allocator, Pages, 64);
    }

    private static void Churn(MovablePages movable, int[] live, SplitMix64 random)
    {
        int count = 0;
        for (int call = 0; call < Calls; call++)
        {
            int draw = random.Below(100);
            if (draw < 55 && count < live.Length)
            {
                int handle = draw < 20
                    ? movable.AllocPages(GfpFlags.Dma, random.Below(4), 0)
                    : movable.AllocPagesExact((1 + random.Below(24)) * PageSize, GfpFlags.Dma, 0);
                if (handle != 0)
                {
                    live[count++] = handle;
                }
                continue;
            }
            if (count == 0)
            {
                continue;
            }
            int index = random.Below(count);
            if (draw < 90)
            {
                movable.Pin(live[index]);
                movable.Unpin(live[index]);
                movable.Free(live[index]);
                live[index] = live[--count];
            }
            else
            {
                movable.Compact(16);
            }
        }
    }
}
