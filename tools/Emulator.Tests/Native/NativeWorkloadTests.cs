using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Native;

/// <summary>Allocator and slabs in the native region: they do not depend on the kind of memory.</summary>
[TestClass]
[DoNotParallelize] // The process has one native region.
public sealed class NativeWorkloadTests
{
    private const uint Start = 0x10000000;
    private const int Pages = 128, PageSize = 4096, Steps = 4000, Most = 60;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Allocator_and_slabs_leave_the_same_bytes_as_in_managed_banks()
    {
        var run = new PropertyRun(TestContext, 0x5EED);
        ulong seed = run.Seed;
        (ulong managed, long served) = Work(new ManagedMemory(Start, Pages * PageSize), seed, TestSeed.Steps(Steps));
        (ulong native, long servedToo) = Work(RegionLibrary.Reserve(Start, Pages * PageSize, 32), seed, TestSeed.Steps(Steps));
        TestContext.WriteLine($"checksum {native:x16}, {servedToo} allocations");
        Assert.AreEqual((managed, served), (native, servedToo));
        Assert.IsGreaterThan(TestSeed.Steps(1000), served);
        // The checksum would be useless if different work gave the same one.
        Assert.AreNotEqual(managed, Work(new ManagedMemory(Start, Pages * PageSize), seed + 1, Steps).Sum);
    }

    private static (ulong Sum, long Served) Work(PhysicalMemory memory, ulong seed, int steps)
    {
        // Memory is poisoned and zeroed, so that the allocator itself reads and writes much of it.
        var pages = new PageAllocator([new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, Pages, 5))], PageSize, memory, null);
        var slabs = new SlabAllocator(pages, memory, Pages, null, new FindingLog(16));
        var kmalloc = new KmallocCaches(slabs, KmallocSizes.Standard(KmallocCaches.MaxSizeIn(slabs)), SlabDebug.Poison, 0);
        PageOwner owner = pages.RegisterOwner("work");
        var random = new SplitMix64(seed);
        var live = new List<(uint Address, int Size, bool IsPages)>();
        ulong sum = 14695981039346656037;
        long served = 0;
        for (int i = 0; i < steps; i++)
        {
            if (live.Count == Most || (live.Count > 0 && random.Below(2) == 0))
            {
                int index = random.Below(live.Count);
                (uint address, int size, bool isPages) = live[index];
                live.RemoveAt(index);
                Add(ref sum, Bytes(memory, address, size));
                if (isPages)
                {
                    pages.FreePages(address);
                }
                else
                {
                    kmalloc.Kfree(address);
                }
                continue;
            }
            bool wantsPages = random.Below(3) == 0;
            int bytes = wantsPages ? PageSize * (1 + random.Below(4)) : 1 + random.Below(1000);
            uint got = wantsPages
                ? pages.AllocPagesExact(bytes, GfpFlags.Kernel | GfpFlags.Zero, owner)
                : kmalloc.Kmalloc(bytes, GfpFlags.Kernel, owner);
            Add(ref sum, BitConverter.GetBytes(got));
            if (got == 0)
            {
                continue;
            }
            served++;
            live.Add((got, bytes, wantsPages));
            memory.Write(got, Enumerable.Range(0, bytes / 2).Select(b => (byte)(b + i)).ToArray(), 0, bytes / 2);
            if (live.Count > 1)
            {
                memory.Copy(live[0].Address, got, Math.Min(bytes, live[0].Size));
            }
            memory.CleanCache(got, bytes);
            memory.InvalidateCache(got, bytes);
        }
        Add(ref sum, Bytes(memory, Start, Pages * PageSize));
        return (sum, served);
    }

    private static byte[] Bytes(PhysicalMemory memory, uint address, int size)
    {
        byte[] bytes = new byte[size];
        memory.Read(address, bytes, 0, size);
        return bytes;
    }

    /// <summary>FNV-1a.</summary>
    private static void Add(ref ulong sum, byte[] bytes)
    {
        foreach (byte b in bytes)
        {
            sum = (sum ^ b) * 1099511628211;
        }
    }
}
