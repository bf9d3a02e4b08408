using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Mix;

/// <summary>All allocators at once on one board: no two clients share a byte, what they write survives, wrong calls change nothing, and at
/// the end everything is as it was at boot.</summary>
[TestClass]
public sealed class AllocatorMixTests
{
    private const int Steps = 12_000, Operations = 100_000;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Owner tracking and page hardening are switched on and off during the run.</summary>
    [TestMethod]
    [DataRow(false, false, DmaTail.Trim)]
    [DataRow(false, true, DmaTail.Exact)]
    [DataRow(true, false, DmaTail.Keep)]
    [DataRow(true, true, DmaTail.Trim)]
    public void Everybody_keeps_his_bytes_and_all_comes_back(bool hardened, bool shared, DmaTail tail)
    {
        var run = new PropertyRun(TestContext, 0x3A11);
        MixBoard board = null!;
        AllocatorMix mix = null!;
        MixMisuse misuse = null!;
        run.Guard(() =>
        {
            board = new MixBoard(hardened, shared, tail, KmallocSizes.Standard(2048));
            mix = new AllocatorMix(board, run);
            misuse = new MixMisuse(board, mix, run);
            int steps = TestSeed.Steps(Steps);
            for (int step = 0; step < steps; step++)
            {
                run.Begin($"{board.Pages.GetOwnerTable() != null} {board.Pages.GetPageHardening() != null} {board.Slabs.Owners != null}");
                if (run.Chance(6))
                {
                    misuse.Step();
                }
                if (step % 500 == 499)
                {
                    Switch(board, run);
                    run.ExpectEqual(0, board.Slabs.Validate(), "findings of caches");
                    run.ExpectEqual(0, board.Log.Total, "findings");
                }
                mix.Step();
            }
            mix.FreeAll();
            board.TakeDown(run);
        });
        Report(mix);
        TestContext.WriteLine($"{misuse.Refused} wrong calls refused; objects constructed {board.Constructed.SlabCount}");
        Assert.IsGreaterThan(TestSeed.Steps(500), misuse.Refused);
    }

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(true, true)]
    public void A_hundred_thousand_operations_allocate_no_byte(bool hardened, bool shared)
    {
        var run = new PropertyRun(TestContext, 0x3A12);
        MixBoard? board = null;
        AllocatorMix mix = null!;
        long taken = ManagedHeap.LeastTaken(() =>
        {
            board?.TakeDown(run);
            board = new MixBoard(hardened, shared, DmaTail.Trim, KmallocSizes.Fine(2048));
            if (hardened)
            {
                board.Pages.Harden(new PageHardening(board.Log, true, true, 6));
                board.Pages.TrackOwners(new OwnerTable(512));
                board.Slabs.TrackOwners(new OwnerTable(512));
            }
            mix = new AllocatorMix(board, run);
            return () =>
            {
                for (int i = 0; i < Operations; i++)
                {
                    mix.Step();
                }
                mix.FreeAll();
            };
        });
        Assert.AreEqual(0L, taken);
        board!.TakeDown(run);
        Report(mix);
    }

    private static void Switch(MixBoard board, PropertyRun run)
    {
        switch (run.Random.Below(6))
        {
            case 0:
                board.Pages.TrackOwners(null);
                break;
            case 1:
                board.Pages.TrackOwners(new OwnerTable(run.Chance(50) ? 8 : 512));
                break;
            case 2:
                board.Slabs.TrackOwners(null);
                break;
            case 3:
                board.Slabs.TrackOwners(new OwnerTable(run.Chance(50) ? 8 : 512));
                break;
            case 4:
                board.Pages.Harden(null);
                break;
            default:
                board.Pages.Harden(new PageHardening(board.Log, run.Chance(70), run.Chance(70), run.Random.Below(12)));
                break;
        }
    }

    private void Report(AllocatorMix mix)
    {
        TestContext.WriteLine($"taken by kind {string.Join(' ', mix.Taken[1..])}; failed {mix.Failed}, moved {mix.Moved}, trimmed {mix.Trimmed}, "
            + $"mapped {mix.Mapped}, bounced {mix.Bounced}");
        for (int kind = 1; kind < mix.Taken.Length; kind++)
        {
            Assert.IsGreaterThan(TestSeed.Steps(50), mix.Taken[kind], ((MixKind)kind).ToString());
        }
        Assert.IsGreaterThan(TestSeed.Steps(50), Math.Min(Math.Min(mix.Failed, mix.Moved), Math.Min(mix.Trimmed, Math.Min(mix.Bounced, mix.Mapped - mix.Bounced))));
    }
}
