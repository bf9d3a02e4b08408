using Carveout.Diagnostics;

namespace Carveout.Emulator.Tests.Slab;

/// <summary>Every sequence of a few calls of Kmalloc, Krealloc and Kfree around the largest cache, in a zone of six pages.</summary>
[TestClass]
public sealed class KmallocExhaustiveTests
{
    private const uint Start = 0xC0000000;
    private const int Pages = 6, PageSize = 256, Largest = 1024, MostLive = 3;

    /// <summary>With <c>CARVEOUT_ITERATIONS=2</c> one call more.</summary>
    private static readonly int s_steps = TestSeed.Iterations > 1 ? 5 : 4;

    /// <summary>An object, the largest object, one page and two more than that, and more than the zone has.</summary>
    private static readonly int[] s_sizes = [40, Largest, Largest + 1, Largest + (2 * PageSize), (Pages * PageSize) + 1];

    /// <summary>Each step: allocate one of the sizes, or free one of the live ones, or move it to another size.</summary>
    private static readonly int s_choices = s_sizes.Length + MostLive + (MostLive * 2);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(PageMapKind.Runs)]
    [DataRow(PageMapKind.FreeBlocks)]
    public void No_sequence_overlaps_loses_a_page_or_takes_a_wrong_free(PageMapKind map)
    {
        int sequences = (int)Math.Pow(s_choices, s_steps);
        int[] choices = new int[s_steps];
        int served = 0, refused = 0;
        for (int number = 0; number < sequences; number++)
        {
            for (int step = 0, rest = number; step < s_steps; step++, rest /= s_choices)
            {
                choices[step] = rest % s_choices;
            }
            Play(choices, map, ref served, ref refused);
        }
        TestContext.WriteLine($"{sequences} sequences, {served} requests served, {refused} refused");
        Assert.IsGreaterThan(0, refused);
    }

    private static void Play(int[] choices, PageMapKind map, ref int served, ref int refused)
    {
        var memory = new ManagedMemory(Start, Pages * PageSize);
        var pages = new PageAllocator([new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(map, Pages, 0))], PageSize, memory, null);
        var slabs = new SlabAllocator(pages, Pages);
        var kmalloc = new KmallocCaches(slabs, [Largest]);
        var live = new List<(uint Address, int Size)>();
        foreach (int choice in choices)
        {
            int which = (choice - s_sizes.Length) % MostLive;
            if (choice < s_sizes.Length)
            {
                if (live.Count < MostLive)
                {
                    Take(kmalloc.Kmalloc(s_sizes[choice], GfpFlags.Kernel), ref served, ref refused);
                }
            }
            else if (which < live.Count)
            {
                (uint address, int _) = live[which];
                live.RemoveAt(which);
                int move = ((choice - s_sizes.Length) / MostLive) - 1;
                if (move < 0)
                {
                    kmalloc.Kfree(address);
                    Assert.ThrowsExactly<InvalidOperationException>(() => kmalloc.Kfree(address), At());
                }
                else
                {
                    uint moved = kmalloc.Krealloc(address, s_sizes[1 + move], GfpFlags.Kernel);
                    // Without memory the old place stays.
                    refused += moved == 0 ? 1 : 0;
                    Take(moved == 0 ? address : moved, ref served, ref refused);
                }
            }
        }
        foreach ((uint address, int _) in live)
        {
            kmalloc.Kfree(address);
        }
        slabs.Shrink(int.MaxValue);
        pages.DrainAllPages();
        Assert.AreEqual(Pages, pages.ZoneAt(0).FreePages, At());
        Assert.AreEqual(0, pages.OwnerPages(pages.RegisterOwner("kmalloc-large")), At());

        string At() => $"{map}: {string.Join(' ', choices)}";

        void Take(uint address, ref int served, ref int refused)
        {
            if (address == 0)
            {
                refused++;
                return;
            }
            served++;
            int usable = kmalloc.Ksize(address);
            foreach ((uint other, int length) in live)
            {
                Assert.IsTrue(address + (uint)usable <= other || other + (uint)length <= address, At());
            }
            Assert.ThrowsExactly<InvalidOperationException>(() => kmalloc.Kfree(address + PageSize), At());
            live.Add((address, usable));
        }
    }
}
