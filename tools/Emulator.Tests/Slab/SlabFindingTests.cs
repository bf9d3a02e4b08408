namespace Carveout.Emulator.Tests.Slab;

/// <summary>Random use of hardened caches, with a byte overwritten now and then: each is one finding with its place, and there is no other
/// finding.</summary>
[TestClass]
public sealed class SlabFindingTests
{
    private const int Bytes = 100, StepsBetween = 60, MostTries = 100_000;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("poisoned", 1UL)]
    [DataRow("zoned", 2UL)]
    [DataRow("hardened", 3UL)]
    [DataRow("hardened", 4UL)]
    public void One_overwritten_byte_is_one_finding(string guard, ulong standard)
    {
        ulong seed = TestSeed.Or(standard);
        TestContext.WriteLine($"seed {seed} (set CARVEOUT_SEED to run another)");
        var world = new SlabWorld(guard, 190, null);
        var chance = new SplitMix64(seed);
        var context = new SlabContext(world, chance, 1, 200, false, $"{guard}, seed {seed}");
        int later = 0;
        for (int round = 0; round < Bytes; round++)
        {
            string at = $"{guard}, seed {seed}, round {round}";
            Run(context, StepsBetween);
            Assert.AreEqual(round, world.Log.Total, at + ": a finding out of nothing");
            (uint address, KmemCache cache, int offset, byte expected) = Target(world, context, chance, guard);
            byte[] old = new byte[1];
            world.Memory.Read(address + (uint)offset, old, 0, 1);
            Assert.AreEqual(expected, old[0], at);
            byte value = (byte)(expected ^ (1 + chance.Below(255)));
            world.Memory.Fill(address + (uint)offset, 1, value);
            if (chance.Below(2) == 0)
            {
                // During the run, or at the end, by freeing everything.
                Run(context, StepsBetween);
                context.FreeAll();
                world.Slabs.Shrink(int.MaxValue);
                later++;
            }
            else
            {
                Assert.AreEqual(1, world.Slabs.Validate(), at);
            }
            Assert.AreEqual(round + 1, world.Log.Total, at);
            int index = world.Log.Count - 1;
            Assert.AreEqual(cache.Name, world.Log.CacheAt(index), at);
            Assert.AreEqual(address, world.Log.AddressAt(index), at);
            Assert.AreEqual(offset, world.Log.OffsetAt(index), at);
            Assert.AreEqual(value, (byte)world.Log.FoundAt(index), at);
            Assert.AreEqual(expected, world.Log.ExpectedAt(index), at);
        }
        Assert.IsGreaterThan(Bytes / 4, later);
        context.FreeAll();
        world.ExpectFresh($"{guard}, seed {seed}");
        Assert.AreEqual(Bytes, world.Log.Total);
    }

    private static void Run(SlabContext context, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            context.Step();
        }
    }

    /// <summary>A byte that nobody may write: in a free object, beside an object, or behind what was asked for.</summary>
    private static (uint Address, KmemCache Cache, int Offset, byte Expected) Target(SlabWorld world, SlabContext context, SplitMix64 chance,
        string guard)
    {
        for (int tries = 0; tries < MostTries; tries++)
        {
            // The only object of its slab has no free neighbour, so another case is needed.
            if (context.Live.Count == 0 || tries % 16 == 15)
            {
                context.Step();
                continue;
            }
            (uint live, int size, KmemCache? own) = context.Live[chance.Below(context.Live.Count)];
            KmemCache cache = world.Slabs.FindCache(live)!;
            // A neighbour in the same slab, or the object itself.
            uint address = live + (uint)(chance.Below(7) - 3) * (uint)cache.Stride;
            bool isLive = context.Live.Exists(other => other.Address == address);
            if (world.Slabs.FindCache(address) != cache || (!isLive && !IsObject(cache, address)))
            {
                continue;
            }
            int slack = own == null && address == live ? cache.ObjectSize - size : 0, zone = cache.Stride - cache.ObjectSize;
            if (guard == "hardened" && slack > 0 && IsRecorded(world, address, size) && chance.Below(2) == 0
                && (cache.Debug & SlabDebug.RedZone) != 0)
            {
                return (address, cache, size + chance.Below(slack), 0xcc);
            }
            if (guard != "poisoned" && zone > 0 && (isLive || chance.Below(2) == 0) && (cache.Debug & SlabDebug.RedZone) != 0)
            {
                return (address, cache, cache.ObjectSize + chance.Below(zone), (byte)(isLive ? 0xcc : 0xbb));
            }
            if (guard != "zoned" && !isLive)
            {
                int offset = chance.Below(3) == 0 ? cache.ObjectSize - 1 : chance.Below(cache.ObjectSize);
                return (address, cache, offset, (byte)(offset == cache.ObjectSize - 1 ? 0xa5 : 0x6b));
            }
        }
        throw new AssertFailedException($"{guard}: no byte to overwrite among {context.Live.Count} objects");
    }

    private static bool IsRecorded(SlabWorld world, uint address, int size)
    {
        int slot = world.Slabs.Owners!.Find(address);
        return slot >= 0 && world.Slabs.Owners.SizeAt(slot) == size;
    }

    /// <summary>Whether a free object begins there: only then a second free is recognised as one.</summary>
    private static bool IsObject(KmemCache cache, uint address) =>
        Assert.ThrowsExactly<InvalidOperationException>(() => cache.Free(address)).Message.StartsWith("double free: ", StringComparison.Ordinal);
}
