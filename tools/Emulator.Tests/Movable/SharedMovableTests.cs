using Carveout.Emulator.Tests.Slab;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>Several threads use movable blocks in one zone, which is compacted all the time.</summary>
[TestClass]
public sealed class SharedMovableTests
{
    private const uint Start = 0xC0000000;
    private const int PageSize = 256, Pages = 96, Threads = 4, Steps = 20_000;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>What a thread wrote to its pinned block, it reads there whenever it pins the block again.</summary>
    [TestMethod]
    public void Threads_find_their_blocks_whole_wherever_they_are()
    {
        ulong seed = TestSeed.Or(1);
        var zone = new Zone("DMA", ZoneKind.Dma, Start, PageMap.Create(PageMapKind.Runs, Pages));
        var allocatorLock = new StrictMonitorLock();
        var memory = new CopyCounter(new ManagedMemory(Start, Pages * PageSize), () => allocatorLock.IsMine);
        var movable = new MovablePages(new PageAllocator([zone], PageSize, memory, allocatorLock), Pages, MovablePages.NoLimit);
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(1, Threads).Select(i => new Thread(() =>
        {
            try
            {
                Use(movable, memory, new SplitMix64((seed * 10) + (ulong)i), i);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }
        foreach (Thread thread in threads)
        {
            Assert.IsTrue(thread.Join(TimeSpan.FromSeconds(60)), $"seed {seed}: does not come back");
        }
        Assert.IsNull(failure, $"seed {seed}: {failure}");
        TestContext.WriteLine($"{movable.PagesMigrated} pages moved, {memory.UnderLock} of them in place");
        Assert.AreEqual(Pages, zone.LargestFreePages);
        Assert.AreEqual(0, movable.LiveCount);
        Assert.IsGreaterThan(200, memory.UnderLock);
    }

    private static void Use(MovablePages movable, PhysicalMemory memory, SplitMix64 random, int owner)
    {
        var live = new List<(int Handle, byte Value)>();
        byte[] buffer = new byte[Pages * PageSize];
        for (int step = 0; step < Steps; step++)
        {
            int size = (1 + random.Below(8)) * PageSize, handle = live.Count < 40 ? movable.AllocPagesExact(size, GfpFlags.Dma, 0) : 0;
            if (handle != 0)
            {
                byte value = (byte)((owner * 50) + random.Below(50));
                memory.Fill(movable.Pin(handle), size, value);
                movable.Unpin(handle);
                live.Add((handle, value));
                continue;
            }
            if (live.Count == 0)
            {
                movable.Compact(8);
                continue;
            }
            int index = random.Below(live.Count);
            (int old, byte expected) = live[index];
            if (random.Below(4) != 0)
            {
                int length = movable.SizeOf(old);
                memory.Read(movable.Pin(old), buffer, 0, length);
                movable.Unpin(old);
                Assert.IsFalse(buffer.AsSpan(0, length).ContainsAnyExcept(expected), $"a block of thread {owner} is not whole");
            }
            if (random.Below(2) == 0)
            {
                movable.Free(old);
                live[index] = live[^1];
                live.RemoveAt(live.Count - 1);
            }
        }
        live.ForEach(block => movable.Free(block.Handle));
    }
}
