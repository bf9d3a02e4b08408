using System.Runtime;
using Carveout.Board;
using Carveout.Memory;
using Internal.Runtime;

namespace Carveout.BareMetal
{
    /// <summary>On the AN505: a timer starts DMA transfers at random times, and the handler of their completion allocates, while the main
    /// loop allocates, too. The lock is the interrupt mask; with the word <c>unlocked</c> instead of <c>interrupt</c> there is none.</summary>
    internal static class Demonstration
    {
        private const uint DmaRegisters = 0x50110000;
        private const int DmaInterrupt = 58;

        private const int Pages = 256, PageSize = 4096, Operations = 20000;

        private static Traffic s_traffic;
        private static Capture s_capture;

        internal static bool IsAskedFor()
        {
            return Semihosting.CommandLineEndsWith("interrupt") || Semihosting.CommandLineEndsWith("unlocked");
        }

        internal static int Run()
        {
            InterruptMask mask = Semihosting.CommandLineEndsWith("unlocked") ? null : new InterruptMask();
            var zone = new Zone("DMA", ZoneKind.Dma, Machine.CarveoutStart, new FreeBlockMap(Pages, PageMap.DefaultHotOrders));
            var pages = new PageAllocator(new[] { zone }, PageSize, null, mask);
            pages.SetWatermarks(Pages / 16, 0);
            s_traffic = new Traffic(pages);
            s_capture = new Capture(pages, new Pl081(DmaRegisters));
            ManagedHeap.Close();

            Interrupts.Enable(DmaInterrupt);
            Interrupts.StartTimer(s_capture.NextMoment());
            s_traffic.Run(Operations);
            Interrupts.StartTimer(0);
            s_traffic.Drain();
            s_capture.Drain();
            // Empty the hot slots, so that the largest block is whole again.
            pages.DrainAllPages();

            Report("interrupts", s_capture.Interrupts);
            Report("held off by the lock", mask == null ? 0 : mask.HeldOff);
            Report("frames", s_capture.Frames);
            Report("overruns", s_capture.Overruns);
            Report("refused", s_capture.Refused);
            Report("wrong frames", s_capture.Wrong);
            Report("main loop's allocations", s_traffic.Allocations);
            Report("damaged", s_traffic.Damaged);
            Report("used pages", Pages - zone.FreePages);
            Report("largest free block", zone.LargestFreePages);
            bool whole = zone.FreePages == Pages && zone.LargestFreePages == Pages;
            return whole && s_traffic.Damaged + s_capture.Wrong == 0 ? 0 : 1;
        }

        /// <summary>The vector table uses these names. The processor calls them, and has pushed the registers that C# does not
        /// save.</summary>
        [RuntimeExport("timer_interrupt")]
        private static void OnTimer()
        {
            Interrupts.StartTimer(s_capture.NextMoment());
            s_capture.Start();
        }

        [RuntimeExport("device_interrupt")]
        private static void OnDevice()
        {
            s_capture.Complete();
        }

        private static void Report(string what, int value)
        {
            Semihosting.Write(what);
            Semihosting.Write(" ");
            Semihosting.Write((uint)value);
            Semihosting.Write("\n");
        }
    }
}
