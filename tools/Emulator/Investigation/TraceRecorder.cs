using Carveout.Diagnostics;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Investigation;

/// <summary>Records memory while a policy serves a trace: at the looks of its ledger and at the first failure.</summary>
internal sealed class TraceRecorder : ITraceObserver
{
    /// <summary>How many looks there are from one map to the next.</summary>
    private const int LooksOfMap = 2;

    private readonly TraceFile _trace;
    private readonly TraceLedger _ledger;
    private readonly TraceReplay _replay;
    private readonly Zone _zone;
    private readonly int _pageSize, _poolPages;
    private readonly bool _wantsMaps;
    private readonly List<RunSample> _samples = [];
    private readonly List<MapSample> _maps = [];
    private int _look;

    /// <summary>Makes the recorder of a replay that has not begun.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="ledger">Its ledger.</param>
    /// <param name="replay">The replay.</param>
    /// <param name="arenaPages">Pages of zone and pool together.</param>
    /// <param name="wantsMaps">Whether to record maps, too.</param>
    public TraceRecorder(TraceFile trace, TraceLedger ledger, TraceReplay replay, int arenaPages, bool wantsMaps)
    {
        _trace = trace;
        _ledger = ledger;
        _replay = replay;
        _zone = replay.Allocator.ZoneAt(0);
        _pageSize = replay.Allocator.PageSize;
        _poolPages = arenaPages - _zone.Pages;
        _wantsMaps = wantsMaps;
        (string, int) zone = (_zone.Name, _zone.Pages);
        Layout = _poolPages == 0 ? new MapLayout(zone) : new MapLayout(zone, ("pool", _poolPages));
        replay.Observer = this;
    }

    /// <summary>A sample at each look, and one at the first failure.</summary>
    public IReadOnlyList<RunSample> Samples => _samples;

    /// <summary>Maps at every other look.</summary>
    public IReadOnlyList<MapSample> Maps => _maps;

    /// <summary>The layout of the maps: the zone, and behind it the pool if there is one.</summary>
    public MapLayout Layout { get; }

    /// <summary>The first request that was refused; null if none was.</summary>
    public TraceFailure? Failure { get; private set; }

    /// <inheritdoc/>
    public void OnOperation(int index, TraceOperation operation)
    {
        while (_look <= TraceLedger.Looks && _ledger.PlaceOf(_look) <= _ledger.Axis.At(index))
        {
            Look(index);
        }
    }

    /// <inheritdoc/>
    public void OnRefusal(int index, TraceOperation request)
    {
        if (Failure is not null)
        {
            return;
        }
        PageAllocator allocator = _replay.Allocator;
        int pages = ((request.Size - 1) / _pageSize) + 1;
        // A map of exact runs takes three pages for a request of three.
        int most = _zone.BlockFor(3) == 3 ? _zone.Pages : 1 << _zone.MaxOrder;
        // The report comes first: it drains the allocator, and the zone's state must be the one that the report describes.
        string report = FailureReport.ToText(allocator);
        Failure = new TraceFailure(index + 1, request, _trace.LoopOf(index), _ledger.Axis.At(index), ZoneState.Of(_zone, _pageSize),
            pages, _zone.BlockFor(pages), most, FragmentationIndex.Of(_zone, Math.Min(PageMap.OrderOf(pages), PageMap.MaxPageOrder)),
            TornBlocks.Of(_zone, pages, () => OwnersByPage(0), owner => _ledger.Owners.Names[owner]), report);
        _samples.Add(new RunSample(_trace.LoopOf(index) ?? 0, Failure.At, [Failure.Zone], _ledger.At(_look - 1), 0));
    }

    /// <inheritdoc/>
    public void OnDone(int index, TraceOperation operation)
    {
    }

    /// <summary>Records the looks that lie behind the last operation.</summary>
    public void End()
    {
        while (_look <= TraceLedger.Looks)
        {
            Look(_trace.Operations.Count - 1);
        }
    }

    private void Look(int operation)
    {
        double at = _ledger.PlaceOf(_look);
        _samples.Add(new RunSample(_trace.LoopOf(operation) ?? 0, at, [ZoneState.Of(_zone, _pageSize)], _ledger.At(_look), 0));
        if (_wantsMaps && _look % LooksOfMap == 0)
        {
            _maps.Add(Layout.Sample(at, _ledger.Owners.Names.Count, OwnersByPage));
        }
        _look++;
    }

    /// <summary>The owner's number of each page of the zone, or of the pool; -1 if the page is free.</summary>
    private short[] OwnersByPage(int zone)
    {
        int[] holders = _replay.HoldersByPage();
        return
        [
            .. (zone == 0 ? holders.Take(_zone.Pages) : holders.TakeLast(_poolPages))
                .Select(holder => (short)(holder < 0 ? -1 : _ledger.Owners.Of(holder))),
        ];
    }
}
