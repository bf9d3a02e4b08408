namespace Carveout.Emulator.Tests.Properties;

/// <summary>A page map with a simple model beside it: every call is made to both, and every answer is checked.</summary>
/// <remarks>After each step the cheap invariants are checked, and from time to time all of them: <see cref="Validate"/>.</remarks>
internal abstract class CheckedMap
{
    /// <summary>In zones up to this size a validation tries BlockAt and wrong frees on every page, in larger zones on some.</summary>
    private const int SmallZone = 300, Samples = 48;

    protected CheckedMap(PageMap map, PropertyRun run)
    {
        Map = map;
        Run = run;
        Model = new PageModel(map.Pages);
    }

    public PageMap Map { get; }

    public PageModel Model { get; }

    protected PropertyRun Run { get; }

    public virtual int Alloc(int order, bool movable)
    {
        Run.Begin(MapOperation.Alloc(order, movable));
        return Account(Map.Alloc(order, movable), 1 << order, 1 << order);
    }

    public virtual int AllocRun(int pages, int alignment)
    {
        Run.Begin(MapOperation.AllocRun(pages, alignment));
        return Account(Map.AllocRun(pages, alignment), pages, alignment);
    }

    public virtual int AllocRunGrouped(int pages, int alignment, bool movable)
    {
        Run.Begin(MapOperation.AllocRunGrouped(pages, alignment, movable));
        return Account(Map.AllocRunGrouped(pages, alignment, movable), pages, alignment);
    }

    /// <summary>Frees a taken block.</summary>
    public virtual void Free(int page)
    {
        Run.Begin(MapOperation.Free(page));
        int expected = Model.Release(page);
        Run.ExpectEqual(expected, Map.Free(page), "pages freed");
        Run.ExpectEqual(0, Map.BlockLength(page), "the length of a freed block");
        Run.ExpectEqual(-1, Map.BlockAt(page), "the block at a freed page");
        CheckCounts();
    }

    /// <summary>Tries to free a page where no taken block begins.</summary>
    public void FreeWrongly(int page)
    {
        Run.Begin(MapOperation.Free(page));
        int[] before = Counts();
        Run.ExpectEqual(0, Map.Free(page), "pages freed where no taken block begins");
        Run.ExpectEqual(before, Counts(), "free blocks behind a refused free");
        CheckCounts();
    }

    public virtual void Trim(int page, int pages)
    {
        Run.Begin(MapOperation.Trim(page, pages));
        Map.Trim(page, pages);
        Model.Trim(page, pages);
        Run.ExpectEqual(pages, Map.BlockLength(page), "the length of a trimmed block");
        CheckCounts();
    }

    public virtual bool Drain()
    {
        Run.Begin(MapOperation.Drain);
        bool any = Map.Drain();
        CheckCounts();
        Run.ExpectEqual(MergedCounts(), Counts(), "free blocks of each order on a drained map");
        Run.Expect(!Map.Drain(), "a map that was just drained had something to drain");
        return any;
    }

    /// <summary>Executes a recorded operation.</summary>
    public void Apply(MapOperation operation)
    {
        switch (operation.Kind)
        {
            case MapOperationKind.Alloc or MapOperationKind.AllocMovable:
                Alloc(operation.First, operation.Kind == MapOperationKind.AllocMovable);
                break;
            case MapOperationKind.AllocRun:
                AllocRun(operation.First, operation.Second);
                break;
            case MapOperationKind.AllocStayingRun or MapOperationKind.AllocMovableRun:
                AllocRunGrouped(operation.First, operation.Second, operation.Kind == MapOperationKind.AllocMovableRun);
                break;
            case MapOperationKind.Free when Model.BlockLength(operation.First) == 0:
                FreeWrongly(operation.First);
                break;
            case MapOperationKind.Free:
                Free(operation.First);
                break;
            case MapOperationKind.Trim:
                Trim(operation.First, operation.Second);
                break;
            default:
                Drain();
                break;
        }
    }

    /// <summary>Checks all invariants on all pages; changes nothing.</summary>
    public void Validate()
    {
        int pages = Map.Pages, step = pages <= SmallZone ? 1 : 1 + Run.Random.Below(2 * pages / Samples);
        for (int page = 0; page < pages; page++)
        {
            Run.ExpectEqual(Model.BlockLength(page), Map.BlockLength(page), "the length of the block at page", page);
        }
        int[] before = Counts();
        for (int page = 0; page < pages; page += step)
        {
            Run.ExpectEqual(Model.BlockAt(page), Map.BlockAt(page), "the block around page", page);
            if (Model.BlockLength(page) == 0)
            {
                Run.ExpectEqual(0, Map.Free(page), "pages freed by a wrong free of page", page);
            }
        }
        Run.ExpectEqual(before, Counts(), "free blocks behind wrong frees");
        // CountFree adds to the given counts, because zones are summed up with it.
        int[] counts = Enumerable.Range(100, before.Length).ToArray();
        Map.CountFree(counts);
        for (int order = 0; order < counts.Length; order++)
        {
            Run.ExpectEqual(100 + order + before[order], counts[order], "CountFree on top of other counts, order", order);
        }
        CheckCounts();
        CheckBlocks(before);
        Probe();
    }

    /// <summary>Frees the remaining blocks, and expects the map to be like new: nothing lost, everything merged.</summary>
    public void FreeAllAndExpectNew()
    {
        for (int page = 0; page < Map.Pages; page++)
        {
            if (Model.BlockLength(page) != 0)
            {
                Free(page);
            }
        }
        Drain();
        Validate();
        Run.ExpectEqual(Map.Pages, Model.FreePages, "free pages of the model once all is freed");
        TakeWholeZone();
        Drain();
        Validate();
    }

    /// <summary>Asks copies of the map for their next answers, so that a state in which one would be wrong shows at once.</summary>
    protected virtual void Probe()
    {
        for (int order = 0; order <= Map.MaxOrder; order++)
        {
            ProbeAlloc(1 << order, 1 << order, ObjectGraph.Copy(Map).Alloc(order, order % 2 != 0));
        }
        PageMap drained = ObjectGraph.Copy(Map);
        drained.Drain();
        int[] counts = new int[PageMap.MaxPageOrder + 1];
        drained.CountFree(counts);
        Run.ExpectEqual(MergedCounts(), counts, "free blocks of each order if the map were drained now");
    }

    protected void ProbeAlloc(int pages, int alignment, int page)
    {
        Run.Expect(!HasPlace(pages, alignment) || page >= 0, "would fail although there is a free place, for pages", pages);
        Run.Expect(page < 0 || Model.IsFree(page, pages), "the next block would overlap a taken one: page", page);
    }

    /// <summary>Whether the map must not refuse the request, according to <see cref="PageMap"/> and the map's remarks.</summary>
    public abstract bool HasPlace(int pages, int alignment);

    /// <summary>Checks where the map's policy put a block; called before the model knows the block.</summary>
    protected abstract void CheckPlacement(int page, int pages, int alignment);

    /// <summary>Compares the counted free blocks with the model; needs a walk over the zone.</summary>
    protected abstract void CheckBlocks(int[] counts);

    /// <summary>Compares the largest free block or run with the model.</summary>
    protected abstract void CheckLargest(int largest, int[] counts);

    /// <summary>When everything is free and drained: takes the largest possible blocks, and frees them.</summary>
    protected abstract void TakeWholeZone();

    protected int[] Counts()
    {
        int[] counts = new int[PageMap.MaxPageOrder + 1];
        Map.CountFree(counts);
        return counts;
    }

    protected int[] MergedCounts()
    {
        int[] counts = new int[PageMap.MaxPageOrder + 1];
        Model.CountBlocks(counts, Map.MaxOrder);
        return counts;
    }

    private int Account(int page, int pages, int alignment)
    {
        if (page < 0)
        {
            Run.ExpectEqual(-1, page, "the answer of an allocation that failed");
            Run.Expect(!HasPlace(pages, alignment), "an allocation failed although there is a free place for it");
        }
        else
        {
            Run.Expect(page <= Map.Pages - pages, "the block ends outside the zone: page", page);
            Run.Expect(page % alignment == 0, "the block is not aligned: page", page);
            Run.Expect(Model.IsFree(page, pages), "the block overlaps a taken one: page", page);
            CheckPlacement(page, pages, alignment);
            Model.Take(page, pages);
            Run.ExpectEqual(pages, Map.BlockLength(page), "the length of a new block");
            Run.ExpectEqual(page, Map.BlockAt(page + pages - 1), "the block that a new block's last page lies in");
        }
        CheckCounts();
        return page;
    }

    private void CheckCounts()
    {
        int[] counts = Counts();
        int free = 0;
        for (int order = 0; order < counts.Length; order++)
        {
            free += counts[order] << order;
        }
        Run.ExpectEqual(Model.FreePages, free, "pages in free blocks");
        CheckLargest(Map.LargestFree(), counts);
    }
}
