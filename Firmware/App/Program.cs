using System;
using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Memory;

namespace Carveout.App
{
    /// <summary>The application to deploy: takes its memory at boot, loops a movie's buffers beside an application that leaks until it is
    /// refused, and prints what the kernel's /proc would show, and the latest operations for `carveout capture`.</summary>
    public static class Program
    {
        private const int RegionSize = 2 * ManagedMemory.MaxBankSize;

        /// <summary>QVGA at 16 bits a pixel is 153,600 bytes: 38 pages of 4 KB.</summary>
        private const int FrameSize = 38 * MemoryMap.DefaultPageSize;
        private const int Frames = 2;

        /// <summary>Loops of the movie; a page leaks in each of the application's rounds.</summary>
        private const int Loops = 100, LeaksPerLoop = 5;

        /// <summary>Operations that the trace at the end can tell of.</summary>
        private const int Traced = 512;

        /// <summary>Entry point on the device and on the host.</summary>
        public static void Main()
        {
            MemoryMap board = BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Single, PageMapKind.FreeBlocks, Frames * FrameSize);
            CarveoutMemory carveout = CarveoutMemory.Reserve(board, RegionSize);
            PageAllocator allocator = carveout.Pages;
            var trace = new TraceRing(Traced, new UptimeClock());
            allocator.Trace(trace);
            Console.WriteLine(carveout.ReserveText());

            // A board without PSRAM may have no room for two frames; what it has goes to the application.
            Reservation frames = carveout.Map.FindReservation(BoardCatalog.PoolName);
            if (frames != null)
            {
                PlayBesideALeak(allocator, carveout.Memory, new ReservedPool("movie", frames.Start, FrameSize, Frames), trace);
            }
            Console.WriteLine(ProcText.BuddyInfo(allocator));
            Console.WriteLine(ProcText.ZoneInfo(allocator));
            Console.WriteLine(ProcText.VmStat(allocator));
            var dump = new TraceDump(allocator, trace);
            for (string line = dump.Next(); line != null; line = dump.Next())
            {
                Console.WriteLine(line);
            }
        }

        private static void PlayBesideALeak(PageAllocator allocator, PhysicalMemory memory, ReservedPool pool, TraceRing trace)
        {
            int leak = allocator.RegisterOwner("app.leak"), refused = 0;
            for (int loop = 0; loop < Loops; loop++)
            {
                trace.MarkLoop(loop);
                for (int i = 0; i < LeaksPerLoop; i++)
                {
                    refused += allocator.AllocPages(GfpFlags.Kernel, 0, leak) == 0 ? 1 : 0;
                }
                uint front = pool.Alloc(), back = pool.Alloc();
                if (front == 0 || back == 0)
                {
                    Console.WriteLine("the movie failed at loop " + loop.ToString());
                    return;
                }
                memory.Fill(back, FrameSize, (byte)loop);
                memory.Copy(back, front, FrameSize);
                pool.Free(front);
                pool.Free(back);
            }
            Console.WriteLine("played " + Loops.ToString() + " loops, no failure; the application was refused " + refused.ToString() + " times");
            Console.WriteLine(FailureReport.ToText(allocator));
        }
    }
}
