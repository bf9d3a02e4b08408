namespace Carveout.Emulator.Tests.Properties;

/// <summary>Hardened pages under random use: every damage is reported once and to the byte, and nothing else is reported.</summary>
[TestClass]
public sealed class HardeningProperties
{
    private const int PageSize = HardenedModel.PageSize;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(40)]
    public void Clients_who_keep_to_their_bytes_are_never_reported(int quarantine)
    {
        var run = new PropertyRun(TestContext, 0xAA);
        run.Guard(() =>
        {
            var model = new HardenedModel(run, quarantine);
            for (int step = 0, allocations = 50; step < TestSeed.Steps(20_000); step++)
            {
                allocations = step % 500 == 0 ? run.Choose([30, 50, 80]) : allocations;
                model.Step(allocations);
                run.ExpectEqual(0, model.Log.Total, "findings");
                if (step % 100 == 0)
                {
                    model.Check();
                }
            }
            Assert.IsGreaterThan(0, model.Allocator.FailureCount);
            model.FreeAll();
            model.Check();
            model.CheckFirstLine();
            run.ExpectEqual(0, model.Log.Total, "findings");
        });
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(8)]
    public void One_wrong_byte_in_a_free_page_is_found_once(int quarantine)
    {
        var run = new PropertyRun(TestContext, 0xBB);
        run.Guard(() =>
        {
            var model = new HardenedModel(run, quarantine);
            // Only memory that was freed once is poisoned.
            model.TakeAll();
            model.FreeAll();
            for (int round = 0; round < TestSeed.Steps(60); round++)
            {
                Churn(model, run);
                uint page = model.FreePage();
                int offset = run.Random.Below(PageSize), owner = model.LastOwner(page);
                byte wrong = Corrupt(model, page + (uint)offset, PageHardening.Poison, run);
                long before = model.Log.Total;
                model.TakeAll();
                run.ExpectEqual(before + 1, model.Log.Total, "findings after a wrong byte in a free page");
                Expect(model, run, FindingKind.PoisonOverwritten, page, PageSize, owner, offset, PageSize - offset, PageHardening.Poison, wrong);
                model.FreeAll();
                model.TakeAll();
                run.ExpectEqual(before + 1, model.Log.Total, "findings after the page was found and freed again");
                model.FreeAll();
                model.CheckFirstLine();
            }
        });
    }

    [TestMethod]
    public void One_wrong_byte_behind_a_block_is_found_once()
    {
        var run = new PropertyRun(TestContext, 0xCC);
        run.Guard(() =>
        {
            var model = new HardenedModel(run, 8);
            for (int round = 0, found = 0; found < TestSeed.Steps(300); round++)
            {
                Churn(model, run);
                if (model.Slacks.Count == 0)
                {
                    continue;
                }
                uint address = run.Choose(model.Slacks);
                int size = model.SizeOf(address), slack = model.Slack(address), at = run.Random.Below(slack), owner = model.OwnerOf(address);
                byte wrong = Corrupt(model, address + (uint)(size + at), PageHardening.RedZone, run);
                run.ExpectEqual(found, model.Log.Total, "findings before the free");
                model.Free(address);
                run.ExpectEqual(++found, model.Log.Total, "findings after a wrong byte behind a block");
                Expect(model, run, FindingKind.RedZoneOverwritten, address, size, owner, size + at, slack - at, PageHardening.RedZone, wrong);
            }
        });
    }

    /// <summary>A device that runs for years may have more findings than an int can count.</summary>
    [TestMethod]
    public void Findings_are_counted_beyond_31_bits()
    {
        var run = new PropertyRun(TestContext, 0xCC);
        var model = new HardenedModel(run, 0);
        model.Log.GetType().GetProperty(nameof(FindingLog.Total))!.SetValue(model.Log, (long)int.MaxValue);
        uint page = model.Allocator.AllocPages(GfpFlags.Kernel, 0, PageOwner.Unknown);
        model.Allocator.FreePages(page);
        model.Memory.Write(page, [1], 0, 1);
        model.Allocator.AllocPages(GfpFlags.Kernel, 0, PageOwner.Unknown);
        Assert.AreEqual(1L << 31, model.Log.Total);
        Assert.AreEqual(model.Log.Capacity, model.Log.Count);
        Assert.AreEqual(1L << 31, model.Log.SequenceAt(model.Log.Count - 1));
        Assert.AreEqual((1L << 31) - model.Log.Capacity, model.Log.Overwritten);
    }

    private static void Churn(HardenedModel model, PropertyRun run)
    {
        for (int step = run.Random.Below(40); step >= 0; step--)
        {
            model.Step(60);
        }
    }

    private static byte Corrupt(HardenedModel model, uint address, byte expected, PropertyRun run)
    {
        run.Begin($"a wrong byte at {address:x8}");
        byte[] bytes = new byte[1];
        model.Memory.Read(address, bytes, 0, 1);
        run.ExpectEqual(expected, bytes[0], "the byte that was to be overwritten at", address);
        bytes[0] ^= (byte)(1 + run.Random.Below(255));
        model.Memory.Write(address, bytes, 0, 1);
        return bytes[0];
    }

    private static void Expect(
        HardenedModel model, PropertyRun run, FindingKind kind, uint address, int size, int owner, int offset, int rest, byte expected, byte wrong)
    {
        FindingLog log = model.Log;
        int last = log.Count - 1, count = Math.Min(rest, 8);
        ulong found = wrong;
        for (int i = 1; i < count; i++)
        {
            found |= (ulong)expected << (8 * i);
        }
        run.Expect(log.KindAt(last) == kind, $"the finding is {log.KindAt(last)}");
        run.ExpectEqual(address, log.AddressAt(last), "the finding's address");
        run.ExpectEqual(size, log.SizeAt(last), "the finding's size");
        run.ExpectEqual(owner, (int)log.OwnerAt(last), "the finding's owner");
        run.ExpectEqual(offset, log.OffsetAt(last), "the finding's offset");
        run.ExpectEqual(count, log.FoundBytesAt(last), "bytes of the finding");
        run.ExpectEqual((long)found, (long)log.FoundAt(last), "what was found");
        run.ExpectEqual(expected, log.ExpectedAt(last), "the byte expected");
        run.ExpectEqual(log.Total, log.SequenceAt(last), "the finding's number");
        run.Expect(log.CacheAt(last) is null, "pages come from no cache");
    }
}
