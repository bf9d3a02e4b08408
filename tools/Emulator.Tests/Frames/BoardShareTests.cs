using Carveout.Board.Boards;

namespace Carveout.Emulator.Tests.Frames;

/// <summary>What Carveout gets on stock firmware of each board if the heap has it: the table of <see cref="CarveoutMemory"/>.</summary>
[TestClass]
public sealed class BoardShareTests
{
    [TestMethod]
    [DataRow(Esp32Cam.Name, 4, 782336, 786432)]
    [DataRow(Esp32S3.Name, 8, 552960, 2097152)]
    [DataRow(Stm32F429Disco.Name, 5, 782336, 2097152)]
    [DataRow(Stm32F746.Name, 1, 163840, 81920)]
    [DataRow(Stm32F769Disco.Name, 12, 782336, 4194304)]
    [DataRow(Stm32H743.Name, 1, 393216, 131072)]
    public void A_board_s_plan_leaves_the_application_its_share(string name, int banks, int last, int left)
    {
        MemoryMap board = BoardCatalog.Create(name);
        CarveoutMemory memory = CarveoutMemory.Reserve(board);
        var taken = (ManagedMemory)memory.Memory;

        Assert.AreEqual(banks, taken.BankCount);
        Assert.AreEqual(last, taken.BankSizeAt(banks - 1));
        Assert.AreEqual(left, (int)board.FindReservation("clr-heap")!.Size);
        int all = (banks - 1) * 191 * 4096 + last;
        Assert.IsTrue(Enumerable.Range(0, board.ZoneCount).Sum(i => board.ZoneAt(i).Size) - all is >= 0 and < 65536);
    }

    [TestMethod]
    public void A_zone_in_another_region_than_the_heap_s_is_not_taken_out_of_the_heap()
    {
        MemoryMap board = BoardCatalog.Create(Esp32Cam.Name, ZoneLayout.Split, PageMapKind.Runs, 1_000_000);
        CarveoutMemory memory = CarveoutMemory.Reserve(board);

        Assert.AreEqual(2, board.ZoneCount, "a DMA zone in internal RAM, which stock firmware does not use as heap");
        Assert.AreEqual(4, ((ManagedMemory)memory.Memory).BankCount);
        // A pool that is larger than a bank takes all of the first and a part of the second.
        Assert.AreEqual(191u * 4096, memory.Map.ReservationAt(0).Size);
        Assert.AreEqual(245u * 4096 - 191 * 4096, memory.Map.ReservationAt(1).Size);
        Assert.AreEqual(3, memory.Map.ZoneCount);
    }
}
