using System;
using Carveout;
using Carveout.Board;
using Carveout.Memory;
using Carveout.Video;

namespace CallCosts
{
    /// <summary>What the calls of a movie cost on the board that it runs on, beside what the managed heap asks for the same memory.</summary>
    public static class Program
    {
        /// <summary>The least of so many rounds is a call's price: what else runs on the board makes others dearer.</summary>
        private const int Rounds = 15;

        private static CarveoutMemory s_memory;
        private static FramePool s_pool;
        private static PageAllocator s_pages;
        private static int s_length;

        private delegate void Loop(int calls);

        public static void Main()
        {
            s_memory = CarveoutMemory.Reserve(192 * 1024);
            s_pool = s_memory.CreatePool(new VideoFormat(320, 240, PixelFormat.RGB565), 1, "movie");
            Console.WriteLine("ns a call or pair, least of " + Rounds.ToString() + " rounds");
            Print("lock", Least(Lock), 0);
            long fresh = PrintNew(4096);
            s_pages = s_memory.Pages;
            Print("AllocPages, FreePages", Least(Pages), fresh);
            s_pages = Blocks();
            Print("the same of blocks", Least(Pages), fresh);
            fresh = PrintNew(153600);
            Print("TryRent, Dispose", Least(Rent), fresh);
        }

        /// <summary>Prints the price of an array.</summary>
        private static long PrintNew(int length)
        {
            s_length = length;
            long price = Least(New);
            Print("new byte[" + length.ToString() + "]", price, 0);
            return price;
        }

        /// <param name="what">What was called.</param>
        /// <param name="price">Its nanoseconds.</param>
        /// <param name="fresh">Those of an array of the managed heap that holds as much; 0 where there is none to compare with.</param>
        private static void Print(string what, long price, long fresh)
        {
            Console.WriteLine(what.PadRight(24) + price.ToString().PadLeft(9)
                + (fresh <= 0 ? "" : "  " + (price / fresh).ToString() + "." + (price * 100 / fresh % 100).ToString("D2") + " of the new array"));
        }

        /// <summary>Pages of a buddy, with such a lock as those of <see cref="CarveoutMemory"/>, which are runs.</summary>
        private static PageAllocator Blocks()
        {
            var bank = new ManagedMemory(0x10000000, 16 * 4096);
            var zone = new Zone("BLOCKS", ZoneKind.Normal, bank.BankStartAt(0), PageMap.Create(PageMapKind.FreeBlocks, 16));
            var pages = new PageAllocator(new[] { zone }, 4096, bank, new MonitorLock());
            pages.SetWatermarks(0, 0);
            return pages;
        }

        /// <summary>The price of a pass of a loop, without that of the loop itself.</summary>
        private static long Least(Loop loop)
        {
            // As many calls as take some tenths of a second, since a board's clock may tick in milliseconds.
            int calls = 100;
            while (Time(loop, calls) < 200 * TimeSpan.TicksPerMillisecond)
            {
                calls *= 2;
            }
            long least = long.MaxValue, empty = long.MaxValue;
            for (int i = 0; i < Rounds; i++)
            {
                long full = Time(loop, calls), none = Time(Nothing, calls);
                least = full < least ? full : least;
                empty = none < empty ? none : empty;
            }
            return (least - empty) * 100 / calls;
        }

        private static long Time(Loop loop, int calls)
        {
            long start = DateTime.UtcNow.Ticks;
            loop(calls);
            return DateTime.UtcNow.Ticks - start;
        }

        private static void Nothing(int calls)
        {
            for (int i = 0; i < calls; i++)
            {
            }
        }

        private static void Lock(int calls)
        {
            for (int i = 0; i < calls; i++)
            {
                lock (s_memory)
                {
                }
            }
        }

        private static void New(int calls)
        {
            int length = s_length;
            for (int i = 0; i < calls; i++)
            {
                byte[] fresh = new byte[length];
            }
        }

        private static void Pages(int calls)
        {
            PageAllocator pages = s_pages;
            for (int i = 0; i < calls; i++)
            {
                pages.FreePages(pages.AllocPages(GfpFlags.Kernel, 0, PageOwner.Unknown));
            }
        }

        private static void Rent(int calls)
        {
            FramePool pool = s_pool;
            for (int i = 0; i < calls; i++)
            {
                pool.TryRent("movie", out FrameBuffer frame);
                frame.Dispose();
            }
        }
    }
}
