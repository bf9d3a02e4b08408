using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Investigation;

/// <summary>Writes down what a run's memory looks like: at each request for buffers, in the middle of each loop, and at the failure.</summary>
/// <remarks>It tracks owners from the first allocation on, which changes no placement, and never drains: a look changes nothing.</remarks>
internal sealed class RunRecorder : IRunObserver
{
    private OwnerTable _table;
    private readonly List<RunSample> _samples = [];
    private readonly List<MapSample> _maps = [];

    /// <summary>By loop from 1: the number of the latest allocation when it began.</summary>
    private readonly List<int> _begins = [0];

    /// <summary>By number of an allocation: the block, as long as it was there at every look.</summary>
    private readonly Dictionary<int, BlockLife> _live = [];

    private readonly List<BlockLife> _lives = [];

    private readonly long _halfLoop;
    private readonly bool _wantsMaps;

    /// <summary>Watches a run that has not begun.</summary>
    /// <param name="run">The run.</param>
    /// <param name="loopSeconds">How long a loop of its movie lasts.</param>
    /// <param name="wantsMaps">Whether maps are kept, too.</param>
    public RunRecorder(PlayRun run, int loopSeconds, bool wantsMaps)
    {
        _halfLoop = loopSeconds * 500_000L;
        _wantsMaps = wantsMaps;
        PageAllocator allocator = run.Allocator;
        int pages = Enumerable.Range(0, allocator.ZoneCount).Sum(i => allocator.ZoneAt(i).Pages), slots = 8;
        // One in eight stays empty.
        while (slots - (slots >> 3) < pages && slots < OwnerTable.MaxEntries)
        {
            slots *= 2;
        }
        _table = new OwnerTable(slots);
        allocator.TrackOwners(_table);
        run.Observers.Add(this);
        Layout = new MapLayout([.. Enumerable.Range(0, allocator.ZoneCount).Select(i => (allocator.ZoneAt(i).Name, allocator.ZoneAt(i).Pages))]);
        FrameZone = Enumerable.Range(0, allocator.ZoneCount).First(i => allocator.ZoneAt(i).Kind == run.FrameZone);
        FrameZoneKeeps = (long)allocator.ZoneAt(FrameZone).MinWatermark * allocator.PageSize;
    }

    /// <summary>A sample at each request for buffers; they have no frame buffers in them. The last one is of the failure, if there was one,
    /// with those buffers that the failing request did get.</summary>
    public IReadOnlyList<RunSample> Samples => _samples;

    /// <summary>Maps from the middle of each loop, the frame buffers in them, and of the failure.</summary>
    public IReadOnlyList<MapSample> Maps => _maps;

    /// <summary>How maps are laid out.</summary>
    public MapLayout Layout { get; }

    /// <summary>The number of the zone that the frames come from first, where they come from one.</summary>
    public int FrameZone { get; }

    /// <summary>Bytes of that zone that only Atomic requests may have.</summary>
    public long FrameZoneKeeps { get; }

    /// <summary>Its extfrag_index for the failing request; null where none failed.</summary>
    public int? FragmentationIndex { get; private set; }

    /// <summary>The blocks that the failing request could have had but for a few pages; null where it failed for another reason, or not.</summary>
    public TornBlocks? Torn { get; private set; }

    /// <summary>Allocations that found no room in the table of owners; known once the recorder is closed.</summary>
    public long Dropped { get; private set; }

    /// <inheritdoc/>
    public void OnRequest(PlayRun run)
    {
        LookAtBlocks();
        _begins.Add(_table.Sequence);
        _samples.Add(Look(run));
        if (_wantsMaps)
        {
            run.Events.After(_halfLoop, () => _maps.Add(Map(run)));
        }
    }

    /// <inheritdoc/>
    public void OnFailure(PlayRun run)
    {
        _samples.Add(Look(run));
        if (_wantsMaps)
        {
            _maps.Add(Map(run));
        }
        PageAllocator allocator = run.Allocator;
        Zone zone = allocator.ZoneAt(FrameZone);
        Torn = TornBlocks.Of(zone, allocator.LastFailure.Pages, () => OwnersByPage(allocator, zone),
            owner => allocator.OwnerName((PageOwner)owner));
        FragmentationIndex = Diagnostics.FragmentationIndex.Of(zone, PageMap.OrderOf(allocator.LastFailure.Pages));
    }

    /// <summary>The blocks that were seen at a loop's begin or at the end, by the loops in which they were taken and given back, loop 0 being the
    /// time before the first; call it when the run is over.</summary>
    public IReadOnlyList<BlockLife> Lives()
    {
        LookAtBlocks();
        return [.. _lives.Concat(_live.Values).OrderBy(block => block.Taken)];
    }

    /// <summary>Lets go of what only a run that goes on needs: an investigation keeps many recorders.</summary>
    public void Close()
    {
        Dropped = _table.Dropped;
        _table = new OwnerTable(8);
        _live.Clear();
        _lives.Clear();
        _begins.Clear();
    }

    /// <summary>By page of a zone, the number of its owner, or -1 where it is free.</summary>
    private short[] OwnersByPage(PageAllocator allocator, Zone zone)
    {
        short[] owners = new short[zone.Pages];
        Array.Fill<short>(owners, -1);
        for (int slot = 0; slot < _table.Capacity; slot++)
        {
            uint address = _table.AddressAt(slot);
            // Below the zone the difference is huge, since it is unsigned; 0 marks an empty slot and is in no zone.
            long first = (address - zone.Start) / (uint)allocator.PageSize;
            if (address != 0 && first < zone.Pages)
            {
                Array.Fill(owners, (short)_table.OwnerAt(slot), (int)first, _table.SizeAt(slot) / allocator.PageSize);
            }
        }
        return owners;
    }

    /// <summary>The loop in which an allocation was made: 0 before the first one.</summary>
    private int LoopOf(int sequence)
    {
        // The first loop that began with this number given out already; the one before it gave it out.
        int low = 0, high = _begins.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _begins[middle] < sequence ? (middle + 1, high) : (low, middle);
        }
        return low - 1;
    }

    /// <summary>Notes which blocks have come since the last look, and which have gone.</summary>
    private void LookAtBlocks()
    {
        var gone = new HashSet<int>(_live.Keys);
        for (int slot = 0; slot < _table.Capacity; slot++)
        {
            int sequence = _table.SequenceAt(slot);
            if (_table.AddressAt(slot) != 0 && !gone.Remove(sequence))
            {
                _live.Add(sequence, new BlockLife((int)_table.OwnerAt(slot), _table.SizeAt(slot), LoopOf(sequence)));
            }
        }
        foreach (int sequence in gone)
        {
            _live.Remove(sequence, out BlockLife block);
            _lives.Add(block with { Freed = _begins.Count - 1 });
        }
    }

    private static RunSample Look(PlayRun run)
    {
        PageAllocator allocator = run.Allocator;
        long[] owners =
            [.. Enumerable.Range(0, allocator.OwnerCount).Select(owner => (long)allocator.OwnerPages((PageOwner)owner) * allocator.PageSize)];
        return new RunSample(run.Loops + 1, run.Seconds, run.ZoneStates(), owners, run.Refused);
    }

    private MapSample Map(PlayRun run) =>
        Layout.Sample(run.Seconds, run.Allocator.OwnerCount, zone => OwnersByPage(run.Allocator, run.Allocator.ZoneAt(zone)));
}
