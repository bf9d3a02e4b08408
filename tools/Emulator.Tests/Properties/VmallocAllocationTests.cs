namespace Carveout.Emulator.Tests.Properties;

/// <summary>Virtual memory allocates nothing from the managed heap once it is made.</summary>
[TestClass]
public class VmallocAllocationTests
{
    private const int PageSize = 256, ZonePages = 256;
    private const uint ZoneStart = 0x10000000, Start = 0xE0000000;

    [TestMethod]
    public void A_hundred_thousand_operations_allocate_no_byte()
    {
        Zone[] zones = [new Zone("NORMAL", ZoneKind.Normal, ZoneStart, PageMap.Create(PageMapKind.FreeBlocks, ZonePages))];
        var memory = new ManagedMemory(ZoneStart, ZonePages * PageSize);
        var allocator = new PageAllocator(zones, PageSize, null, null);
        var space = new Vmalloc(allocator, memory, Start, 400, 16, 16);
        var list = new ScatterList(64);
        var chain = new DescriptorChain(256, 128, 1);
        var random = new SplitMix64(1);
        var buffer = new byte[64 * PageSize];
        var counts = new int[8];

        Assert.AreEqual(0L, ManagedHeap.LeastTaken(() => Churn(space, list, chain, random, buffer, counts, 100_000)));
        foreach (int count in counts)
        {
            Assert.IsGreaterThan(1_000, count, string.Join(' ', counts));
        }
    }

    /// <param name="space">The virtual memory.</param>
    /// <param name="list">A scatter list.</param>
    /// <param name="chain">A descriptor chain.</param>
    /// <param name="random">Chooses the operations.</param>
    /// <param name="buffer">The bytes that are read and written.</param>
    /// <param name="counts">How often each operation found an area; for allocation, successes come first and failures last.</param>
    /// <param name="operations">How many operations.</param>
    private static void Churn(
        Vmalloc space, ScatterList list, DescriptorChain chain, SplitMix64 random, byte[] buffer, int[] counts, int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            int operation = random.Below(7);
            if (operation == 0)
            {
                GfpFlags gfp = random.Below(2) == 0 ? GfpFlags.Kernel : GfpFlags.Zero;
                counts[space.Alloc(1 + random.Below(buffer.Length), gfp, 0) != 0 ? 0 : 7]++;
            }
            else if (space.AreaCount != 0)
            {
                int area = random.Below(space.AreaCount), size = space.AreaSizeAt(area);
                uint address = space.AreaStartAt(area);
                counts[operation]++;
                switch (operation)
                {
                    case 1:
                        space.Free(address);
                        break;
                    case 2:
                        space.Read(address, buffer, 0, size);
                        break;
                    case 3:
                        space.Write(address, buffer, 0, size);
                        break;
                    case 4:
                        space.Fill(address, size, 1);
                        break;
                    case 5:
                        space.Translate(address + (uint)random.Below(size));
                        break;
                    default:
                        if (list.Build(space, address, size))
                        {
                            chain.Build(list);
                        }
                        break;
                }
            }
        }
    }
}
