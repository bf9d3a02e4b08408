using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Scenario;

/// <summary>The program that runs beside the movie. A refusal does not stop it: like other programs, it asks again.</summary>
/// <remarks>It pins a movable block while it works on it: for a second after the allocation, and then, every second, it works on one in
/// <see cref="WorkShare"/> of the blocks that it keeps or churns, chosen at random, for that second. It does not work on leaked blocks. Its
/// requests and their times are the same with and without movable memory.</remarks>
internal sealed class Application
{
    /// <summary>The names of its owners in reports.</summary>
    public const string ResidentOwner = "app.resident", ChurnOwner = "app.churn", LeakOwner = "app.leak";

    private const long Second = 1_000_000, Minute = 60 * Second;
    private const int MostResidentPages = 16, MostChurnPages = 3;

    /// <summary>It works on one of so many movable blocks at a time.</summary>
    private const int WorkShare = 64;

    private readonly EventQueue _events;
    private readonly ApplicationMemory _memory;
    private readonly ApplicationSpec _spec;
    private readonly SplitMix64 _chance, _work;
    private readonly PageOwner _resident, _churn, _leak;

    /// <summary>Movable blocks that it may work on. Freed ones are removed when they are found.</summary>
    private readonly List<ApplicationBlock> _movable = [];
    private int _freed;
    private long _leakOwed;

    /// <summary>Makes an application that has not started.</summary>
    /// <param name="events">The machine's clock.</param>
    /// <param name="memory">The memory that it allocates from and writes to.</param>
    /// <param name="spec">What it does.</param>
    /// <param name="chance">Decides what it asks for, and when; used for nothing else.</param>
    /// <param name="work">Decides what may be moved, and what it works on; used for nothing else.</param>
    public Application(EventQueue events, ApplicationMemory memory, ApplicationSpec spec, SplitMix64 chance, SplitMix64 work)
    {
        _events = events;
        _memory = memory;
        _spec = spec;
        _chance = chance;
        _work = work;
        _resident = memory.Owner(ResidentOwner);
        _churn = memory.Owner(ChurnOwner);
        _leak = memory.Owner(LeakOwner);
    }

    /// <summary>How many requests were refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Virtual time of the first refusal, in microseconds; null if there was none.</summary>
    public long? FirstRefused { get; private set; }

    /// <summary>How many pages the latest refused request wanted; 0 if there was none.</summary>
    public int LastRefusedPages { get; private set; }

    /// <summary>Repeats the request that was refused last.</summary>
    /// <returns>Whether it succeeded; the memory was freed again. If not, the allocator's latest failure is this request.</returns>
    public bool TryAgain() => _memory.TryAgain(LastRefusedPages, _churn);

    /// <summary>How many pages it has, including leaked ones.</summary>
    public int Pages => _memory.PagesOf(_resident) + _memory.PagesOf(_churn) + _memory.PagesOf(_leak);

    /// <summary>Allocates what it keeps, and begins to churn.</summary>
    public void Start()
    {
        for (long pages = _spec.ResidentSize / _memory.PageSize; pages > 0;)
        {
            int piece = (int)Math.Min(pages, 1 + _chance.Below(MostResidentPages));
            Alloc(piece, _resident);
            pages -= piece;
        }
        if (_spec.ChurnPerMinute > 0)
        {
            _events.After(_chance.Exponential(Minute / _spec.ChurnPerMinute), Churn);
        }
        if (_memory.MovablePercent > 0)
        {
            _events.After(Second, Work);
        }
    }

    /// <summary>Called when a loop of the movie begins. The loop's leaks are spread over its length.</summary>
    public void OnLoop(int seconds)
    {
        _leakOwed += _spec.LeakPerLoop;
        for (; _leakOwed >= _memory.PageSize; _leakOwed -= _memory.PageSize)
        {
            _events.After((long)(_chance.Fraction() * seconds * Second), () => Alloc(1, _leak));
        }
    }

    private void Churn()
    {
        int pages = 1 + _chance.Below(MostChurnPages);
        long life = _chance.Exponential(_spec.ChurnSeconds * Second);
        if (Alloc(pages, _churn) is { } block)
        {
            _events.After(life, () => Free(block));
        }
        _events.After(_chance.Exponential(Minute / _spec.ChurnPerMinute), Churn);
    }

    private void Work()
    {
        for (int left = (_movable.Count - _freed + WorkShare - 1) / WorkShare; left > 0; left--)
        {
            int index = _work.Below(_movable.Count);
            while (_movable[index].IsFreed)
            {
                _movable[index] = _movable[^1];
                _movable.RemoveAt(_movable.Count - 1);
                _freed--;
                index = _work.Below(_movable.Count);
            }
            WorkOn(_movable[index]);
        }
        _events.After(Second, Work);
    }

    private void WorkOn(ApplicationBlock block)
    {
        _memory.BeginUse(block);
        _events.After(Second, () => _memory.EndUse(block));
    }

    private ApplicationBlock? Alloc(int pages, PageOwner owner)
    {
        bool movable = _memory.MovablePercent > 0 && _work.Below(100) < _memory.MovablePercent;
        ApplicationBlock? block = _memory.Alloc(pages, owner, movable);
        if (block is null)
        {
            Refused++;
            LastRefusedPages = pages;
            FirstRefused ??= _events.Now;
            return null;
        }
        if (movable)
        {
            WorkOn(block);
            if (owner != _leak)
            {
                _movable.Add(block);
            }
        }
        return block;
    }

    private void Free(ApplicationBlock block)
    {
        _memory.Free(block);
        _freed += block.Handle == 0 ? 0 : 1;
    }
}
