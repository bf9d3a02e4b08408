namespace Carveout.Emulator.Tests.Properties;

/// <summary>Clients of all kinds use one page allocator at once, careful ones and others.</summary>
internal sealed class AllocatorChurn(CheckedAllocator allocator, PropertyRun run)
{
    private static readonly GfpFlags[] s_extras =
        [GfpFlags.Kernel, GfpFlags.NoWarn, GfpFlags.NoFallback, GfpFlags.Movable, GfpFlags.Zero, GfpFlags.NoWarn | GfpFlags.NoFallback];

    private readonly AllocatorMisuse _misuse = new(allocator, run);
    private readonly List<uint> _live = [];
    private uint _freedLast;

    // The behaviour of the present phase.
    private bool _filling;
    private int _most, _least, _largestOrder, _longest, _dma, _atomic, _exact;

    /// <summary>How many wrong calls have been made; all were refused.</summary>
    public int Misuses { get; private set; }

    public void Go(int steps, int validate)
    {
        for (int step = 0, left = 0; step < steps; step++, left--)
        {
            if (left <= 0)
            {
                left = BeginPhase();
            }
            Step();
            if (step % validate == 0)
            {
                allocator.Validate();
            }
        }
        allocator.Validate();
    }

    public void FreeAll()
    {
        while (_live.Count != 0)
        {
            FreeOne();
        }
        allocator.Validate();
        allocator.ExpectAllFree();
    }

    /// <summary>Frees blocks of at least so many pages, if there are any, as a shrinker does.</summary>
    public int GiveBack(int pages)
    {
        int before = allocator.FreePages;
        while (_live.Count != 0 && allocator.FreePages - before < pages)
        {
            FreeOne();
        }
        return allocator.FreePages - before;
    }

    /// <summary>Allocates a page, if there is one.</summary>
    public void TakeOne()
    {
        uint address = allocator.AllocPages(GfpFlags.NoWarn, 0, (PageOwner)4);
        if (address != 0)
        {
            _live.Add(address);
        }
    }

    private int BeginPhase()
    {
        int pages = allocator.TotalPages;
        _most = pages * run.Choose([10, 50, 80, 95, 100, 100]) / 100;
        _least = _most * run.Choose([0, 0, 30, 80]) / 100;
        _largestOrder = run.Random.Below(PageMap.MaxPageOrder + 1);
        _longest = 1 + run.Random.Below(run.Chance(60) ? Math.Min(pages, 12) : pages);
        (_dma, _atomic, _exact) = (run.Choose([0, 30, 100]), run.Choose([0, 10, 50]), run.Choose([0, 50, 100]));
        if (run.Chance(30))
        {
            // The settings are mostly those of a device, at times none and at times absurdly large.
            int minFree = run.Choose([0, pages / 64, pages / 16, run.Random.Below(pages + 1)]);
            allocator.SetWatermarks(minFree, run.Choose([0, 1, 2, 4, 32]));
        }
        return 20 + run.Random.Below(400);
    }

    private void Step()
    {
        int draw = run.Random.Below(100);
        if (draw < 6)
        {
            _misuse.Try(_live, _freedLast);
            Misuses++;
        }
        else if (draw == 6)
        {
            allocator.Drain();
        }
        else if (draw < 10 && _live.Count != 0)
        {
            uint address = run.Choose(_live);
            allocator.Trim(address, 1 + run.Random.Below(allocator.BlockLength(address) * allocator.PageSize));
        }
        else
        {
            AllocOrFree();
        }
    }

    private void AllocOrFree()
    {
        int used = allocator.TotalPages - allocator.FreePages;
        _filling = used <= _least || (used < _most && _filling);
        if (_live.Count != 0 && _filling == run.Chance(20))
        {
            FreeOne();
            return;
        }
        uint address = Alloc();
        if (address != 0)
        {
            _live.Add(address);
        }
        else
        {
            _filling = false;
        }
    }

    private uint Alloc()
    {
        GfpFlags gfp = run.Choose(s_extras) | (run.Chance(_dma) ? GfpFlags.Dma : 0) | (run.Chance(_atomic) ? GfpFlags.Atomic : 0);
        int owner = run.Random.Below(CheckedAllocator.OwnerNames.Length), pageSize = allocator.PageSize;
        if (run.Chance(_exact))
        {
            int most = allocator.Zones.Max(zone => zone.Pages.Pages);
            int alignment = pageSize << (run.Chance(70) ? 0 : run.Random.Below(run.Chance(90) ? 5 : 15));
            return allocator.AllocPagesExact(Size(Math.Min(most, _longest)), gfp, (PageOwner)owner, alignment);
        }
        int order = run.Random.Below(_largestOrder + 1);
        return run.Chance(50)
            ? allocator.AllocPages(gfp, order, (PageOwner)owner)
            : allocator.AllocBlock(Size(1 << order), gfp, (PageOwner)owner);
    }

    /// <summary>A number of bytes up to so many pages, usually at the edge of a page.</summary>
    private int Size(int pages)
    {
        int most = pages * allocator.PageSize;
        int edge = (1 + run.Random.Below(pages)) * allocator.PageSize;
        return run.Chance(40) ? 1 + run.Random.Below(most) : Math.Min(most, edge + run.Choose([-1, 0, 1]));
    }

    private void FreeOne()
    {
        int index = run.Random.Below(_live.Count);
        uint address = _live[index];
        _live[index] = _live[^1];
        _live.RemoveAt(_live.Count - 1);
        allocator.Free(address, run.Random.Below(3));
        _freedLast = address;
    }
}
