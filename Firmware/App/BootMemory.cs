using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Memory;

namespace Carveout.App
{
    /// <summary>The memory that was taken at boot: its map, its zones, and a pool of frames that no zone owns.</summary>
    internal sealed class BootMemory
    {
        private const string PoolOwner = "movie";

        private BootMemory(MemoryMap map, PhysicalMemory memory, string source)
        {
            Map = map;
            Memory = memory;
            Source = source;
        }

        /// <summary>Who lies where.</summary>
        internal MemoryMap Map { get; }

        /// <summary>The bytes.</summary>
        internal PhysicalMemory Memory { get; }

        /// <summary>What the bytes are, in a sentence.</summary>
        internal string Source { get; }

        /// <summary>The zones.</summary>
        internal PageAllocator Pages { get; private set; }

        /// <summary>The frames.</summary>
        internal ReservedPool Frames { get; private set; }

        /// <summary>Takes the memory, before anything else takes any.</summary>
        internal static BootMemory Reserve(BoardSetup setup)
        {
            ManagedMemory memory = BankReservation.Take(2 * ManagedMemory.MaxBankSize);
            int frame = (setup.Width * setup.Height * 2 + MemoryMap.DefaultPageSize - 1) / MemoryMap.DefaultPageSize * MemoryMap.DefaultPageSize;
            MemoryMap map = BankReservation.Describe(memory, setup.Buffers * frame);
            var boot = new BootMemory(map, memory, "managed banks");
            boot.Pages = PageAllocator.Boot(map, memory, new MonitorLock());
            boot.Frames = new ReservedPool(PoolOwner, map.FindReservation(BoardCatalog.PoolName).Start, frame, setup.Buffers);
            return boot;
        }
    }
}
