using System;
using System.Threading;
using Carveout;
using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Memory;

namespace SlabCache
{
    /// <summary>A slab cache that two threads share: samples of 48 bytes, outside of the managed heap.</summary>
    public static class Program
    {
        /// <summary>Offset of the temperature in a sample, in bytes.</summary>
        private const int Temperature = 8;

        private static CarveoutMemory s_memory;
        private static KmemCache s_samples;

        public static void Main()
        {
            s_memory = CarveoutMemory.Reserve(Esp32Cam.Create());
            var slabs = new SlabAllocator(s_memory.Pages, 16);   // the lock and the bytes are those of the memory
            s_samples = new KmemCache(slabs, "sample", 48);
            var other = new Thread(Measure);
            other.Start();
            Measure();
            other.Join();
            Console.WriteLine(SlabText.SlabInfo(slabs));
        }

        private static void Measure()
        {
            for (int i = 0; i < 1000; i++)
            {
                uint sample = s_samples.Alloc(GfpFlags.Kernel);
                s_memory.Memory.WriteInt32(sample + Temperature, 200 + i % 50);
                s_samples.Free(sample);
            }
        }
    }
}
