namespace Carveout.Emulator.Tests.Movable;

/// <summary>RunMap as it is where nothing is movable: the run that fits best, whoever asks.</summary>
internal sealed class UngroupedRuns(int pages) : ForwardingMap(new RunMap(pages))
{
    public override int AllocRunGrouped(int pages, int alignment, bool movable) => AllocRun(pages, alignment);
}
