using System.Collections.Concurrent;
using Carveout.Board.Boards;

namespace Carveout.Emulator.Tests.Machine;

[TestClass]
public sealed class EmulatedMemoryTests
{
    private const uint Sdram = 0xD0000000, SdramEnd = 0xD0800000;

    private static readonly EmulatedMemory s_memory = new(BoardCatalog.Create(Stm32F429Disco.Name, ZoneLayout.Single, PageMapKind.FreeBlocks, 0));

    [TestMethod]
    public void Reads_what_was_written_across_chunks_and_to_the_last_byte()
    {
        byte[] written = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))], seen = new byte[written.Length];
        uint at = SdramEnd - (uint)written.Length;
        s_memory.Write(at, written, 0, written.Length);
        s_memory.Read(at, seen, 0, seen.Length);
        Assert.AreSequenceEqual(written, seen);
        s_memory.Read(at + 70_000, seen, 5, 10);
        Assert.AreSequenceEqual(written[70_000..70_010], seen[5..15]);
    }

    [TestMethod]
    public void Holds_what_was_written_across_chunks_and_nothing_else()
    {
        byte[] written = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];
        s_memory.Write(Sdram + 50, written, 0, written.Length);
        Assert.IsTrue(s_memory.Holds(Sdram + 50, written));
        foreach (int at in (int[])[0, 65_485, 65_486, 99_999])
        {
            written[at] ^= 1;
            Assert.IsFalse(s_memory.Holds(Sdram + 50, written), $"byte {at}");
            written[at] ^= 1;
        }
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_memory.Holds(SdramEnd - 1, written));
    }

    [TestMethod]
    public void Storage_that_is_used_again_is_0()
    {
        MemoryMap map = BoardCatalog.Create(Stm32F429Disco.Name, ZoneLayout.Single, PageMapKind.FreeBlocks, 0);
        var spare = new ConcurrentBag<byte[]>();
        var first = new EmulatedMemory(map, spare);
        first.Fill(Sdram, 100_000, 0xEE);
        first.GiveBack();
        Assert.HasCount(2, spare);
        var second = new EmulatedMemory(map, spare);
        Assert.IsTrue(second.Holds(Sdram, new byte[100_000]));
        Assert.IsEmpty(spare);
    }

    [TestMethod]
    public void Copies_what_overlaps_as_memmove_does()
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6], seen = new byte[6];
        s_memory.Write(Sdram, bytes, 0, 6);
        s_memory.Copy(Sdram, Sdram + 2, 4);
        s_memory.Read(Sdram, seen, 0, 6);
        Assert.AreSequenceEqual((byte[])[1, 2, 1, 2, 3, 4], seen);
    }

    [TestMethod]
    public void Fills_exactly_the_span()
    {
        s_memory.Fill(Sdram + 100, 70_000, 0xEE);
        byte[] seen = new byte[70_002];
        s_memory.Read(Sdram + 99, seen, 0, seen.Length);
        Assert.AreNotEqual(0xEE, seen[0]);
        Assert.AreNotEqual(0xEE, seen[^1]);
        Assert.AreEqual(70_000, seen.Count(b => b == 0xEE));
    }

    [TestMethod]
    public void Cache_maintenance_changes_no_byte()
    {
        byte[] bytes = [1, 2, 3, 4], seen = new byte[4];
        s_memory.Write(Sdram, bytes, 0, 4);
        s_memory.CleanCache(Sdram, 4);
        s_memory.InvalidateCache(Sdram, 4);
        s_memory.Read(Sdram, seen, 0, 4);
        Assert.AreSequenceEqual(bytes, seen);
    }

    [TestMethod]
    [DataRow(Sdram - 1, 1)]
    [DataRow(SdramEnd, 1)]
    [DataRow(SdramEnd - 1, 2)]
    [DataRow(Sdram, -1)]
    [DataRow(0u, 1)]
    public void Span_outside_the_chip_is_refused_by_address(uint address, int length)
    {
        byte[] buffer = new byte[16];
        foreach (Action access in (Action[])[() => s_memory.Read(address, buffer, 0, length), () => s_memory.Write(address, buffer, 0, length),
            () => s_memory.Fill(address, length, 1), () => s_memory.Copy(address, Sdram, length), () => s_memory.Copy(Sdram, address, length),
            () => s_memory.CleanCache(address, length), () => s_memory.InvalidateCache(address, length)])
        {
            ArgumentOutOfRangeException e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(access);
            Assert.Contains(HexText.Of(address), e.Message);
        }
    }
}
