using System.Reflection;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>Compares the owner table with a dictionary: what it holds, what it drops, and that removing one entry loses no other.</summary>
[TestClass]
public sealed class OwnerTableProperties
{
    public TestContext TestContext { get; set; } = null!;

    /// <summary>With few slots every search collides and wraps around the end; with many addresses the table gets full.</summary>
    [TestMethod]
    [DataRow(8, 6)]
    [DataRow(8, 40)]
    [DataRow(16, 20)]
    [DataRow(64, 100)]
    [DataRow(1024, 1500)]
    public void Holds_what_a_dictionary_holds(int capacity, int addresses)
    {
        var run = new PropertyRun(TestContext, 0x0173E);
        run.Guard(() =>
        {
            for (int round = 0; round < TestSeed.Steps(10); round++)
            {
                uint[] universe = Addresses(addresses, run);
                Churn(new TableCalls(capacity), universe, run, 2000);
            }
        });
    }

    /// <summary>Every address has its home in one of the last two slots, so every chain wraps around the end of the arrays.</summary>
    [TestMethod]
    public void Goes_round_its_end()
    {
        var run = new PropertyRun(TestContext, 0x0173F);
        run.Guard(() =>
        {
            var universe = new List<uint>();
            while (universe.Count < 30)
            {
                uint address = (uint)run.Random.Next();
                if (address != 0 && unchecked(address * 2654435769u) >> 29 >= 6)
                {
                    universe.Add(address);
                }
            }
            Churn(new TableCalls(8), [.. universe.Distinct()], run, TestSeed.Steps(20_000));
        });
    }

    [TestMethod]
    public void Allocates_nothing()
    {
        var run = new PropertyRun(TestContext, 0x01740);
        uint[] universe = Addresses(1500, run);
        TableCalls calls = null!;
        long taken = ManagedHeap.LeastTaken(() =>
        {
            calls = new TableCalls(1024);
            return () => Use(calls, universe, run);
        });
        Assert.AreEqual(0L, taken);
        Assert.IsGreaterThan(0L, calls.Table.Dropped);
    }

    private static void Use(TableCalls calls, uint[] universe, PropertyRun run)
    {
        for (int i = 0; i < 100_000; i++)
        {
            uint address = universe[run.Random.Below(universe.Length)];
            if (calls.Table.Find(address) < 0)
            {
                calls.Record(address, i, i & 255);
            }
            else if (i % 3 == 0)
            {
                calls.Resize(address, 1);
            }
            else
            {
                calls.Forget(address);
            }
        }
    }

    private static void Churn(TableCalls calls, uint[] universe, PropertyRun run, int steps)
    {
        OwnerTable table = calls.Table;
        var held = new Dictionary<uint, (int Size, int Owner, int Sequence)>();
        int sequence = 0, most = table.Capacity - (table.Capacity / 8);
        long dropped = 0;
        bool filling = true;
        for (int step = 0; step < steps; step++)
        {
            uint address = run.Choose(universe);
            if (run.Chance(1))
            {
                filling = !filling;
            }
            if (held.ContainsKey(address) ? run.Chance(filling ? 20 : 80) : run.Chance(10))
            {
                run.Begin($"Forget({address:x8})");
                calls.Forget(address);
                held.Remove(address);
            }
            else if (held.TryGetValue(address, out (int Size, int Owner, int Sequence) entry) || run.Chance(10))
            {
                int size = 1 + run.Random.Below(1 << 20);
                run.Begin($"Resize({address:x8}, {size})");
                calls.Resize(address, size);
                if (held.ContainsKey(address))
                {
                    held[address] = entry with { Size = size };
                }
            }
            else
            {
                (int size, int owner) = (run.Random.Below(1 << 20), run.Random.Below(256));
                run.Begin($"Record({address:x8}, {size}, {owner})");
                calls.Record(address, size, owner);
                sequence++;
                if (held.Count < most)
                {
                    held.Add(address, (size, owner, sequence));
                }
                else
                {
                    dropped++;
                }
            }
            run.ExpectEqual(held.Count, table.Count, "allocations recorded");
            run.ExpectEqual(dropped, table.Dropped, "allocations dropped");
            run.ExpectEqual(sequence, table.Sequence, "the latest number");
            if (step % 16 == 0 || universe.Length < 50)
            {
                Compare(table, held, universe, run);
            }
        }
    }

    private static void Compare(OwnerTable table, Dictionary<uint, (int Size, int Owner, int Sequence)> held, uint[] universe, PropertyRun run)
    {
        foreach (uint address in universe)
        {
            int slot = table.Find(address);
            if (!held.TryGetValue(address, out (int Size, int Owner, int Sequence) entry))
            {
                run.ExpectEqual(-1, slot, "the slot of what is not recorded,", address);
                continue;
            }
            run.Expect(slot >= 0, "lost", address);
            (int, int, int) found = (table.SizeAt(slot), (int)table.OwnerAt(slot), table.SequenceAt(slot));
            run.Expect((entry.Size, entry.Owner, entry.Sequence) == found, "wrong entry", address);
        }
        int taken = Enumerable.Range(0, table.Capacity).Count(slot => table.AddressAt(slot) != 0);
        run.ExpectEqual(held.Count, taken, "slots taken");
    }

    /// <summary>An address of a page or object, near or far; 0xFFFFFFFF is one of them.</summary>
    private static uint[] Addresses(int count, PropertyRun run)
    {
        var addresses = new HashSet<uint> { uint.MaxValue };
        int shift = run.Choose([0, 5, 12]);
        while (addresses.Count < count)
        {
            uint address = run.Chance(80) ? 0xC0000000 + ((uint)run.Random.Below(4 * count) << shift) : (uint)run.Random.Next();
            if (address != 0)
            {
                addresses.Add(address);
            }
        }
        return [.. addresses];
    }

    /// <summary>A table, and the calls that allocators make to it.</summary>
    private sealed class TableCalls
    {
        public TableCalls(int capacity)
        {
            Table = new OwnerTable(capacity);
            Record = Method("Record").CreateDelegate<Action<uint, int, int>>(Table);
            Resize = Method("Resize").CreateDelegate<Action<uint, int>>(Table);
            Forget = Method("Forget").CreateDelegate<Action<uint>>(Table);
        }

        public OwnerTable Table { get; }

        public Action<uint, int, int> Record { get; }

        public Action<uint, int> Resize { get; }

        public Action<uint> Forget { get; }

        private static MethodInfo Method(string name) => typeof(OwnerTable).GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)!;
    }
}
