using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Slab;

/// <summary>Once made, caches allocate nothing from the managed heap, whatever they check.</summary>
[TestClass]
public sealed class SlabAllocationTests
{
    private const int Calls = 100_000;

    [TestMethod]
    [DataRow("plain", false)]
    [DataRow("locked", true)]
    [DataRow("tracked", true)]
    [DataRow("poisoned", false)]
    [DataRow("zoned", true)]
    [DataRow("hardened", true)]
    public void Nothing_is_allocated_in_100_000_calls(string guard, bool isLocked)
    {
        var world = new SlabWorld(guard, 190, isLocked ? new FlatLock() : null);
        var chance = new SplitMix64(7);
        uint[] live = new uint[300];
        KmemCache?[] caches = new KmemCache?[live.Length];
        Assert.AreEqual(0L, ManagedHeap.LeastTaken(() => Mix(Calls)));

        void Mix(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                int slot = chance.Below(live.Length);
                KmemCache? cache = caches[slot];
                if (i % 5000 == 4999)
                {
                    world.Slabs.Validate();
                    world.Slabs.Shrink(8);
                }
                if (live[slot] == 0)
                {
                    cache = caches[slot] = chance.Below(2) == 0 ? null : world.Caches[chance.Below(world.Caches.Length)];
                    GfpFlags gfp = (GfpFlags)(chance.Below(2) * (int)GfpFlags.Atomic + chance.Below(2) * (int)GfpFlags.Zero);
                    live[slot] = cache == null ? world.Kmalloc.Kmalloc(1 + chance.Below(32 << chance.Below(9)), gfp, world.Owner) : cache.Alloc(gfp);
                }
                else if (cache == null && i % 3 == 0)
                {
                    uint moved = world.Kmalloc.Krealloc(live[slot], 1 + chance.Below(4096), GfpFlags.Kernel);
                    live[slot] = moved == 0 ? live[slot] : moved;
                }
                else if (cache == null)
                {
                    world.Kmalloc.Ksize(live[slot]);
                    world.Kmalloc.Kfree(live[slot]);
                    live[slot] = 0;
                }
                else
                {
                    cache.Free(live[slot]);
                    live[slot] = 0;
                }
            }
        }
    }
}
