using Carveout.Board.Boards;
using Carveout.Emulator.Maps;
using Carveout.Emulator.Presentation;

namespace Carveout.Emulator.Tests.Maps;

/// <summary>The picture is to scale, and nothing is lost in it.</summary>
[TestClass]
public sealed class MapBarTests
{
    [TestMethod]
    public void CellsAddUpAndAreWithinOneOfTheExactShare()
    {
        int seed = (int)TestSeed.Or(1);
        Console.WriteLine($"seed {seed} (CARVEOUT_SEED replaces it)");
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++)
        {
            // Sizes of all magnitudes, from a byte beside gigabytes to equal ones.
            ulong[] sizes = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => 1 + (ulong)random.NextInt64(1L << random.Next(1, 33)))];
            int width = random.Next(1, 130);
            int[] cells = MapBar.Apportion(sizes, width);

            Assert.AreEqual(width, cells.Sum(), $"seed {seed}, round {round}");
            decimal total = sizes.Sum(size => (decimal)size);
            for (int i = 0; i < sizes.Length; i++)
            {
                Assert.IsLessThan(1, Math.Abs(cells[i] - (sizes[i] * (decimal)width / total)), $"seed {seed}, round {round}, piece {i}");
            }
        }
    }

    [TestMethod]
    public void APieceFarBelowACellIsStillSeen()
    {
        Assert.AreSequenceEqual(new[] { 59, 1 }, MapBar.Apportion([16 << 20, 100], 60));
        Assert.AreSequenceEqual(new[] { 1, 1, 58 }, MapBar.Apportion([250_000, 250_000, 16 << 20], 60));
    }

    [TestMethod]
    public void PiecesOfEveryBoardAddUpToTheirRegions()
    {
        foreach (string board in BoardCatalog.Names())
        {
            MemoryMap map = BoardCatalog.Create(board, ZoneLayout.Split, PageMapKind.Runs, 10_000);
            for (int i = 0; i < map.RegionCount; i++)
            {
                MemoryRegion region = map.RegionAt(i);
                ulong at = region.Start;
                foreach (RegionPiece piece in RegionPiece.Of(map, region))
                {
                    Assert.AreEqual(at, piece.Start, $"{board} {region.Name}");
                    Assert.IsGreaterThan(0ul, piece.Size);
                    at += piece.Size;
                }
                Assert.AreEqual((ulong)region.Start + region.Size, at, $"{board} {region.Name}");
            }
            Assert.IsEmpty(RegionPiece.Outside(map), board);
        }
    }

    [TestMethod]
    public void WhatHasNoBytesCutsNothingInTwo()
    {
        var map = new MemoryMap("x", 4096);
        map.Add(new MemoryRegion("A", MemoryKind.Sram, 0x1000, 0x1000, DmaEngines.None, 0));
        map.Add(new Reservation("all", 0x1000, 0x1000));
        map.Add(new Reservation("empty", 0x1800, 0));

        Assert.AreEqual(new RegionPiece(0x1000, 0x1000, PieceOwner.Reserved, "all"), RegionPiece.Of(map, map.RegionAt(0)).Single());
    }

    [TestMethod]
    public void BarsShowOwnersNamesAndBorders()
    {
        RegionPiece[] pieces =
        [
            new(0, 20, PieceOwner.Reserved, "heap"), new(20, 4, PieceOwner.Reserved, "stack"), new(24, 12, PieceOwner.DmaZone, "DMA"),
            new(36, 10, PieceOwner.NormalZone, "NORMAL"), new(46, 4, PieceOwner.Unassigned, RegionPiece.Unassigned),
        ];

        Assert.AreEqual("░░░░░░░ heap ░░░░░░░│░░░███ DMA ████▒ NORMAL ▒····", Text(MapBar.Draw(pieces, 50, new MapLook(unicode: true))));
        Assert.AreEqual("+++++++ heap +++++++|+++### DMA ####= NORMAL =....", Text(MapBar.Draw(pieces, 50, new MapLook(unicode: false))));
    }

    [TestMethod]
    public void WhatNoRegionHoldsIsCutAtTheRegionsBorders()
    {
        var map = new MemoryMap("x", 4096);
        map.Add(new MemoryRegion("B", MemoryKind.Sram, 0x3000, 0x1000, DmaEngines.None, 0));
        map.Add(new MemoryRegion("A", MemoryKind.Sram, 0x1000, 0x1000, DmaEngines.None, 0));
        map.Add(new Reservation("all", 0x800, 0x4000));
        map.Add(new Reservation("in", 0x1000, 0x1000));
        map.Add(new Reservation("empty", 0x9000, 0));

        Assert.AreSequenceEqual(
            new[] { (0x800ul, 0x800ul), (0x2000ul, 0x1000ul), (0x4000ul, 0x800ul) },
            RegionPiece.Outside(map).Select(piece => (piece.Start, piece.Size)).ToArray());
    }

    private static string Text(IReadOnlyList<(string Text, PieceOwner Owner)> spans) => string.Concat(spans.Select(span => span.Text));
}
