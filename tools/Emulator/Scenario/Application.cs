using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Scenario;

/// <summary>The program that runs beside the movie. A refusal does not stop it: it goes on asking, as programs do.</summary>
/// <remarks>What may be moved it has pinned while it works on it: for a second after it got it, and, every second, one in
/// <see cref="WorkShare"/> of the blocks that it keeps or churns, chosen anew, for that second. What it has forgotten it works on no more.
/// Whether there is movable memory changes nothing in what it asks for and when.</remarks>
internal sealed class Application
{
    /// <summary>Owner names in reports.</summary>
    public const string ResidentOwner = "app.resident", ChurnOwner = "app.churn", LeakOwner = "app.leak";

    private const long Second = 1_000_000, Minute = 60 * Second;
    private const int MostResidentPages = 16, MostChurnPages = 3;

    /// <summary>Of so many movable blocks it works on one at a time.</summary>
    private const int WorkShare = 64;

    private readonly EventQueue _events;
    private readonly ApplicationMemory _memory;
    private readonly ApplicationSpec _spec;
    private readonly SplitMix64 _chance, _work;
    private readonly PageOwner _resident, _churn, _leak;

    /// <summary>Movable blocks that it may work on; those given back meanwhile go when they are come across.</summary>
    private readonly List<ApplicationBlock> _movable = [];
    private int _freed;
    private long _leakOwed;

    /// <summary>An application that has not started.</summary>
    /// <param name="events">The machine's clock.</param>
    /// <param name="memory">Where it asks, and what it writes to.</param>
    /// <param name="spec">What it does.</param>
    /// <param name="chance">Its own: what it asks for, and when.</param>
    /// <param name="work">Its own: what may be moved, and what it works on.</param>
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

    /// <summary>Requests that got nothing.</summary>
    public long Refused { get; private set; }

    /// <summary>Virtual time of the first refusal, in microseconds; null where there was none.</summary>
    public long? FirstRefused { get; private set; }

    /// <summary>Pages that the latest refused request wanted; 0 where there was none.</summary>
    public int LastRefusedPages { get; private set; }

    /// <summary>Asks once more for what was refused last.</summary>
    /// <returns>Whether there was a place for it, which was given back; where not, the allocator's latest failure is this one.</returns>
    public bool TryAgain() => _memory.TryAgain(LastRefusedPages, _churn);

    /// <summary>Pages that it has, forgotten ones included.</summary>
    public int Pages => _memory.PagesOf(_resident) + _memory.PagesOf(_churn) + _memory.PagesOf(_leak);

    /// <summary>Takes what it keeps and begins to churn.</summary>
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

    /// <summary>A loop of the movie begins: what is leaked in it is spread over its length.</summary>
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
