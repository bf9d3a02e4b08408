namespace Carveout.Emulator.Scenario;

/// <summary>What went wrong with frames, and what was done to them, since the start of a run.</summary>
/// <param name="Dropped">Frames that the camera lost because no buffer was free.</param>
/// <param name="Damaged">Frames that reached memory in part, and were not shown.</param>
/// <param name="Overruns">Of those, frames whose lines the bus took too late.</param>
/// <param name="Torn">Scans, or frames sent, whose buffer was written meanwhile.</param>
/// <param name="Underruns">Scans that were damaged: a line came too late, or the bus refused it.</param>
/// <param name="DisplayErrors">Frames that were not sent to their end.</param>
/// <param name="Stalls">Waits of the pipeline in vain.</param>
/// <param name="Restarts">Times that it started the camera again.</param>
/// <param name="LostInterrupts">Interrupts that did not come.</param>
/// <param name="Recovered">Frames that were found by asking, because no interrupt told of them.</param>
/// <param name="Copies">Frames that the CPU converted from one buffer to another.</param>
/// <param name="StaleLinesReadByCpu">Cache lines that the CPU read although a device had written them since.</param>
/// <param name="StaleLinesReadByDevices">Cache lines that a device read although the CPU had written others since.</param>
internal sealed record PixelCounts(long Dropped, long Damaged, long Overruns, long Torn, long Underruns, long DisplayErrors, long Stalls,
    long Restarts, long LostInterrupts, long Recovered, long Copies, long StaleLinesReadByCpu, long StaleLinesReadByDevices)
{
    /// <summary>What came since <paramref name="before"/>.</summary>
    public PixelCounts Since(PixelCounts before) => new(Dropped - before.Dropped, Damaged - before.Damaged, Overruns - before.Overruns,
        Torn - before.Torn, Underruns - before.Underruns, DisplayErrors - before.DisplayErrors, Stalls - before.Stalls,
        Restarts - before.Restarts, LostInterrupts - before.LostInterrupts, Recovered - before.Recovered, Copies - before.Copies,
        StaleLinesReadByCpu - before.StaleLinesReadByCpu, StaleLinesReadByDevices - before.StaleLinesReadByDevices);
}
