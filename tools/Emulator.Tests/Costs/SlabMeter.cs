using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>A slab allocator whose instructions are counted, over a zone of 8 MB.</summary>
internal sealed class SlabMeter
{
    private const int Rounds = 20_000, Live = 500, Seed = 3;

    private readonly IlMeter _meter = DeviceMeter.Load();

    /// <param name="isShared">Whether contexts share it, by a lock.</param>
    /// <param name="hasRuns">Whether the zone has exact runs, and no blocks.</param>
    public SlabMeter(bool isShared = false, bool hasRuns = false)
    {
        object? gate = isShared ? _meter.Create(typeof(MonitorLock).FullName!) : null;
        if (gate is not null)
        {
            LockCost = _meter.Measure(_meter.Bind<Action>(gate, nameof(MonitorLock.Acquire))).Instructions
                + _meter.Measure(_meter.Bind<Action>(gate, nameof(MonitorLock.Release))).Instructions;
        }
        object zone = _meter.Create(typeof(Zone).FullName!, "NORMAL", (int)ZoneKind.Normal, 0xC0000000u,
            hasRuns ? _meter.Create(typeof(RunMap).FullName!, 2048) : _meter.Create(typeof(FreeBlockMap).FullName!, 2048, 4));
        Array zones = Array.CreateInstance(zone.GetType(), 1);
        zones.SetValue(zone, 0);
        object pages = _meter.Create(typeof(PageAllocator).FullName!, zones, 4096, null, gate);
        Slabs = _meter.Create(typeof(SlabAllocator).FullName!, pages, null, 2048, gate, null);
    }

    /// <summary>What the lock itself costs, taken and left; 0 where there is none.</summary>
    public long LockCost { get; }

    /// <summary>The slab allocator.</summary>
    public object Slabs { get; }

    /// <summary>Creates an object of a firmware class.</summary>
    public object Create(Type type, params object?[] arguments) => _meter.Create(type.FullName!, arguments);

    /// <summary>Binds a method of that object.</summary>
    public TDelegate Bind<TDelegate>(object target, string method)
        where TDelegate : Delegate => _meter.Bind<TDelegate>(target, method);

    /// <summary>Allocates and frees, either at once or with 500 live objects and random victims; prints the costs and checks the
    /// budgets.</summary>
    public void Hold(TestContext context, string name, bool mixed, Func<Random, uint> alloc, Action<uint> free, IlBudget allocBudget,
        IlBudget freeBudget)
    {
        var allocs = new IlDistribution(Rounds);
        var frees = new IlDistribution(Rounds);
        var chance = new Random(Seed);
        uint[] live = new uint[mixed ? Live : 1];
        for (int i = 0; i < Rounds; i++)
        {
            int slot = chance.Next(live.Length);
            if (live[slot] != 0)
            {
                frees.Add(_meter.Measure(() => free(live[slot])).Instructions);
            }
            allocs.Add(_meter.Measure(() => live[slot] = alloc(chance)).Instructions);
        }
        context.WriteLine($"{name}, {(mixed ? "mix" : "churn")}: alloc {allocs}; free {frees}");
        Assert.IsLessThanOrEqualTo(allocBudget.Median, allocs.Median);
        Assert.IsLessThanOrEqualTo(allocBudget.Worst, allocs.Worst);
        Assert.IsLessThanOrEqualTo(freeBudget.Median, frees.Median);
        Assert.IsLessThanOrEqualTo(freeBudget.Worst, frees.Worst);
    }
}

/// <summary>The most IL instructions that a call may cost.</summary>
internal readonly record struct IlBudget(int Median, int Worst);
