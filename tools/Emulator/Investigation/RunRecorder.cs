using System.Runtime.InteropServices;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Investigation;

/// <summary>Records a run's memory: at each request for buffers, in the middle of each loop, and at the failure.</summary>
/// <remarks>It tracks owners from the first allocation on, which changes no placement. It never drains the allocator, so recording changes
/// nothing.</remarks>
internal sealed class RunRecorder : IRunObserver
{
    private OwnerTable _table;
    private readonly List<RunSample> _samples = [];
    private readonly List<MapSample> _maps = [];

    /// <summary>By loop, from 1: the number of the latest allocation when the loop began.</summary>
    private readonly List<int> _begins = [0];

    /// <summary>The live blocks, by number of their allocation, with the look that saw them last.</summary>
    private readonly Dictionary<int, (BlockLife Block, int Look)> _live = [];

    private readonly List<BlockLife> _lives = [];

    private int _looks;
    private readonly long _halfLoop;
    private readonly bool _wantsMaps;

    /// <summary>Makes the recorder of a run that has not begun.</summary>
    /// <param name="run">The run.</param>
    /// <param name="loopSeconds">The length of a loop of its movie.</param>
    /// <param name="wantsMaps">Whether to record maps, too.</param>
    public RunRecorder(PlayRun run, int loopSeconds, bool wantsMaps)
    {
        _halfLoop = loopSeconds * 500_000L;
        _wantsMaps = wantsMaps;
        PageAllocator allocator = run.Allocator;
        int pages = Enumerable.Range(0, allocator.ZoneCount).Sum(i => allocator.ZoneAt(i).Pages), slots = 8;
        // A table leaves one slot in eight empty.
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

    /// <summary>A sample for each request for buffers, without frame buffers in it. If the movie failed, the last sample is of the failure,
    /// with the buffers that the failing request did get.</summary>
    public IReadOnlyList<RunSample> Samples => _samples;

    /// <summary>Maps from the middle of each loop, with its frame buffers, and a map of the failure.</summary>
    public IReadOnlyList<MapSample> Maps => _maps;

    /// <summary>The layout of the maps.</summary>
    public MapLayout Layout { get; }

    /// <summary>The number of the zone that frames are taken from first, if they come from a zone.</summary>
    public int FrameZone { get; }

    /// <summary>Bytes of that zone that are reserved for Atomic requests.</summary>
    public long FrameZoneKeeps { get; }

    /// <summary>That zone's extfrag_index for the failing request; null if none failed.</summary>
    public int? FragmentationIndex { get; private set; }

    /// <summary>The blocks that a few pages made unusable for the failing request; null if it failed for another reason, or none
    /// failed.</summary>
    public TornBlocks? Torn { get; private set; }

    /// <summary>How many allocations found no room in the table of owners; known once the recorder is closed.</summary>
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

    /// <summary>The blocks that were live when a loop began or at the end, with the loops of their allocation and free; loop 0 is the time
    /// before the first loop. To be called when the run has ended.</summary>
    public IReadOnlyList<BlockLife> Lives()
    {
        LookAtBlocks();
        return [.. _lives.Concat(_live.Values.Select(live => live.Block)).OrderBy(block => block.Taken)];
    }

    /// <summary>Releases what is only needed while the run goes on, since an investigation keeps many recorders.</summary>
    public void Close()
    {
        Dropped = _table.Dropped;
        _table = new OwnerTable(8);
        _live.Clear();
        _lives.Clear();
        _begins.Clear();
    }

    /// <summary>The owner's number of each page of a zone, or -1 if the page is free.</summary>
    private short[] OwnersByPage(PageAllocator allocator, Zone zone)
    {
        short[] owners = new short[zone.Pages];
        Array.Fill<short>(owners, -1);
        for (int slot = 0; slot < _table.Capacity; slot++)
        {
            uint address = _table.AddressAt(slot);
            // The difference is unsigned, so it is huge for an address below the zone. Address 0 marks an empty slot and is in no zone.
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
        // Finds the first loop that began after this number was given out. It was given out in the loop before that.
        int low = 0, high = _begins.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _begins[middle] < sequence ? (middle + 1, high) : (low, middle);
        }
        return low - 1;
    }

    /// <summary>Notes which blocks are new since the last look, and which are gone.</summary>
    private void LookAtBlocks()
    {
        _looks++;
        for (int slot = 0; slot < _table.Capacity; slot++)
        {
            if (_table.AddressAt(slot) != 0)
            {
                int sequence = _table.SequenceAt(slot);
                ref (BlockLife Block, int Look) live = ref CollectionsMarshal.GetValueRefOrAddDefault(_live, sequence, out bool isKnown);
                live.Look = _looks;
                if (!isKnown)
                {
                    live.Block = new BlockLife((int)_table.OwnerAt(slot), _table.SizeAt(slot), LoopOf(sequence));
                }
            }
        }
        foreach ((int sequence, (BlockLife block, int look)) in _live)
        {
            if (look != _looks)
            {
                _live.Remove(sequence);
                _lives.Add(block with { Freed = _begins.Count - 1 });
            }
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
