using Esp32Memory = nanoFramework.Hardware.Esp32.NativeMemory;

namespace Carveout.App
{
    /// <summary>What only ESP32 chips have: memory that esp-idf allocates, and whose free bytes it can report.</summary>
    internal static class Chip
    {
        internal static string NativeMemory() =>
            Heap("internal", Esp32Memory.MemoryType.Internal) + "; " + Heap("SPIRAM", Esp32Memory.MemoryType.SpiRam);

        private static string Heap(string name, Esp32Memory.MemoryType type)
        {
            uint size, free, largest;
            Esp32Memory.GetMemoryInfo(type, out size, out free, out largest);
            return name + " " + size.ToString() + " bytes, " + free.ToString() + " free, largest " + largest.ToString();
        }
    }
}
