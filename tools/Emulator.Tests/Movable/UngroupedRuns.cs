using Carveout.Memory;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>RunMap as it is where nothing is movable: the run that fits best, whoever asks.</summary>
internal sealed class UngroupedRuns(int pages) : PageMap(pages, LargestOrderIn(pages))
{
    private readonly RunMap _runs = new(pages);

    public override int MetadataSize => _runs.MetadataSize;

    public override bool FitsExactly => true;

    public override int Alloc(int order, bool movable) => _runs.Alloc(order, movable);

    public override int AllocRun(int pages, int alignment) => _runs.AllocRun(pages, alignment);

    public override int Free(int page) => _runs.Free(page);

    public override void Trim(int page, int pages) => _runs.Trim(page, pages);

    public override int BlockAt(int page) => _runs.BlockAt(page);

    public override int BlockLength(int page) => _runs.BlockLength(page);

    public override int BlockFor(int pages) => pages;

    public override int ExtentAt(int page) => _runs.ExtentAt(page);

    public override bool TakeAt(int page, int pages) => _runs.TakeAt(page, pages);

    public override void Join(int page) => _runs.Join(page);

    public override int LargestFree() => _runs.LargestFree();

    public override void CountFree(int[] counts) => _runs.CountFree(counts);

    public override bool Drain() => false;
}
