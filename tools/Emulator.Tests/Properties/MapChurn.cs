namespace Carveout.Emulator.Tests.Properties;

/// <summary>A hostile user: it fills the zone and empties it again in ever new ways, and frees what it does not have.</summary>
internal sealed class MapChurn(CheckedMap map, PropertyRun run)
{
    /// <summary>Which live block is freed next.</summary>
    private enum Victim
    {
        Random,
        Newest,
        Oldest,
        Lowest,
        Highest,
    }

    private static readonly Victim[] s_victims = Enum.GetValues<Victim>();

    private readonly List<int> _live = [];
    private int _freedLast;

    // The behaviour of the present phase.
    private Victim _victim;
    private bool _filling;
    private int _most, _least, _largestOrder, _smallestOrder, _longest, _runs, _trims, _large, _movable;
    private bool _calm;

    /// <summary>Makes so many calls, with all invariants checked every <paramref name="validate"/> calls.</summary>
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
                map.Validate();
            }
        }
        map.Validate();
    }

    private int BeginPhase()
    {
        int pages = map.Map.Pages, top = map.Map.MaxOrder;
        _victim = run.Choose(s_victims);
        _movable = run.Choose([0, 0, 40, 100]);
        if (_calm && run.Chance(60))
        {
            // Small blocks were allocated and freed while the slots were open. Now they are freed, and large ones are wanted.
            _calm = false;
            _filling = false;
            (_least, _most) = (0, pages);
            _largestOrder = top;
            _smallestOrder = (top + 1) / 2;
            (_runs, _trims, _large) = (0, 0, 0);
            return Math.Min(pages, 2000);
        }
        _calm = run.Chance(25);
        if (_calm)
        {
            // Long and quiet enough for closed hot slots to open again, which takes 1024 frees without a failure.
            _most = pages / 3;
            _least = _most * run.Choose([0, 50, 80, 90]) / 100;
            _smallestOrder = 0;
            _largestOrder = Math.Max(0, Math.Min(run.Random.Below(3), top - 3));
            (_runs, _longest, _trims, _large) = (run.Choose([0, 50]), 1, 0, 0);
            return 3500;
        }
        _most = pages * run.Choose([10, 50, 90, 100, 100, 100]) / 100;
        _least = _most * run.Choose([0, 0, 30, 80]) / 100;
        _smallestOrder = run.Chance(25) ? run.Random.Below(top + 1) : 0;
        _largestOrder = Math.Min(top, _smallestOrder + run.Random.Below(top + 1));
        _longest = 1 + run.Random.Below(run.Chance(50) ? Math.Min(pages, 16) : pages);
        (_runs, _trims, _large) = (run.Choose([0, 20, 80, 100]), run.Choose([0, 5, 30]), 2);
        return 20 + run.Random.Below(Math.Min(600, 20 + (2 * pages)));
    }

    private void Step()
    {
        int draw = run.Random.Below(100);
        if (draw < 4)
        {
            FreeWrongly();
        }
        else if (draw == 4 && run.Chance(_calm ? 3 : 20))
        {
            map.Drain();
        }
        else if (draw < 5 + _trims && _live.Count != 0)
        {
            int page = run.Choose(_live);
            map.Trim(page, 1 + run.Random.Below(map.Map.BlockLength(page)));
        }
        else
        {
            AllocOrFree();
        }
    }

    private void AllocOrFree()
    {
        int used = map.Map.Pages - map.Model.FreePages;
        _filling = used <= _least || (used < _most && _filling);
        // Not strictly one or the other, because bugs live at the edge between them.
        if (_live.Count != 0 && _filling == run.Chance(20))
        {
            Free();
            return;
        }
        int page = run.Chance(_runs)
            ? Run(Pages(), 1 << (run.Chance(70) ? 0 : run.Random.Below(run.Chance(90) ? 5 : 24)))
            : map.Alloc(_smallestOrder + run.Random.Below(_largestOrder - _smallestOrder + 1), run.Chance(_movable));
        if (page >= 0)
        {
            _live.Add(page);
        }
        else
        {
            _filling = false;
        }
    }

    private int Run(int pages, int alignment) => map is CheckedRunMap && run.Chance(40)
        ? map.AllocRunGrouped(pages, alignment, run.Chance(_movable))
        : map.AllocRun(pages, alignment);

    private int Pages() => 1 + run.Random.Below(run.Chance(_large) ? map.Map.Pages : _longest);

    private void Free()
    {
        int index = _victim switch
        {
            Victim.Newest => _live.Count - 1,
            Victim.Oldest => 0,
            Victim.Lowest => _live.IndexOf(_live.Min()),
            Victim.Highest => _live.IndexOf(_live.Max()),
            _ => run.Random.Below(_live.Count),
        };
        int page = _live[index];
        _live.RemoveAt(index);
        map.Free(page);
        _freedLast = page;
    }

    private void FreeWrongly()
    {
        int page = run.Random.Below(map.Map.Pages);
        if (_live.Count != 0 && run.Chance(50))
        {
            int block = run.Choose(_live);
            page = block + run.Random.Below(map.Map.BlockLength(block));
        }
        else if (run.Chance(50))
        {
            page = _freedLast;
        }
        if (map.Model.BlockLength(page) == 0)
        {
            map.FreeWrongly(page);
        }
    }
}
