using Carveout.Board;
using Carveout.Memory;
using Internal.Runtime;

namespace Carveout.BareMetal
{
    /// <summary>On the LM3S6965: frames of 4 KB from the allocator, drawn by the CPU and sent to the OLED by SPI.</summary>
    internal static class Demonstration
    {
        private const int Frames = 20, PageSize = 256, Pages = 48;

        internal static bool IsAskedFor()
        {
            return Semihosting.CommandLineEndsWith("oled");
        }

        internal static int Run()
        {
            var zone = new Zone("NORMAL", ZoneKind.Normal, Machine.CarveoutStart, new RunMap(Pages));
            var pages = new PageAllocator(new[] { zone }, PageSize, new DirectMemory(), null);
            PageOwner owner = pages.RegisterOwner("display");
            var display = new Ssd0323();
            ManagedHeap.Close();

            uint shown = 0;
            for (int frame = 0; frame < Frames; frame++)
            {
                uint next = pages.AllocPagesExact(Ssd0323.FrameSize, GfpFlags.Kernel, owner);
                if (next == 0)
                {
                    Machine.Stop("no memory for a frame");
                }
                Draw(frame, next);
                display.Show(next);
                if (shown != 0)
                {
                    pages.FreePagesExact(shown, Ssd0323.FrameSize);
                }
                shown = next;
            }
            Semihosting.Write("ready\n");
            while (true)
            {
                Interrupts.Wait();
            }
        }

        private static void Draw(int frame, uint to)
        {
            for (int y = 0; y < Ssd0323.Height; y++)
            {
                for (int x = 0; x < Ssd0323.Width; x += 8)
                {
                    uint pixels = 0;
                    for (int i = 0; i < 8; i++)
                    {
                        // The lowest byte is sent first, and its upper half is the left pixel.
                        pixels |= (uint)TestCard.Grey(frame, x + i, y, Ssd0323.Height) << (i * 4 ^ 4);
                    }
                    Register.Write(to + (uint)(y * Ssd0323.Width + x) / 2, pixels);
                }
            }
        }
    }
}
