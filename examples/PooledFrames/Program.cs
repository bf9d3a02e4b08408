using System;
using Carveout;
using Carveout.Board.Boards;
using Carveout.Video;

namespace PooledFrames
{
    /// <summary>Frames out of a pool that is taken at boot: a camera's picture arrives line by line and goes back when it was shown.</summary>
    public static class Program
    {
        public static void Main()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(Esp32Cam.Create());   // at boot, before anything else allocates
            FramePool pool = memory.CreatePool(new VideoFormat(320, 240, PixelFormat.RGB565), 3, "movie");
            var line = new byte[pool.Format.LineSize];
            if (!pool.TryRent("camera", out FrameBuffer frame))
            {
                Console.WriteLine("dropped, out: " + pool.Owners());
                return;
            }
            for (int y = 0; y < frame.Height; y++)
            {
                Capture(line, y);
                frame.WriteLine(y, line, 0);
            }
            Console.WriteLine(memory.Source + "\n" + memory.Owners());
            frame.Dispose();
        }

        /// <summary>Stands for the sensor.</summary>
        private static void Capture(byte[] line, int y)
        {
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = (byte)(i ^ y);
            }
        }
    }
}
