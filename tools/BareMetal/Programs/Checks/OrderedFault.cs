using Carveout.Board;
using Carveout.Memory;
using Internal.Runtime;

namespace Carveout.BareMetal
{
    /// <summary>Does what a program must not do, to show the consequences. The last word of the command line says what.</summary>
    internal static class OrderedFault
    {
        private static PageAllocator s_missing;
        private static int[] s_numbers;
        private static int s_index = 4;

        internal static int Run()
        {
            if (Semihosting.CommandLineEndsWith("null-reference"))
            {
                return s_missing.PageSize;
            }
            if (Semihosting.CommandLineEndsWith("null-array"))
            {
                return s_numbers[s_index];
            }
            s_numbers = new int[4];
            if (Semihosting.CommandLineEndsWith("index-out-of-range"))
            {
                return s_numbers[s_index];
            }
            if (Semihosting.CommandLineEndsWith("divide-by-zero"))
            {
                return s_index / s_numbers[0];
            }
            if (Semihosting.CommandLineEndsWith("heap-full"))
            {
                while (true)
                {
                    s_numbers = new int[1000];
                }
            }
            PageAllocator pages = Boot();
            uint block = pages.AllocPages(GfpFlags.Kernel, 2, pages.RegisterOwner("camera"));
            ManagedHeap.Close();
            if (Semihosting.CommandLineEndsWith("allocation-after-start-up"))
            {
                s_numbers = new int[s_index];
                return 0;
            }
            if (Semihosting.CommandLineEndsWith("many-allocations-after-start-up"))
            {
                while (true)
                {
                    s_numbers = new int[s_index];
                }
            }
            pages.FreePages(block);
            if (Semihosting.CommandLineEndsWith("double-free"))
            {
                pages.FreePages(block);
            }
            Semihosting.Write("no fault\n");
            return 0;
        }

        private static PageAllocator Boot()
        {
            var zone = new Zone("DMA", ZoneKind.Dma, Machine.CarveoutStart, new FreeBlockMap(16, PageMap.DefaultHotOrders));
            var normal = new Zone("NORMAL", ZoneKind.Normal, Machine.CarveoutStart + 0x1000, new RunMap(16));
            return new PageAllocator(new[] { zone, normal }, 256, new DirectMemory(), null);
        }
    }
}
