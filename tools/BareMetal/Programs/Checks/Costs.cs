using Carveout.Board;
using Carveout.Memory;
using Internal.Runtime;

namespace Carveout.BareMetal
{
    /// <summary>Measures calls on a Cortex-M3, in instructions: 2048 pages of 4 KB, four fifths of them taken, victims at random.</summary>
    internal static class Costs
    {
        internal const int Pages = 2048, MostLivePages = Pages * 8 / 10, PageSize = 4096;

        private const int Slabs = 64, Mappings = 128, Blocks = 512;

        internal static int Run()
        {
            InstructionCounter.Start();
            var directed = new BlockSubject(", one page of the largest block", new FreeBlockMap(Pages, 0));
            var plain = new BlockSubject(", no hot slots", new FreeBlockMap(Pages, 0));
            var hot = new BlockSubject("", new FreeBlockMap(Pages, PageMap.DefaultHotOrders));
            var runs = new RunSubject(new RunMap(Pages));
            var pages = new PageSubject(NewPages(null));
            var exact = new ExactSubject(new PageAllocator(
                new[] { new Zone("NORMAL", ZoneKind.Normal, Machine.CarveoutStart, new RunMap(Pages)) }, PageSize, null, null));
            KmallocSubject kmalloc = NewKmalloc("", null), shared = NewKmalloc(", under a lock", new EmptyLock());
            DmaAllocator dma = NewDma(false), mapped = NewDma(true);
            var device = new DmaDevice("device", DmaEngines.General) { Alignment = 4, Snoops = true };
            dma.Attach(device);
            var coherent = new CoherentSubject(dma, device);
            var mapper = new DmaDevice("mapper", DmaEngines.General) { Alignment = 4, Snoops = true };
            mapped.Attach(mapper);
            var mapping = new MappingSubject(mapped, mapper, Machine.CarveoutStart);
            ManagedHeap.Close();

            directed.SplitAndMerge();
            Report(directed);
            Measure(plain);
            Measure(hot);
            Measure(runs);
            Measure(pages);
            Measure(exact);
            Measure(kmalloc);
            Measure(shared);
            Measure(coherent);
            Measure(mapping);
            return 0;
        }

        private static KmallocSubject NewKmalloc(string how, AllocatorLock allocatorLock)
        {
            var slabs = new SlabAllocator(NewPages(allocatorLock), null, Slabs, allocatorLock, null);
            return new KmallocSubject(how, new KmallocCaches(slabs, KmallocSizes.Standard(KmallocCaches.MaxSize)));
        }

        private static PageAllocator NewPages(AllocatorLock allocatorLock)
        {
            var zone = new Zone("NORMAL", ZoneKind.Normal, Machine.CarveoutStart, new FreeBlockMap(Pages, PageMap.DefaultHotOrders));
            return new PageAllocator(new[] { zone }, PageSize, null, allocatorLock);
        }

        /// <param name="taken">Whether to make every page a taken block, for tests that map.</param>
        private static DmaAllocator NewDma(bool taken)
        {
            const uint Size = (uint)Pages * PageSize;
            var map = new MemoryMap("costs", PageSize);
            map.Add(new MemoryRegion("PSRAM", MemoryKind.Psram, Machine.CarveoutStart, Size, DmaEngines.General, 0));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, Machine.CarveoutStart, Size, DmaEngines.General, PageMapKind.Runs));
            var memory = new DirectMemory();
            PageAllocator pages = PageAllocator.Boot(map, memory, null);
            pages.SetWatermarks(0, 0);
            for (int page = 0; taken && page < Pages; page++)
            {
                pages.AllocPages(GfpFlags.Dma, 0, PageOwner.Unknown);
            }
            return new DmaAllocator(pages, map, memory, null, Mappings, Blocks);
        }

        private static void Measure(Subject subject)
        {
            subject.Churn();
            Report(subject);
        }

        private static void Report(Subject subject)
        {
            subject.Allocs.Write();
            subject.Frees.Write();
        }
    }
}
