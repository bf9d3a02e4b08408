using System;
using Carveout;
using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Video;

namespace OwnBoard
{
    /// <summary>A board that is in no catalog, with memory reserved for two frames that nobody else can take.</summary>
    public static class Program
    {
        public static void Main()
        {
            var board = new MemoryMap("my-board", MemoryMap.DefaultPageSize);
            board.Add(new MemoryRegion("PSRAM", MemoryKind.Psram, 0x3D000000, 0x400000, DmaEngines.Gdma, 32));
            board.Add(new ZonePlan("DMA", ZoneKind.Dma, 0x3D000000, 0x400000, DmaEngines.Gdma, PageMapKind.Runs));
            board.Reserve(BoardCatalog.PoolName, 0x3D000000, 2 * 155648);   // the zone gives way
            CarveoutMemory memory = CarveoutMemory.Reserve(board);
            FramePool pool = memory.CreatePool(new VideoFormat(320, 240, PixelFormat.RGB565), 2, "movie");
            Console.WriteLine(memory.IoMem() + pool.ToString());
        }
    }
}
