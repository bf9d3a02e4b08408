using Carveout.Emulator.Boards;
using Carveout.Emulator.Planning;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>Plans for streams alone.</summary>
internal static class Plans
{
    public static Plan Of(EmulatedBoard board, params string[] streams) => (Plan)Planner.Run(Request(board, streams), _ => { }, default);

    public static PlanRequest Request(EmulatedBoard board, params string[] streams) =>
        new(board, [.. streams.Select(Stream)], PlanRequest.DefaultLineAlignment, null, null, null);

    /// <summary>A plan for the heap of stock firmware.</summary>
    public static StockPlan Stock(StockHeap heap, EmulatedBoard? board, long leave, BufferSpec[] buffers, params string[] streams) =>
        (StockPlan)Planner.Run(Request(board ?? heap.ToBoard(), streams) with { Stock = new StockNeeds(heap, leave, buffers, []) }, _ => { }, default);

    private static StreamSpec Stream(string text)
    {
        Assert.AreEqual("", StreamSpec.TryParse(text, out StreamSpec? stream));
        return stream!;
    }
}
