using Carveout.Emulator.Boards;
using Carveout.Emulator.Planning;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>Plans for streams alone.</summary>
internal static class Plans
{
    public static Plan Of(EmulatedBoard board, params string[] streams) => Planner.Run(Request(board, streams), _ => { }, default);

    public static PlanRequest Request(EmulatedBoard board, params string[] streams) =>
        new(board, [.. streams.Select(Stream)], PlanRequest.DefaultLineAlignment, null, null, null);

    private static StreamSpec Stream(string text)
    {
        Assert.AreEqual("", StreamSpec.TryParse(text, out StreamSpec? stream));
        return stream!;
    }
}
