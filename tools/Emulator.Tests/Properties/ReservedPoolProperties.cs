namespace Carveout.Emulator.Tests.Properties;

/// <summary>Compares a pool of equal buffers with a stack of addresses.</summary>
[TestClass]
public sealed class ReservedPoolProperties
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(0x20000000u, 4096, 1)]
    [DataRow(0x20000100u, 100, 7)]
    [DataRow(0xC0000000u, 153_600, 3)]
    [DataRow(0x00000001u, 1, 300)]
    [DataRow(0x7FFFF000u, 0x1000, 5)]
    [DataRow(0xFFFF0000u, 0x1000, 16)]
    [DataRow(0xFFFFFFFFu, 1, 1)]
    [DataRow(0x00000001u, int.MaxValue, 2)]
    public void Hands_out_each_buffer_once(uint start, int size, int count)
    {
        var run = new PropertyRun(TestContext, 0x900);
        run.Guard(() =>
        {
            var pool = new ReservedPool("frames", start, size, count);
            var taken = new List<uint>();
            var freed = new Stack<uint>();
            for (int step = TestSeed.Steps(5000); step > 0; step--)
            {
                int draw = run.Random.Below(10);
                if (draw == 0)
                {
                    FreeWrongly(pool, taken, run);
                }
                else if (draw < 6 && run.Chance(90))
                {
                    Take(pool, taken, freed, run);
                }
                else if (taken.Count != 0)
                {
                    uint address = run.Choose(taken);
                    run.Begin($"Free({address})");
                    taken.Remove(address);
                    pool.Free(address);
                    freed.Push(address);
                }
                run.ExpectEqual(count - taken.Count, pool.FreeCount, "free buffers");
            }
        });
    }

    [TestMethod]
    [DataRow(0xFFFF0000u, 0x1000, 17)]
    [DataRow(0xFFFFFFFFu, 1, 2)]
    [DataRow(0xFFFFFFFFu, 2, 1)]
    [DataRow(0x00000001u, int.MaxValue, 3)]
    [DataRow(0x20000000u, int.MaxValue, int.MaxValue)]
    [DataRow(0u, 4096, 2)]
    [DataRow(0x20000000u, 0, 1)]
    [DataRow(0x20000000u, 1, 0)]
    [DataRow(0x20000000u, -1, -1)]
    [DataRow(0x20000000u, int.MinValue, int.MinValue)]
    public void Refuses_what_is_no_place_for_a_pool(uint start, int size, int count)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ReservedPool("frames", start, size, count));
        Assert.IsLessThan(100_000, GC.GetAllocatedBytesForCurrentThread() - before, "arrays were made before the numbers were checked");
    }

    private static void Take(ReservedPool pool, List<uint> taken, Stack<uint> freed, PropertyRun run)
    {
        run.Begin("Alloc()");
        uint address = pool.Alloc();
        if (taken.Count == pool.Count)
        {
            run.ExpectEqual(0, address, "the address when all are taken");
            return;
        }
        uint offset = address - pool.Start;
        run.ExpectEqual(0, offset % (uint)pool.BufferSize, "a buffer's offset, modulo its size");
        run.Expect(offset / (uint)pool.BufferSize < (uint)pool.Count, "the buffer lies outside the pool:", address);
        run.Expect(!taken.Contains(address), "a buffer was handed out twice:", address);
        if (freed.TryPop(out uint last))
        {
            run.ExpectEqual(last, address, "the buffer that was freed last");
        }
        taken.Add(address);
    }

    private static void FreeWrongly(ReservedPool pool, List<uint> taken, PropertyRun run)
    {
        uint size = (uint)pool.BufferSize, end = pool.Start + (size * (uint)pool.Count);
        uint address = run.Choose(
        [
            pool.Start, pool.Start + (size * (uint)run.Random.Below(pool.Count)), pool.Start + (uint)run.Random.Below(pool.BufferSize),
            pool.Start - 1, pool.Start - size, end, end - 1, 0u, uint.MaxValue, (uint)run.Random.Next(),
        ]);
        if (taken.Contains(address))
        {
            return;
        }
        run.Begin($"Free({address})");
        int before = pool.FreeCount;
        InvalidOperationException refusal = Assert.ThrowsExactly<InvalidOperationException>(() => pool.Free(address));
        run.Expect(refusal.Message.Contains(Board.HexText.Of(address), StringComparison.Ordinal), "the message does not name the address");
        run.Expect(refusal.Message.Contains("'frames'", StringComparison.Ordinal), "the message does not name the owner");
        run.ExpectEqual(before, pool.FreeCount, "free buffers behind a refused free");
    }
}
