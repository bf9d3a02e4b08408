namespace Carveout.Emulator.Scenario;

/// <summary>Counts of frames that went wrong, and of what was done about them, since the start of a run.</summary>
/// <param name="Dropped">Frames that the camera lost because no buffer was free.</param>
/// <param name="Damaged">Frames that reached memory only in part, and were not shown.</param>
/// <param name="Overruns">How many of these were damaged because the bus took their lines too late.</param>
/// <param name="Torn">Frames whose buffer was written while it was scanned or sent.</param>
/// <param name="Underruns">Scans that were damaged, because a line came too late or the bus refused it.</param>
/// <param name="DisplayErrors">Frames that were not sent to their end.</param>
/// <param name="Stalls">Waits of the pipeline that ended without a frame.</param>
/// <param name="Restarts">How often the pipeline started the camera again.</param>
/// <param name="LostInterrupts">Interrupts that were lost.</param>
/// <param name="Recovered">Frames without an interrupt that were found by asking the hardware.</param>
/// <param name="Copies">Frames that the CPU converted from one buffer to another.</param>
/// <param name="StaleLinesReadByCpu">Cache lines that the CPU read although a device had written to memory after they were filled.</param>
/// <param name="StaleLinesReadByDevices">Lines that a device read from memory although the CPU had written other bytes to the
/// cache.</param>
internal sealed record PixelCounts(long Dropped, long Damaged, long Overruns, long Torn, long Underruns, long DisplayErrors, long Stalls,
    long Restarts, long LostInterrupts, long Recovered, long Copies, long StaleLinesReadByCpu, long StaleLinesReadByDevices)
{
    /// <summary>What was counted after <paramref name="before"/>.</summary>
    public PixelCounts Since(PixelCounts before) => new(Dropped - before.Dropped, Damaged - before.Damaged, Overruns - before.Overruns,
        Torn - before.Torn, Underruns - before.Underruns, DisplayErrors - before.DisplayErrors, Stalls - before.Stalls,
        Restarts - before.Restarts, LostInterrupts - before.LostInterrupts, Recovered - before.Recovered, Copies - before.Copies,
        StaleLinesReadByCpu - before.StaleLinesReadByCpu, StaleLinesReadByDevices - before.StaleLinesReadByDevices);
}
