using Carveout.Emulator.Replay;
using Carveout.Emulator.Tests.Replay;

namespace Carveout.Emulator.Tests.Investigation;

/// <summary>Generated traces of which it is known whether an owner leaks: an hour on a device, with an application that allocates and
/// frees, and something else in it or beside it.</summary>
/// <param name="seed">The seed of all random numbers.</param>
/// <param name="isTimed">Whether operations have times.</param>
internal sealed class LeakTraces(ulong seed, bool isTimed)
{
    private const int Page = 4096, Hour = 3_600_000;

    private readonly SplitMix64 _chance = new(seed);
    private readonly List<(int Time, int Id, int Pages, string Owner)> _events = [];
    private int _ids;

    /// <summary>A leak of so many pages in all, at even or random times.</summary>
    public TraceFile Leak(int pages, string owner)
    {
        Churn("app", resident: 20 * _chance.Below(5));
        int from = Hour / 10 * _chance.Below(3);
        Keep(owner, from, Hour, pages, 1);
        return Trace();
    }

    /// <summary>A start-up that takes a share of the trace and is as fast at its end as at its beginning. If operations have no times, the share
    /// is one of what is freed.</summary>
    public TraceFile Start(double share, string owner)
    {
        Churn("app", resident: 0);
        int[] freed = [.. _events.Where(one => one.Pages == 0).Select(one => one.Time).Order()];
        int end = isTimed ? (int)(share * _events.Max(one => one.Time)) : freed[(int)(share * freed.Length) - 1];
        Keep(owner, 0, end, 100 + _chance.Below(400), 3);
        return Trace();
    }

    /// <summary>A start-up in which nothing else happens, and then a churn of few blocks.</summary>
    public TraceFile StartAlone(double share)
    {
        int taken = 100 + _chance.Below(300), end = (int)(taken / share);
        var live = new Queue<int>();
        for (int i = 0; i < end; i++)
        {
            int time = (int)((long)i * Hour / end);
            if (i < taken || live.Count <= _chance.Below(6))
            {
                int id = Take(time, 1 + _chance.Below(3), "app");
                if (i >= taken)
                {
                    live.Enqueue(id);
                }
            }
            else
            {
                Free(time, live.Dequeue(), "app");
            }
        }
        return Trace();
    }

    /// <summary>A load that rises and falls; the oldest block is freed first, or the newest, or a random one.</summary>
    public TraceFile Season()
    {
        const int Steps = 6000;
        Churn("app", resident: 20 * _chance.Below(5));
        double seasons = 1.5 + (5 * _chance.Fraction()), phase = _chance.Fraction();
        int most = 30 + _chance.Below(200), which = _chance.Below(3);
        var live = new List<int>();
        for (int i = 0; i < Steps; i++)
        {
            int time = (int)((long)i * Hour / Steps);
            double wanted = most * (0.5 - (0.5 * Math.Cos(2 * Math.PI * ((seasons * i / Steps) + phase))));
            while (live.Count < wanted - 1)
            {
                live.Add(Take(time, 1 + _chance.Below(3), "app"));
            }
            while (live.Count > wanted + 1)
            {
                int place = which == 0 ? 0 : which == 1 ? live.Count - 1 : _chance.Below(live.Count);
                Free(time, live[place], "app");
                live.RemoveAt(place);
            }
        }
        return Trace();
    }

    /// <summary>A cache that fills the more slowly the fuller it is. At the end of the trace it has at least nineteen of twenty
    /// entries.</summary>
    public TraceFile FillingCache(string owner)
    {
        Churn("app", resident: 0);
        int entries = 100 + _chance.Below(400);
        long mean = Hour / (3 + _chance.Below(7));
        foreach (int time in Enumerable.Range(0, entries).Select(_ => (int)Math.Min(_chance.Exponential(mean), int.MaxValue)).Where(time => time < Hour))
        {
            Take(time, 1, owner);
        }
        return Trace();
    }

    /// <summary>A cache that is full early, and then replaces its oldest entry or a random one.</summary>
    public TraceFile ReplacingCache(string owner)
    {
        Churn("app", resident: 0);
        int entries = 20 + _chance.Below(200), turns = 2 + _chance.Below(20);
        bool oldest = _chance.Below(2) == 0;
        var live = new List<int>();
        for (int i = 0; i < entries * turns; i++)
        {
            int time = (int)((i + _chance.Fraction()) * Hour / (entries * turns));
            if (live.Count == entries)
            {
                int place = oldest ? 0 : _chance.Below(entries);
                Free(time, live[place], owner);
                live.RemoveAt(place);
            }
            live.Add(Take(time, 1, owner));
        }
        return Trace();
    }

    private void Churn(string owner, int resident)
    {
        for (int i = 0; i < resident; i++)
        {
            Take(_chance.Below(Hour / 100), 1 + _chance.Below(16), owner);
        }
        long pause = Hour / (300 << _chance.Below(4)), life = Hour / (50 << _chance.Below(4));
        bool hasSeasons = _chance.Below(3) == 0;
        double seasons = 1.5 + (8 * _chance.Fraction());
        for (long time = _chance.Exponential(pause); time < Hour; time += _chance.Exponential(pause))
        {
            if (hasSeasons && _chance.Fraction() > 0.5 + (0.45 * Math.Sin(2 * Math.PI * seasons * time / Hour)))
            {
                continue;
            }
            int id = Take((int)time, 1 + _chance.Below(3), owner);
            long freed = time + _chance.Exponential(life);
            if (freed < Hour)
            {
                Free((int)freed, id, owner);
            }
        }
    }

    private void Keep(string owner, int from, int to, int blocks, int mostPages)
    {
        bool isEven = _chance.Below(2) == 0;
        for (int i = 0; i < blocks; i++)
        {
            double place = isEven ? (i + (0.3 * _chance.Fraction())) / blocks : _chance.Fraction();
            Take(from + (int)(place * (to - from)), 1 + _chance.Below(mostPages), owner);
        }
    }

    private int Take(int time, int pages, string owner)
    {
        _events.Add((time, _ids, pages, owner));
        return _ids++;
    }

    private void Free(int time, int id, string owner) => _events.Add((time, id, 0, owner));

    private TraceFile Trace()
    {
        IEnumerable<string> lines = _events.OrderBy(one => one.Time).Select(one =>
            (one.Pages > 0 ? $"a {one.Id} {one.Pages * Page} {Page}" : $"f {one.Id}") + (isTimed ? $" time={one.Time}" : "") + $" by={one.Owner}");
        using var file = new TraceText(string.Join('\n', lines.Prepend($"# trace v1 page={Page}")) + "\n");
        return TraceFile.Read(file.Path);
    }
}
