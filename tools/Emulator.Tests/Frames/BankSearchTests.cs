using Carveout;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Frames;

/// <summary>How much a reservation takes of heaps of every size, with nanoFramework's clusters and blocks at their real sizes, compared
/// with the best that any sequence of arrays could take.</summary>
[TestClass]
public sealed class BankSearchTests
{
    private const int Page = 4096, KB = 1024, Seed = 20261129;

    public static IEnumerable<object[]> Heaps => Enumerable.Range(1, 128).Select(i => new object[] { 64 * i });

    [TestMethod]
    [DynamicData(nameof(Heaps))]
    public void Nine_tenths_of_what_there_is_are_taken_of_any_heap(int heapKB)
    {
        foreach (int small in (int[])[0, 400])
        {
            var heap = new ClusterHeap(heapKB * KB);
            heap.Occupy(new Random(Seed + heapKB), small, heapKB * KB / 2, small / 4);
            int possible = heap.FreeIn(Page), own = OwnBytes(possible);
            var search = new Search(heap, Page);
            MemoryBank[] banks = search.Take(16 * KB * KB, 0, true);

            Assert.AreEqual(search.Taken, banks.Sum(b => b.Size));
            // The pages that remain of a row of bytes belong to no bank.
            Assert.IsGreaterThanOrEqualTo(0.9 * (possible - own) - Page, search.Taken, $"{small} objects, possible {possible}");
            Assert.IsLessThanOrEqualTo(possible, search.Taken);
            Assert.IsGreaterThanOrEqualTo(0, heap.FreeBytes - OwnBytes(search.Taken) / 2, "nothing is left for the library's own tables");
            Assert.IsTrue(banks.Zip(banks.Skip(1)).All(p => p.First.Size >= p.Second.Size));
            Assert.IsTrue(banks.All(b => b.Size % Page == 0));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Heaps))]
    public void The_application_has_its_bytes_before_anybody_else(int heapKB)
    {
        foreach (int leave in (int[])[10 * KB, 1000 * KB])
        {
            var heap = new ClusterHeap(heapKB * KB);
            heap.Occupy(new Random(Seed + heapKB), 100, heapKB * KB / 8, 100);
            int free = heap.FreeBytes;
            var search = new Search(heap, Page);
            MemoryBank[] banks = search.Take(16 * KB * KB, leave, true);

            Assert.IsTrue(banks.Length == 0 || heap.FreeBytes >= leave, $"leave {leave}: {heap.FreeBytes} of {free}, {search.Taken} taken");
            Assert.IsTrue(banks.Length == 0 || search.Left >= leave, $"leave {leave}: said {search.Left}");
            Assert.IsTrue(banks.Length > 0 || free < leave + OwnBytes(0) + 3 * Page, $"leave {leave}: refused with {free} free");
        }
    }

    /// <summary>nanoframework/Home#1306: two arrays of 40 KB work, one of 80 KB fails.</summary>
    [TestMethod]
    public void Where_the_heap_has_no_array_for_all_of_it_smaller_ones_hold_it()
    {
        var heap = new ClusterHeap(96 * KB);
        heap.Pin(48 * KB);
        Assert.IsFalse(heap.TryTake(80 * KB));
        var search = new Search(heap, Page);
        MemoryBank[] banks = search.Take(80 * KB, 0, true);

        Assert.AreSequenceEqual(new[] { 44 * KB, 36 * KB }, banks.Select(b => b.Size).ToArray());
        Assert.AreEqual("", search.WhyNotMore);
    }

    [TestMethod]
    public void What_is_there_is_taken_without_a_refusal()
    {
        var heap = new ClusterHeap(3840 * KB);
        heap.Occupy(new Random(Seed), 300, 60 * KB, 100);
        var search = new Search(heap, Page);
        MemoryBank[] banks = search.Take(4 * 191 * Page, 384 * KB, false);

        Assert.AreSequenceEqual(new[] { 782336, 782336, 782336, 782336 }, banks.Select(b => b.Size).ToArray());
        Assert.AreEqual("", search.WhyNotMore);
        Assert.AreEqual(0, heap.Refusals);
    }

    /// <summary>One array of 80 KB fails and two of 40 KB work: two frames of 40 KB are served.</summary>
    [TestMethod]
    public void Two_banks_serve_what_one_array_could_not()
    {
        const int Frame = 40 * KB, Gap = 42 * KB / 12, Block = 12;
        var heap = new ClusterHeap(100 * KB);
        heap.Pin(Gap * Block);
        heap.Pin((2 * Gap + 1) * Block);
        Assert.IsFalse(heap.TryTake(2 * Frame));
        MemoryBank[] banks = new Search(heap, Page).Take(2 * Frame, 0, true);
        Assert.AreSequenceEqual(new[] { Frame, Frame }, banks.Select(bank => bank.Size));
        var memory = new ManagedMemory(0x10000000, banks);
        var map = new MemoryMap("managed banks", Page);
        for (int i = 0; i < banks.Length; i++)
        {
            map.Add(new MemoryRegion($"bank{i}", MemoryKind.Sram, memory.BankStartAt(i), Frame, DmaEngines.None, 0));
            map.Add(new ZonePlan($"NORMAL{i}", ZoneKind.Normal, memory.BankStartAt(i), Frame, DmaEngines.None, PageMapKind.Runs));
        }
        var pages = PageAllocator.Boot(map, memory, new MonitorLock());
        uint[] frames = [pages.AllocPagesExact(Frame, GfpFlags.Kernel, default), pages.AllocPagesExact(Frame, GfpFlags.Kernel, default)];
        Assert.AreSequenceEqual(new[] { memory.BankStartAt(0), memory.BankStartAt(1) }, frames.Order());

        // The same as a plan: the page allocator's page is a bank of its own.
        FramePool pool = FrameBanks.Reserve([Frame, Frame, Page]).CreatePool(new VideoFormat(160, 128, PixelFormat.RGB565), 2, "pictures");
        Assert.AreEqual(Frame, pool.Format.SizeImage);
        Assert.IsTrue(pool.IsReserved && pool.TryRent("a", out _) && pool.TryRent("b", out _));
    }

    /// <summary>A text, for one, that is made while the banks fill the heap ends the reservation in an exception of the runtime's.</summary>
    [TestMethod]
    [DynamicData(nameof(Heaps))]
    public void Nothing_is_made_while_the_search_has_the_whole_heap(int heapKB)
    {
        foreach (int leave in (int[])[0, 10 * KB])
        {
            // Run the same search several times, because the runtime itself may allocate during one of them (see ManagedHeap).
            Assert.Contains(0L, Enumerable.Range(0, 5).Select(_ => MadeWhileFull(heapKB, leave)), $"leave {leave}");
        }
    }

    private static long MadeWhileFull(int heapKB, int leave)
    {
        var heap = new ClusterHeap(heapKB * KB);
        heap.Occupy(new Random(Seed + heapKB), 400, heapKB * KB / 2, 100);
        var search = new Search(heap, Page);
        search.Take(16 * KB * KB, leave, true);
        return search.MadeWhileFull;
    }

    [TestMethod]
    public void Without_a_say_a_heap_that_has_not_both_is_shared_as_planned()
    {
        var heap = new ClusterHeap(1024 * KB);
        var search = new Search(heap, Page);
        search.Take(3 * KB * KB, KB * KB, false);

        Assert.IsTrue(search.Taken is > 700 * KB and < 780 * KB, search.Taken.ToString());
        Assert.IsTrue(search.Left is > 230 * KB and < 280 * KB, search.Left.ToString());
        Assert.Contains("left to the application", search.WhyNotMore);
    }

    /// <summary>About as many bytes as the library needs for itself, by docs/heap-budget.md.</summary>
    private static int OwnBytes(int taken) => 2048 + 768 * (taken / (191 * Page) + 2) + 9 * (taken / Page);

    private sealed class Search(ClusterHeap heap, int page) : BankSearch(page)
    {
        private long? _full;

        /// <summary>Bytes of the objects that were made between a refusal and the search's next request.</summary>
        public long MadeWhileFull { get; private set; }

        protected internal override bool TryTake(MemoryBank[] slots, int index, int size)
        {
            Look();
            if (!heap.TryTake(size))
            {
                _full = GC.GetAllocatedBytesForCurrentThread();
                return false;
            }
            slots[index] = new MemoryBank(size);
            return true;
        }

        private void Look()
        {
            MadeWhileFull += _full is long before ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
            _full = null;
        }

        protected override void Drop(MemoryBank[] slots, int index)
        {
            Look();
            heap.Free(slots[index].Size);
            base.Drop(slots, index);
        }
    }
}
