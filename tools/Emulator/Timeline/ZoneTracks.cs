using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Timeline;

/// <summary>The counters of a zone: its free memory, its largest block, and the free blocks of each order.</summary>
/// <param name="output">Receives the timeline.</param>
/// <param name="process">The zone's process.</param>
/// <param name="zone">The zone's name.</param>
internal sealed class ZoneTracks(TimelineOutput output, int process, string zone)
{
    private readonly string _free = $"{zone} free", _largest = $"{zone} largest free";
    private readonly string[] _orders =
        [.. Enumerable.Range(0, PageMap.MaxPageOrder + 1).Select(order => string.Create(CultureInfo.InvariantCulture, $"{zone} free blocks of order {order}"))];

    /// <summary>Writes the state of the zone.</summary>
    public void Say(long time, ZoneState state)
    {
        output.Counter(process, time, _free, "bytes", state.FreeBytes);
        output.Counter(process, time, _largest, "bytes", state.LargestFreeBytes);
        for (int order = 0; order < state.FreeBlocksPerOrder.Count; order++)
        {
            output.Counter(process, time, _orders[order], "blocks", state.FreeBlocksPerOrder[order]);
        }
    }
}
