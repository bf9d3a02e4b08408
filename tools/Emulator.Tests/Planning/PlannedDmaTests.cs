using Carveout.Board.Boards;
using Carveout.Emulator.Planning;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>The DMA layer gets along with what a plan provides: every buffer of every stream is mapped at once. None bounces if the device
/// reaches it; all others bounce in the planned pieces.</summary>
[TestClass]
public sealed class PlannedDmaTests
{
    public static IEnumerable<object[]> Boards => BoardCatalog.Names().Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Every_buffer_can_be_mapped_at_once(string board)
    {
        Plan plan = Plans.Of(board, "97x96:RGB565:3", "64x48:GREY:2");
        MemoryMap map = PlannedBoard.CreateMap(plan.Layout);
        var memory = new EmulatedMemory(map);
        var planned = new PlannedBoard(plan.Layout, map, PageAllocator.Boot(map, memory, null!), memory);
        ReservedPool[] pools = [.. planned.CreatePools().Select(of => of.Single())];
        var streaming = new DmaStreaming(planned.Dma);
        bool bounces = planned.Bounce is not null;
        Assert.AreEqual(board == Esp32Cam.Name, bounces);
        var mapped = new List<(DmaDevice Device, uint Handle, int Size)>();
        for (int i = 0; i < pools.Length; i++)
        {
            VideoStream stream = planned.Parts[0].Of(i)!;
            int size = bounces ? stream.PieceSize : (int)stream.BufferBytes, count = bounces ? Contract.PiecesAtOnce : pools[i].Count;
            for (int n = 0; n < count; n++)
            {
                uint handle = streaming.MapSingle(stream.Device, pools[i].Alloc(), size, DmaDirection.FromDevice);
                Assert.AreNotEqual(0u, handle, $"stream {i + 1}, {n}");
                mapped.Add((stream.Device, handle, size));
            }
        }
        if (bounces)
        {
            Assert.AreEqual(4, planned.Dma.Bounce!.LiveCount);
            Assert.AreEqual(4, planned.Dma.Bounce.SlotCount, "and no slot more is reserved");
            Assert.AreEqual(0u, streaming.MapSingle(planned.Parts[0].Of(0)!.Device, pools[0].Alloc(), 64, DmaDirection.FromDevice));
        }
        foreach ((DmaDevice device, uint handle, int size) in mapped)
        {
            streaming.UnmapSingle(device, handle, size, DmaDirection.FromDevice);
        }
    }

    [TestMethod]
    public void Segments_are_as_the_dma_layer_cuts_them()
    {
        foreach (string board in BoardCatalog.Names().Where(name => name != Esp32Cam.Name))
        {
            Plan plan = Plans.Of(board, "204x100:RGB565:2", "64x48:GREY:2");
            var streaming = new DmaStreaming(plan.Board.Dma);
            foreach (VideoStream stream in Enumerable.Range(0, 2).Select(i => plan.Of(i).Single().Stream))
            {
                var whole = new ScatterList(1);
                var cut = new ScatterList(1000);
                whole.Append(stream.Start, (int)stream.BufferBytes);
                Assert.IsTrue(streaming.MapScatterList(stream.Device, whole, cut, DmaDirection.FromDevice));
                Assert.AreEqual(cut.Count, stream.Segments, board);
            }
        }
    }
}
