using Carveout.Board.Boards;
using Carveout.Firmware.Tests;

namespace Carveout.Emulator.Tests.Native;

/// <summary>Checks the three kinds of memory by the same contract.</summary>
[TestClass]
[DoNotParallelize] // The process has one native region.
public sealed class PhysicalMemoryContractTests
{
    private const string Managed = "managed", Native = "native", NativeAtTheTop = "native-at-4-gib", Emulated = "emulated";

    [TestMethod]
    [DataRow(Managed)]
    [DataRow(Native)]
    [DataRow(NativeAtTheTop)]
    [DataRow(Emulated)]
    public void Fill_sets_exactly_its_bytes(string kind) => Assert.AreEqual("", Contract(kind).FillSetsExactlyItsBytes());

    [TestMethod]
    [DataRow(Managed)]
    [DataRow(Native)]
    [DataRow(NativeAtTheTop)]
    [DataRow(Emulated)]
    public void Copy_is_right_where_its_spans_overlap(string kind) => Assert.AreEqual("", Contract(kind).CopyIsRightWhereItsSpansOverlap());

    [TestMethod]
    [DataRow(Managed)]
    [DataRow(Native)]
    [DataRow(NativeAtTheTop)]
    [DataRow(Emulated)]
    public void Read_and_write_keep_to_their_part_of_the_buffer(string kind) =>
        Assert.AreEqual("", Contract(kind).ReadAndWriteKeepToTheirPartOfTheBuffer());

    [TestMethod]
    [DataRow(Managed)]
    [DataRow(Native)]
    [DataRow(NativeAtTheTop)]
    [DataRow(Emulated)]
    public void Span_that_leaves_the_region_is_refused_and_nothing_changes(string kind)
    {
        (PhysicalMemory memory, uint start, int size) = Memory(kind);
        var contract = new PhysicalMemoryContract(memory, start, size);
        foreach ((uint address, int length) in ((uint, int)[])[(start, -1), (start, int.MinValue), (start, int.MaxValue), (start, size + 1),
            (start + 1, size), (start + (uint)size - 1, 2), (start - 1, 1), (start - 1, 2), (0, 1), (0x80000000, 1)])
        {
            Assert.AreEqual("", contract.IsRefusedAndNothingChanges(address, length, HexText.Of(address)));
        }
    }

    [TestMethod]
    [DataRow(Managed)]
    [DataRow(Native)]
    [DataRow(NativeAtTheTop)]
    public void Length_of_zero_is_allowed_and_changes_nothing(string kind) =>
        Assert.AreEqual("", Contract(kind).ALengthOfZeroIsAllowedAndChangesNothing());

    [TestMethod]
    [DataRow(Managed)]
    [DataRow(Native)]
    [DataRow(NativeAtTheTop)]
    [DataRow(Emulated)]
    public void Buffer_that_is_too_short_is_refused_and_nothing_changes(string kind) =>
        Assert.AreEqual("", Contract(kind).ABufferThatIsTooShortIsRefusedAndNothingChanges());

    [TestMethod]
    [DataRow(Managed)]
    [DataRow(Native)]
    [DataRow(NativeAtTheTop)]
    [DataRow(Emulated)]
    public void No_buffer_is_refused_and_nothing_changes(string kind) =>
        Assert.AreEqual("", Contract(kind).NoBufferIsRefusedAndNothingChanges());

    [TestMethod]
    [DataRow(Managed)]
    [DataRow(Native)]
    [DataRow(NativeAtTheTop)]
    [DataRow(Emulated)]
    public void Numbers_have_their_lowest_byte_first_at_any_address(string kind)
    {
        Assert.AreEqual("", Contract(kind).NumbersHaveTheirLowestByteFirstAtAnyAddress());
        Assert.AreEqual("", Contract(kind).ANumberThatLeavesTheRegionIsRefused());
    }

    private static PhysicalMemoryContract Contract(string kind)
    {
        (PhysicalMemory memory, uint start, int size) = Memory(kind);
        return new PhysicalMemoryContract(memory, start, size);
    }

    private static (PhysicalMemory Memory, uint Start, int Size) Memory(string kind) => kind switch
    {
        Managed => (new ManagedMemory(0x10000000, 5000), 0x10000000, 5000),
        Native => (RegionLibrary.Reserve(0x3F900000, 8192, 32), 0x3F900000, 8192),
        NativeAtTheTop => (RegionLibrary.Reserve(0xFFFFE000, 8192, 0), 0xFFFFE000, 8192),
        _ => (new EmulatedMemory(BoardCatalog.Create(Stm32F429Disco.Name, ZoneLayout.Single, PageMapKind.FreeBlocks, 0)), 0xD0000000, 0x800000),
    };
}
