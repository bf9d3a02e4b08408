using Carveout.Diagnostics;

namespace Carveout.Emulator.Scenario;

/// <summary>Sees how the zones stand at the moment at which the pipeline is refused memory: a moment later it has given back what it did
/// get.</summary>
/// <remarks>The allocator asks shrinkers when a request finds nothing; this one has nothing to give.</remarks>
/// <param name="pageSize">Bytes of a page.</param>
/// <param name="zone">The zone that frames come from first.</param>
/// <param name="zones">Every zone as it stands.</param>
internal sealed class StartWitness(int pageSize, Zone zone, Func<IReadOnlyList<ZoneState>> zones) : Shrinker
{
    private bool _watches;

    /// <inheritdoc/>
    public override string Name => "witness";

    /// <summary>Every zone at the first refusal of the last start; null where there was none.</summary>
    public IReadOnlyList<ZoneState>? Zones { get; private set; }

    /// <summary>What was wrong then with the zone that frames come from first, in one line.</summary>
    public string Verdict { get; private set; } = "";

    /// <summary>The pipeline starts; what was seen before is forgotten.</summary>
    public void Begin()
    {
        _watches = true;
        Zones = null;
    }

    /// <summary>It has started, or was refused.</summary>
    /// <param name="ordered">Whether it was refused as ordered, which says nothing about the zones.</param>
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
