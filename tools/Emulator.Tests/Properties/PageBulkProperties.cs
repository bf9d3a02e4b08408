namespace Carveout.Emulator.Tests.Properties;

/// <summary>The bulk calls against as many single ones, on a twin: the same addresses, the same free blocks, the same counts, after every
/// step.</summary>
/// <remarks>The seed is printed; the environment variable CARVEOUT_SEED repeats a run.</remarks>
[TestClass]
public sealed class PageBulkProperties
{
    private const int PageSize = 4096, Most = 150, HardenedPages = 180;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("blocks without hot slots", 0)]
    [DataRow("blocks", 4)]
    [DataRow("blocks of three levels", 4)]
    [DataRow("grouped", 4)]
    [DataRow("runs", 0)]
    [DataRow("runs, told of frames", 0)]
    [DataRow("two kinds of zones", 2)]
    [DataRow("tracked", 4)]
    [DataRow("hardened", 4)]
    [DataRow("with movable memory", 4)]
    [DataRow("with a lock", 4)]
    public void A_bulk_call_does_what_single_calls_do(string what, int hotOrders)
    {
        var run = new PropertyRun(TestContext, 0xB01C);
        run.Guard(() =>
        {
            Twin bulk = new(what, hotOrders), single = new(what, hotOrders);
            var live = new List<uint>();
            for (int step = 0; step < TestSeed.Steps(4_000); step++)
            {
                int draw = run.Random.Below(10);
                if (draw < 4)
                {
                    Alloc(run, bulk.Pages, single.Pages, live);
                }
                else if (draw < 7)
                {
                    Free(run, bulk.Pages, single.Pages, live);
                }
                else if (draw < 9)
                {
                    Misuse(run, bulk, live);
                }
                else
                {
                    Disturb(run, bulk, single);
                }
                Assert.AreEqual(single.State(), bulk.State(), what);
            }
        });
    }

    /// <summary>All orders in which four pages of eight can be freed, after every set of pages that others have: for each map.</summary>
    [TestMethod]
    [DataRow(PageMapKind.FreeBlocks)]
    [DataRow(PageMapKind.GroupedFreeBlocks)]
    [DataRow(PageMapKind.Runs)]
    public void Every_order_of_four_pages_among_eight_is_freed_as_single_calls_free_it(PageMapKind kind)
    {
        for (int taken = 0; taken < 256; taken++)
        {
            foreach (int[] order in Orders())
            {
                Twin bulk = new(kind), single = new(kind);
                uint[] places = new uint[8];
                foreach (Twin twin in new[] { bulk, single })
                {
                    Assert.AreEqual(8, twin.Pages.AllocPagesBulk(GfpFlags.Kernel, places, 0, 8, (PageOwner)1));
                    Array.Sort(places);
                    for (int page = 0; page < 8; page++)
                    {
                        if ((taken >> page & 1) == 0 && !order.Contains(page))
                        {
                            twin.Pages.FreePages(places[page]);
                        }
                    }
                }
                uint[] list = [.. order.Select(page => places[page])];
                foreach (uint address in list)
                {
                    single.Pages.FreePages(address, 0);
                }
                bulk.Pages.FreePagesBulk(list, 0, 4, (PageOwner)1);
                Assert.AreEqual(single.State(), bulk.State(), $"{taken:x2}: {string.Join(' ', order)}");
            }
        }
    }

    /// <summary>What a map does with single pages in a row, against one call for each: also where they are parked, free, or of larger blocks.</summary>
    [TestMethod]
    [DataRow(PageMapKind.FreeBlocks, 0, 70)]
    [DataRow(PageMapKind.FreeBlocks, 4, 70)]
    [DataRow(PageMapKind.FreeBlocks, 4, 1000)]
    [DataRow(PageMapKind.GroupedFreeBlocks, 4, 70)]
    [DataRow(PageMapKind.Runs, 0, 70)]
    public void A_map_takes_counts_and_frees_single_pages_in_a_row_as_one_by_one(PageMapKind kind, int hotOrders, int pages)
    {
        var run = new PropertyRun(TestContext, 0x51C6);
        run.Guard(() =>
        {
            PageMap row = PageMap.Create(kind, pages, hotOrders), single = PageMap.Create(kind, pages, hotOrders);
            for (int step = 0; step < TestSeed.Steps(pages == 70 ? 20_000 : 6_000); step++)
            {
                int page = run.Random.Below(pages), count = 1 + run.Random.Below(Math.Min(12, pages - page)), expected = 0;
                switch (run.Random.Below(6))
                {
                    case 0:
                        int taken = row.AllocSingles(count, false, out int first);
                        run.Begin($"{count} singles: {taken} from {first}");
                        for (; expected < taken; expected++)
                        {
                            run.ExpectEqual(single.Alloc(0, false), first + expected, "page");
                        }
                        run.Expect(taken > 0 || single.Alloc(0, false) < 0, "none, though a page is free");
                        break;
                    case 1:
                        run.Begin($"count {count} from {page}");
                        for (; expected < count && single.BlockLength(page + expected) == 1; expected++)
                        {
                        }
                        run.ExpectEqual(expected, row.CountSingles(page, count), "singles");
                        break;
                    case 2:
                        run.Begin($"free {count} from {page}");
                        for (int i = 0; i < count; i++)
                        {
                            expected += single.Free(page + i);
                        }
                        run.ExpectEqual(expected, row.FreeSingles(page, count), "freed");
                        break;
                    case 3:
                        run.Begin($"free block {page}");
                        run.ExpectEqual(single.Free(page), row.Free(page), "pages");
                        break;
                    default:
                        int order = run.Random.Below(4) & run.Random.Below(4);
                        run.Begin($"order {order}");
                        run.ExpectEqual(single.Alloc(order, false), row.Alloc(order, false), "block");
                        break;
                }
                for (int i = 0; i < pages; i++)
                {
                    run.ExpectEqual(single.ExtentAt(i), row.ExtentAt(i), "what begins at", i);
                }
            }
        });
    }

    private static IEnumerable<int[]> Orders() =>
        from a in Enumerable.Range(0, 8) from b in Enumerable.Range(0, 8) from c in Enumerable.Range(0, 8) from d in Enumerable.Range(0, 8)
        where a != b && a != c && a != d && b != c && b != d && c != d && (a + 3 * b + 5 * c + 7 * d) % 7 == 0
        select new[] { a, b, c, d };

    private static void Alloc(PropertyRun run, PageAllocator bulk, PageAllocator single, List<uint> live)
    {
        GfpFlags gfp = run.Choose([GfpFlags.Kernel, GfpFlags.Dma, GfpFlags.Zero, GfpFlags.Movable, GfpFlags.NoFallback, GfpFlags.Atomic]);
        int count = run.Random.Below(run.Chance(50) ? 8 : Most), index = run.Random.Below(4), expected = 0;
        var owner = (PageOwner)run.Random.Below(3);
        uint[] addresses = new uint[index + count + 1];
        int taken = bulk.AllocPagesBulk(gfp, addresses, index, count, owner);
        for (uint address; expected < count && (address = single.AllocPages(gfp, 0, owner)) != 0; expected++)
        {
            Assert.AreEqual(address, addresses[index + expected]);
        }
        Assert.AreEqual(expected, taken);
        Assert.IsTrue(addresses.AsSpan(index + taken).IndexOfAnyExcept(0u) < 0 && addresses.AsSpan(0, index).IndexOfAnyExcept(0u) < 0);
        live.AddRange(addresses.AsSpan(index, taken));
    }

    private static void Free(PropertyRun run, PageAllocator bulk, PageAllocator single, List<uint> live)
    {
        if (live.Count == 0)
        {
            return;
        }
        PageOwner owner = bulk.OwnerAt(run.Choose(live));
        uint[] all = [.. live.Where(address => bulk.OwnerAt(address) == owner)];
        if (run.Chance(50))
        {
            all = [.. all.OrderBy(_ => run.Random.Next())];
        }
        int count = Math.Min(all.Length, 1 + run.Random.Below(Most)), index = run.Random.Below(all.Length - count + 1);
        uint[] chosen = all[index..(index + count)];
        foreach (uint address in chosen)
        {
            single.FreePages(address, 0);
        }
        bulk.FreePagesBulk(all, index, count, owner);
        Assert.IsLessThan(0, all.AsSpan(index, count).IndexOfAnyExcept(0u));
        live.RemoveAll(chosen.Contains);
    }

    /// <summary>Lists with one page too many: each is refused, and nothing has changed.</summary>
    private static void Misuse(PropertyRun run, Twin bulk, List<uint> live)
    {
        if (live.Count == 0)
        {
            return;
        }
        PageAllocator pages = bulk.Pages;
        PageOwner owner = pages.OwnerAt(run.Choose(live));
        var list = live.Where(address => pages.OwnerAt(address) == owner).Take(Most).ToList();
        (uint wrong, string message) = run.Random.Below(5) switch
        {
            0 => (run.Choose(list), "double free"),
            1 => (run.Choose(list) + 16, "interior free"),
            2 => (bulk.FreePage(), "free"),
            3 => (live.Find(address => pages.OwnerAt(address) != owner), "wrong owner"),
            _ => (0x1000u, "wild free"),
        };
        if (wrong == 0)
        {
            return;
        }
        list.Insert(run.Random.Below(list.Count + 1), wrong);
        uint[] addresses = [.. list];
        string before = bulk.State();
        var e = Assert.ThrowsExactly<InvalidOperationException>(() => pages.FreePagesBulk(addresses, 0, addresses.Length, owner));
        Assert.Contains(message, e.Message);
        Assert.AreEqual(before, bulk.State());
        Assert.AreSequenceEqual(list, addresses);
    }

    /// <summary>Blocks of other users, so that free pages lie in all sorts of places.</summary>
    private static void Disturb(PropertyRun run, Twin bulk, Twin single)
    {
        bool isFree = run.Chance(50) && bulk.Others.Count != 0;
        int order = run.Random.Below(4), index = isFree ? run.Random.Below(bulk.Others.Count) : 0;
        foreach (Twin twin in new[] { bulk, single })
        {
            if (isFree)
            {
                twin.Pages.FreePages(twin.Others[index]);
                twin.Others.RemoveAt(index);
            }
            else
            {
                uint address = twin.Pages.AllocPages(GfpFlags.NoWarn, order, (PageOwner)3);
                if (address != 0)
                {
                    twin.Others.Add(address);
                }
            }
        }
    }

    /// <summary>One of two allocators that are the same.</summary>
    private sealed class Twin
    {
        public readonly PageAllocator Pages;
        public readonly List<uint> Others = [];
        private readonly PageMap[] _maps;

        public Twin(PageMapKind kind)
            : this([PageMap.Create(kind, 8, 0)], null, null)
        {
        }

        public Twin(string what, int hotOrders)
            : this(Maps(what, hotOrders), what == "hardened" ? new ManagedMemory(0x10000000, HardenedPages * PageSize) : new FilledMemory(), what == "with a lock" ? new FlatLock() : null)
        {
            switch (what)
            {
                case "tracked":
                    Pages.TrackOwners(new OwnerTable(1024));
                    break;
                case "hardened":
                    Pages.Harden(new PageHardening(new FindingLog(8), true, true, 16));
                    break;
                case "with movable memory":
                    _ = new MovablePages(Pages, 8, 4);
                    break;
                case "runs, told of frames":
                    Pages.ExpectFrames(8 * PageSize);
                    break;
            }
        }

        /// <param name="maps">The map of a NORMAL zone, and of a DMA zone if there is one.</param>
        private Twin(PageMap[] maps, PhysicalMemory? memory, AllocatorLock? pagesLock)
        {
            _maps = maps;
            Zone[] zones =
            [
                .. maps.Select((map, i) => new Zone($"zone {i}", i == 0 ? ZoneKind.Normal : ZoneKind.Dma, 0x10000000u + (uint)i * 0x80000, map)),
            ];
            Pages = new PageAllocator(zones, PageSize, memory, pagesLock);
            Pages.RegisterOwner("one");
            Pages.RegisterOwner("two");
            Pages.RegisterOwner("others");
        }

        /// <summary>A page that is free and that no block ever had, or one that is free.</summary>
        public uint FreePage()
        {
            for (int i = 0; i < Pages.ZoneCount; i++)
            {
                Zone zone = Pages.ZoneAt(i);
                for (int page = 0; page < zone.Pages; page++)
                {
                    uint address = zone.Start + (uint)(page * PageSize);
                    if (_maps[i].BlockAt(page) < 0)
                    {
                        return address;
                    }
                }
            }
            return 0;
        }

        public string State()
        {
            int[] counts = new int[11];
            var owners = Enumerable.Range(0, Pages.OwnerCount).Select(owner => Pages.OwnerPages((PageOwner)owner));
            var zones = Enumerable.Range(0, Pages.ZoneCount).Select(i =>
            {
                Zone zone = Pages.ZoneAt(i);
                zone.CountFree(counts);
                return $"{zone.FreePages} {zone.PagesAllocated} {zone.PagesFreed} {zone.LargestFreePages} "
                    + string.Concat(Enumerable.Range(0, zone.Pages).Select(page => _maps[i].BlockLength(page) == 0 ? '.' : (char)('0' + (int)Pages.OwnerAt(zone.Start + (uint)(page * PageSize)))));
            });
            return $"{string.Join(' ', owners)} | {string.Join(" | ", zones)} | {string.Join(' ', counts)} | {Pages.FailureCount}";
        }

        private static PageMap[] Maps(string what, int hotOrders)
        {
            PageMapKind kind = what.StartsWith("runs", StringComparison.Ordinal) ? PageMapKind.Runs
                : what == "grouped" ? PageMapKind.GroupedFreeBlocks : PageMapKind.FreeBlocks;
            int pages = what switch { "blocks of three levels" => 2500, "two kinds of zones" => 100, "hardened" => HardenedPages, _ => 300 };
            PageMap map = PageMap.Create(kind, pages, hotOrders);
            return what == "two kinds of zones" ? [map, PageMap.Create(PageMapKind.Runs, 200)] : [map];
        }
    }
}
