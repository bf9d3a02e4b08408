using Carveout.Emulator.Reference;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>The kernel's allocator with the same model; and beside Carveout's, as a second opinion.</summary>
[TestClass]
public sealed class KernelBuddyProperties
{
    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Cases => from pages in ZoneSizes.OfBuddies select new object[] { pages };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fails_only_where_no_aligned_place_is_free(int pages)
    {
        var run = new PropertyRun(TestContext, 0x2604);
        run.Guard(() =>
        {
            var map = new CheckedBuddyMap(new KernelBuddy(pages), true, run);
            new MapChurn(map, run).Go(TestSeed.Steps(ZoneSizes.Share(10_000, pages)), ZoneSizes.Interval(pages));
            map.FreeAllAndExpectNew();
        });
    }

    /// <summary>The two choose different places, so one may fail where the other does not. But whatever both allocate, both have and both
    /// free, to the page.</summary>
    [TestMethod]
    [DataRow(64)]
    [DataRow(1000)]
    [DataRow(2049)]
    public void And_ours_hold_the_same_pages_for_the_same_requests(int pages)
    {
        var run = new PropertyRun(TestContext, 0x2B0D1E5);
        run.Guard(() =>
        {
            CheckedMap[] maps =
            [
                new CheckedBuddyMap(new KernelBuddy(pages), true, run),
                new CheckedFreeBlockMap(pages, 0, run),
                new CheckedFreeBlockMap(pages, PageMap.DefaultHotOrders, run),
                new CheckedBuddyMap(PageMap.Create(PageMapKind.GroupedFreeBlocks, pages), false, run),
            ];
            var live = new List<int[]>();
            for (int step = TestSeed.Steps(5000); step > 0; step--)
            {
                Step(maps, live, run);
                foreach (CheckedMap map in maps)
                {
                    run.ExpectEqual(maps[0].Model.FreePages, map.Model.FreePages, "free pages, against the kernel's");
                }
            }
            foreach (CheckedMap map in maps)
            {
                map.FreeAllAndExpectNew();
            }
        });
    }

    private static void Step(CheckedMap[] maps, List<int[]> live, PropertyRun run)
    {
        if (live.Count != 0 && run.Chance(49))
        {
            int index = run.Random.Below(live.Count);
            int[] block = live[index];
            live.RemoveAt(index);
            for (int i = 0; i < maps.Length; i++)
            {
                maps[i].Free(block[i]);
            }
            return;
        }
        int size = 1 + run.Random.Below(run.Chance(80) ? 9 : maps[0].Map.Pages);
        bool exact = run.Chance(50);
        int order = Math.Min(PageMap.OrderOf(size), maps[0].Map.MaxOrder);
        int[] pages = Array.ConvertAll(maps, map => exact ? map.AllocRun(size, 1) : map.Alloc(order, false));
        if (Array.TrueForAll(pages, page => page >= 0))
        {
            live.Add(pages);
            return;
        }
        for (int i = 0; i < maps.Length; i++)
        {
            if (pages[i] >= 0)
            {
                maps[i].Free(pages[i]);
            }
        }
    }
}
