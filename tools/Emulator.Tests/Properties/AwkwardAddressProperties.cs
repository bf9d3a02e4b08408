namespace Carveout.Emulator.Tests.Properties;

/// <summary>Zones where arithmetic can go wrong: at the end of the address space, at its beginning, in its upper half, with pages of every
/// size.</summary>
[TestClass]
public sealed class AwkwardAddressProperties
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(256)]
    [DataRow(512)]
    [DataRow(1024)]
    [DataRow(2048)]
    [DataRow(4096)]
    [DataRow(8192)]
    [DataRow(16384)]
    [DataRow(32768)]
    [DataRow(65536)]
    public void Every_address_is_an_address(int pageSize)
    {
        var run = new PropertyRun(TestContext, 0xADD2E55);
        run.Guard(() =>
        {
            foreach (PageMapKind map in Enum.GetValues<PageMapKind>())
            {
                Churn(Zones(map, pageSize), pageSize, run);
            }
        });
    }

    /// <summary>A page allocator whose last page is the last of the address space can allocate that page and recognises it.</summary>
    [TestMethod]
    [DataRow(256)]
    [DataRow(4096)]
    [DataRow(65536)]
    public void The_last_page_of_the_address_space_is_a_page(int pageSize)
    {
        var zone = new Zone("TOP", ZoneKind.Normal, 0xFFFF0000, PageMap.Create(PageMapKind.Runs, 0x10000 / pageSize));
        var allocator = new PageAllocator([zone], pageSize, null, null);
        PageOwner owner = allocator.RegisterOwner("last");
        uint address = allocator.AllocPagesExact(0x10000, GfpFlags.Kernel, owner);
        Assert.AreEqual(0xFFFF0000, address);
        Assert.AreEqual(owner, allocator.OwnerAt(uint.MaxValue));
        Assert.AreSame(zone, allocator.FindZone(uint.MaxValue));
        Assert.IsNull(allocator.FindZone(0));
        Assert.IsNull(allocator.FindZone(0xFFFEFFFF));
        allocator.FreePagesExact(address, 0x10000);
        Assert.AreEqual(zone.Pages, zone.FreePages);
    }

    /// <summary>As much memory as CMA has, up to the last byte: a block that ends at 4 GB ends at 0.</summary>
    [TestMethod]
    [DataRow(PageMapKind.FreeBlocks)]
    [DataRow(PageMapKind.GroupedFreeBlocks)]
    [DataRow(PageMapKind.Runs)]
    public void Half_a_gigabyte_ends_at_the_end_of_the_address_space(PageMapKind kind)
    {
        const uint Start = 0xE0000000, Block = 4 << 20, Last = 0xFFC00000;
        const int Pages = 131_072;
        var zone = new Zone("TOP", ZoneKind.Dma, Start, kind == PageMapKind.Runs ? new LargeRunMap(Pages) : PageMap.Create(kind, Pages));
        var allocator = new PageAllocator([zone], 4096, null, null);
        PageOwner owner = allocator.RegisterOwner("test");
        var taken = new HashSet<uint>();
        for (uint address = allocator.AllocPagesExact((int)Block, GfpFlags.Atomic, owner); address != 0;
            address = allocator.AllocPagesExact((int)Block, GfpFlags.Atomic, owner))
        {
            Assert.IsTrue(address >= Start && taken.Add(address));
        }
        Assert.Contains(Last, taken);
        Assert.IsGreaterThanOrEqualTo(126, taken.Count);
        Assert.AreEqual(owner, allocator.OwnerAt(uint.MaxValue));
        Assert.AreSame(zone, allocator.FindZone(uint.MaxValue));
        allocator.FreePages(Last);
        Assert.AreEqual(Last, allocator.AllocPagesExact((int)Block, GfpFlags.Atomic, owner, (int)Block));
        foreach (uint address in taken)
        {
            allocator.FreePages(address);
        }
        allocator.DrainAllPages();
        Assert.AreEqual(Pages, zone.FreePages);
        Assert.IsNull(allocator.FindZone(0));
    }

    /// <summary>0 means failure, an address in two zones would be freed in the wrong one, and behind 4 GiB addresses begin at 0
    /// again.</summary>
    [TestMethod]
    [DataRow(0u, 1, DisplayName = "at 0")]
    [DataRow(0x20000800u, 1, DisplayName = "not on a page")]
    [DataRow(0xFFFFF000u, 2, DisplayName = "a page beyond 4 GiB")]
    [DataRow(0xFFFF0000u, 32000, DisplayName = "far beyond 4 GiB")]
    [DataRow(0x20000000u, 16, DisplayName = "the same zone twice")]
    [DataRow(0x2000F000u, 1, DisplayName = "the last page of another")]
    [DataRow(0x1FFFF000u, 2, DisplayName = "the first page of another")]
    [DataRow(0x1FFF0000u, 100, DisplayName = "around another")]
    [DataRow(0x20001000u, 2, DisplayName = "inside another")]
    public void A_zone_at_an_impossible_place_is_refused(uint start, int pages)
    {
        Zone good = new("DMA", ZoneKind.Dma, 0x20000000, PageMap.Create(PageMapKind.Runs, 16)), bad = new("NORMAL", ZoneKind.Normal, start, PageMap.Create(PageMapKind.Runs, pages));
        foreach (Zone[] zones in new Zone[][] { [good, bad], [bad, good] })
        {
            Assert.Contains("zone ", Assert.ThrowsExactly<ArgumentException>(() => new PageAllocator(zones, 4096, null, null)).Message);
        }
    }

    [TestMethod]
    [DataRow(0x20010000u, 1, DisplayName = "right behind another")]
    [DataRow(0x1FFFF000u, 1, DisplayName = "right in front of another")]
    [DataRow(0xFFFFF000u, 1, DisplayName = "the last page")]
    [DataRow(0x00001000u, 1, DisplayName = "the first page")]
    public void A_zone_at_a_possible_place_is_not(uint start, int pages)
    {
        Zone[] zones = [new("DMA", ZoneKind.Dma, 0x20000000, PageMap.Create(PageMapKind.Runs, 16)), new("NORMAL", ZoneKind.Normal, start, PageMap.Create(PageMapKind.Runs, pages))];
        var allocator = new PageAllocator(zones, 4096, null, null);
        Assert.AreEqual(start, allocator.AllocPages(GfpFlags.NoFallback, 0, 0));
        Assert.AreSame(zones[1], allocator.FindZone(start));
    }

    private static ZoneSpec[] Zones(PageMapKind map, int pageSize)
    {
        int topPages = 0x10000 / pageSize;
        return
        [
            new("TOP", ZoneKind.Dma, 0xFFFF0000, map, topPages),
            new("SDRAM", ZoneKind.Normal, 0xC0000000, map, 100),
            new("SDRAM2", ZoneKind.Dma, 0xD0000000, PageMapKind.Runs, 77),
            new("ACROSS", ZoneKind.Normal, 0x80000000 - (uint)(8 * pageSize), map, 16),
            // The first possible address of a page, because 0 means failure.
            new("LOW", ZoneKind.Dma, (uint)Math.Max(0x1000, pageSize), PageMapKind.FreeBlocks, 33),
        ];
    }

    private static void Churn(ZoneSpec[] zones, int pageSize, PropertyRun run)
    {
        var allocator = new CheckedAllocator(zones, pageSize, run);
        var churn = new AllocatorChurn(allocator, run);
        churn.Go(TestSeed.Steps(1500), 10);
        churn.FreeAll();
    }
}
