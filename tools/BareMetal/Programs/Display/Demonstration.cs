using Carveout.Board;
using Carveout.Memory;
using Internal.Runtime;

namespace Carveout.BareMetal
{
    /// <summary>On the RealView board: a camera leaves each frame in scattered pages, a DMA controller gathers it into a run of pages, and
    /// an LCD controller shows it from there.</summary>
    internal static class Demonstration
    {
        private const uint DmaRegisters = 0x10030000, LcdRegisters = 0x10020000;
        private const int Width = 320, Height = 240, FrameSize = Width * Height * 2, Frames = 30;
        private const int PageSize = 4096, Pages = 512, Descriptors = 40;
        private const uint VirtualStart = 0xD0000000;

        internal static bool IsAskedFor()
        {
            return Semihosting.CommandLineEndsWith("display");
        }

        internal static int Run()
        {
            var memory = new DirectMemory();
            uint start = Machine.CarveoutStart;
            var normal = new Zone("NORMAL", ZoneKind.Normal, start, new FreeBlockMap(Pages, PageMap.DefaultHotOrders));
            var dma = new Zone("DMA", ZoneKind.Dma, start + Pages * PageSize, new RunMap(Pages));
            var pages = new PageAllocator(new[] { normal, dma }, PageSize, memory, null);
            PageOwner owner = pages.RegisterOwner("video");
            var vmalloc = new Vmalloc(pages, memory, VirtualStart, 64, 8, 16);
            var kmalloc = new KmallocCaches(new SlabAllocator(pages, memory, 64, null, null), KmallocSizes.Standard(KmallocCaches.MaxSize));
            var list = new ScatterList(Descriptors);
            var chain = new DescriptorChain(Descriptors, Pl081.LargestTransfer, 4);
            var line = new byte[Width * 2];
            var controller = new Pl081(DmaRegisters);
            var lcd = new Pl111(LcdRegisters, Width, Height);
            ManagedHeap.Close();

            Scatter(pages, owner);
            uint sensor = vmalloc.Alloc(FrameSize, GfpFlags.Kernel, owner), shown = 0, wrong = 0;
            if (sensor == 0 || !list.Build(vmalloc, sensor, FrameSize) || !chain.Build(list))
            {
                Machine.Stop("no memory for the camera");
            }
            for (int frame = 0; frame < Frames; frame++)
            {
                Capture(frame, vmalloc, sensor, line);
                uint next = pages.AllocPagesExact(FrameSize, GfpFlags.Dma, owner);
                uint table = kmalloc.Kmalloc(Descriptors * Pl081.DescriptorSize, GfpFlags.Dma);
                if (next == 0 || table == 0)
                {
                    Machine.Stop("no memory for a frame");
                }
                controller.Start(chain, next, table);
                while (!controller.IsDone)
                {
                }
                controller.Acknowledge();
                kmalloc.Kfree(table);
                wrong += IsSame(vmalloc, sensor, next) ? 0u : 1;
                lcd.Show(next);
                if (shown != 0)
                {
                    pages.FreePagesExact(shown, FrameSize);
                }
                shown = next;
            }
            Semihosting.Write((uint)chain.Count);
            Semihosting.Write(" descriptors, ");
            Semihosting.Write(wrong);
            Semihosting.Write(" wrong frames\nready\n");
            while (true)
            {
                Interrupts.Wait();
            }
        }

        /// <summary>Leaves only every second one of the first pages free, so that no two of the camera's pages are adjacent.</summary>
        private static void Scatter(PageAllocator pages, PageOwner owner)
        {
            uint first = pages.AllocPages(GfpFlags.NoFallback, 0, owner), last = first;
            for (int i = 1; i < 2 * Descriptors; i++)
            {
                last = pages.AllocPages(GfpFlags.NoFallback, 0, owner);
            }
            for (uint page = first; page < last; page += 2 * PageSize)
            {
                pages.FreePages(page, 0);
            }
        }

        private static void Capture(int frame, Vmalloc vmalloc, uint sensor, byte[] line)
        {
            for (int y = 0; y < Height; y++)
            {
                for (int x = 0; x < Width; x++)
                {
                    int pixel = TestCard.Colour(frame, x, y, Height);
                    line[2 * x] = (byte)pixel;
                    line[2 * x + 1] = (byte)(pixel >> 8);
                }
                vmalloc.Write(sensor + (uint)(y * line.Length), line, 0, line.Length);
            }
        }

        private static bool IsSame(Vmalloc vmalloc, uint sensor, uint frame)
        {
            for (uint offset = 0; offset < FrameSize; offset += 4)
            {
                if (Register.Read(vmalloc.Translate(sensor + offset)) != Register.Read(frame + offset))
                {
                    return false;
                }
            }
            return true;
        }
    }
}
