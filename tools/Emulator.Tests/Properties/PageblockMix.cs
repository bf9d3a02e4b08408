namespace Carveout.Emulator.Tests.Properties;

/// <summary>A zone whose pageblocks are observed: which contain small unmovable blocks, which contain others, and which both.</summary>
/// <param name="map">A map without hot slots, because a parked block keeps its pageblock from coming back.</param>
/// <param name="blockOrder">The order of a pageblock; the zone has a whole number of them.</param>
internal sealed class PageblockMix(CheckedMap map, int blockOrder, PropertyRun run)
{
    private readonly List<(int Page, bool Stays)> _live = [];

    /// <summary>Pageblocks that have had both kinds since they were last whole; new blocks of either kind are allowed there.</summary>
    private readonly bool[] _mixed = new bool[map.Map.Pages >> blockOrder];

    private int _most = map.Map.Pages;

    /// <summary>How many allocations found a whole pageblock free.</summary>
    public int Checked { get; private set; }

    /// <summary>How many pageblocks got both kinds.</summary>
    public int Mixed { get; private set; }

    public void Step()
    {
        if (run.Random.Below(500) == 0)
        {
            _most = run.Random.Below(map.Map.Pages + 1);
        }
        if (_live.Count != 0 && (map.Map.Pages - map.Model.FreePages > _most || run.Chance(20)))
        {
            int index = run.Random.Below(_live.Count);
            map.Free(_live[index].Page);
            _live.RemoveAt(index);
        }
        else
        {
            Alloc(run.Chance(50));
        }
    }

    private void Alloc(bool stays)
    {
        bool wholeLeft = map.Model.HasBlock(blockOrder);
        int page = map.Alloc(run.Random.Below((stays ? GroupedBlockMap.SmallOrder : blockOrder) + 1), !stays);
        if (page < 0)
        {
            return;
        }
        _live.Add((page, stays));
        Checked += wholeLeft ? 1 : 0;
        for (int block = 0; block < _mixed.Length; block++)
        {
            bool both = Holds(block, true) && Holds(block, false);
            run.Expect(!both || _mixed[block] || !wholeLeft, "a pageblock was mixed while a whole one was free: pageblock", block);
            Mixed += both && !_mixed[block] ? 1 : 0;
            _mixed[block] = both || (_mixed[block] && !map.Model.IsFree(block << blockOrder, 1 << blockOrder));
        }
    }

    private bool Holds(int block, bool stays) => _live.Exists(live => live.Stays == stays && live.Page >> blockOrder == block);
}
