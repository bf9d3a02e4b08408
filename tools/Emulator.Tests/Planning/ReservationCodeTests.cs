using Carveout.Board.Boards;
using Carveout.Emulator.Planning;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>The C# code that a plan prints: it compiles, and makes the planned map.</summary>
[TestClass]
public sealed class ReservationCodeTests
{
    public static IEnumerable<object[]> Boards => BoardCatalog.Names().Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void It_compiles_and_is_the_plan(string board)
    {
        Plan plan = Plans.Of(board, "96x96:RGB565:3", "64x48:GREY:2");
        Assert.IsTrue(plan.Fits);
        CompiledBoard compiled = CompiledBoard.Of(ReservationCode.Of(plan), ReservationCode.ClassName(board));
        MemoryMap map = compiled.Create();
        Assert.IsEmpty(map.Validate());
        Assert.AreEqual(Words(plan.Board.Map), Words(map));
        Reservation frames = map.FindReservation(BoardCatalog.PoolName)!;
        for (int i = 0; i < 2; i++)
        {
            string name = $"Stream{i + 1}";
            // This throws if the pool does not lie in the reservation.
            var pool = new ReservedPool(name, (uint)compiled[name + "Start"], (int)compiled[name + "BufferSize"], (int)compiled[name + "Buffers"]);
            Assert.AreEqual(plan.Of(i).Single().Stream.Start, pool.Start);
            Assert.AreEqual(plan.Of(i).Single().Stream.Buffers, pool.Count);
            Assert.IsGreaterThanOrEqualTo(frames.Start, pool.Start);
            Assert.IsLessThanOrEqualTo((long)frames.Start + frames.Size, pool.Start + ((long)pool.Count * pool.BufferSize));
        }
        if (board == Esp32Cam.Name)
        {
            Reservation bounce = map.FindReservation(PlannedBoard.BounceName)!;
            Assert.AreEqual(bounce.Start, (uint)compiled["BounceStart"]);
            Assert.AreEqual((long)bounce.Size, compiled["BounceSlotSize"] * compiled["BounceSlots"]);
        }
        Assert.AreEqual(map.ZoneCount, PageAllocator.Boot(map, null!, null!).ZoneCount);
    }

    private static string Words(MemoryMap map) => Carveout.Emulator.Maps.MapWriter.ToJson(map, []);
}
