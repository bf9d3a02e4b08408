namespace Carveout.Emulator.Timeline;

/// <summary>The counters of a zone: what is free, the largest block, and the free blocks of each order.</summary>
internal sealed class ZoneTracks
{
    private readonly TimelineOutput _output;
    private readonly int _process, _pageSize;
    private readonly Zone _zone;
    private readonly string _free, _largest;
    private readonly string[] _orders;
    private readonly int[] _counts = new int[PageMap.MaxPageOrder + 1];

    /// <summary>Counters of a zone.</summary>
    public ZoneTracks(TimelineOutput output, int process, Zone zone, int pageSize)
    {
        (_output, _process, _zone, _pageSize) = (output, process, zone, pageSize);
        _free = FreeOf(zone.Name);
        _largest = LargestOf(zone.Name);
        _orders = [.. Enumerable.Range(0, _counts.Length).Select(order => OrderOf(zone.Name, order))];
    }

    /// <summary>The name of the counter of free bytes.</summary>
    public static string FreeOf(string zone) => $"{zone} free";

    /// <summary>The name of the counter of the largest free block.</summary>
    public static string LargestOf(string zone) => $"{zone} largest free";

    /// <summary>The name of the counter of free blocks of an order.</summary>
    public static string OrderOf(string zone, int order) => string.Create(CultureInfo.InvariantCulture, $"{zone} free blocks of order {order}");

    /// <summary>Says how the zone stands.</summary>
    public void Say(long time)
    {
        _output.Counter(_process, time, _free, "bytes", (long)_zone.FreePages * _pageSize);
        _output.Counter(_process, time, _largest, "bytes", (long)_zone.LargestFreePages * _pageSize);
        Array.Clear(_counts);
        _zone.CountFree(_counts);
        for (int order = 0; order < _counts.Length; order++)
        {
            _output.Counter(_process, time, _orders[order], "blocks", _counts[order]);
        }
    }
}
