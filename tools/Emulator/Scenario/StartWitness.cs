using Carveout.Diagnostics;

namespace Carveout.Emulator.Scenario;

/// <summary>Records the zones' states at the moment when the pipeline is refused memory. Right after that, the pipeline frees what it did
/// get.</summary>
/// <remarks>The allocator asks shrinkers when a request finds no memory. This shrinker never frees any.</remarks>
/// <param name="pageSize">Bytes of a page.</param>
/// <param name="zone">The zone that frames are taken from first.</param>
/// <param name="zones">Reads the present state of every zone.</param>
internal sealed class StartWitness(int pageSize, Zone zone, Func<IReadOnlyList<ZoneState>> zones) : Shrinker
{
    private bool _watches;

    /// <inheritdoc/>
    public override string Name => "witness";

    /// <summary>Every zone's state at the first refusal of the last start; null if there was none.</summary>
    public IReadOnlyList<ZoneState>? Zones { get; private set; }

    /// <summary>What was wrong at that moment with the zone that frames are taken from first, in one line.</summary>
    public string Verdict { get; private set; } = "";

    /// <summary>Called before the pipeline starts; forgets earlier records.</summary>
    public void Begin()
    {
        _watches = true;
        Zones = null;
    }

    /// <summary>Called after the pipeline has started, or was refused.</summary>
    /// <param name="ordered">Whether an order made it fail, which says nothing about the zones.</param>
    public void End(bool ordered)
    {
        _watches = false;
        Zones = ordered ? null : Zones;
    }

    /// <inheritdoc/>
    public override int Shrink(int pages)
    {
        if (_watches && Zones is null)
        {
            Zones = zones();
            string facts = $"{Size(zone.FreePages)} free, largest {Size(zone.LargestFreePages)}, wanted {Size(pages)}";
            Verdict = zone.FreePages < pages ? $"{zone.Name} out of memory: {facts}"
                : zone.FreePages - pages >= zone.MinWatermark && zone.LargestFreePages < zone.BlockFor(pages)
                    ? $"{zone.Name} fragmented: {facts}, index {FragmentationIndex.Of(zone, PageMap.OrderOf(pages))}"
                    : $"{zone.Name} held back: {facts}, {Size(zone.MinWatermark)} kept by the watermark";
        }
        return 0;
    }

    private string Size(int pages) => SizeText.Of((long)pages * pageSize);
}
