using System;
using Carveout;
using Carveout.Board.Boards;
using Carveout.Video;
using Carveout.Video.Displays;

namespace Sample
{
    public static class Program
    {
        public static void Main()
        {
            try
            {
                Show();
            }
            catch (Exception e)
            {
                // A heap that is too small for the picture, say: the message has the bytes.
                Console.WriteLine("no picture: " + e.Message);
            }
        }

        private static void Show()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(Esp32Cam.Create());   // at boot, before anything else allocates
            Console.WriteLine(memory.Source);
            var display = new ConsoleDisplay(memory.Memory, new VideoFormat(320, 240, PixelFormat.RGB565), 64, 12);
            using (FrameBuffer frame = memory.AllocFrame(display.Format, "sample"))
            {
                new TestCard(frame.Width, frame.Height, frame.PixelFormat).DrawOn(frame, 1);
                display.Show(frame);
                Console.WriteLine(memory.Owners() + memory.BuddyInfo());   // who has it, and what is left in which sizes
            }
        }
    }
}
