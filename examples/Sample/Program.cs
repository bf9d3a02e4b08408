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
            CarveoutMemory memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name));   // at boot, before anything else allocates
            Console.WriteLine(memory.Source);
            FramePool pool = memory.CreatePool(new VideoFormat(320, 240, PixelFormat.RGB565), 3, "movie");
            using (FrameBuffer frame = pool.Rent("display"))
            {
                new TestCard(frame.Width, frame.Height, frame.PixelFormat).DrawOn(frame, 1);
                new ConsoleDisplay(memory.Memory, frame.Format, 64, 12).Show(frame);
                Console.WriteLine(memory.Owners() + memory.BuddyInfo());
            }
        }
    }
}
