using System.Text.Json;

namespace Carveout.Emulator.Tests.Maps;

/// <summary>Maps that can be read but not used: exit code 1, and every fault on a line of its own with its numbers.</summary>
[TestClass]
public sealed class MapFaultTests
{
    [TestMethod]
    [DataRow("""{ "name": "Z", "start": 4096, "size": 0, "kind": "sram" }""", "", "", "region Z at 0x00001000 (0 bytes) has size 0")]
    [DataRow("""{ "name": "O", "start": "0x2003FFE0", "size": "64", "kind": "sram" }""", "", "",
        "region O 0x2003ffe0-0x2004001f (64 bytes) overlaps region SRAM 0x20000000-0x2003ffff (262144 bytes): "
            + "they share 32 bytes from 0x2003ffe0")]
    [DataRow("""{ "name": "E", "start": "0xFFFFFFF0", "size": "17", "kind": "sram" }""", "", "",
        "region E at 0xfffffff0 (17 bytes) ends beyond the 32-bit address space: at most 15 bytes fit after its first")]
    [DataRow("""{ "name": "L", "start": "0x30000000", "size": "4K", "kind": "sram", "cacheLine": 48 }""", "", "",
        "region L 0x30000000-0x30000fff (4096 bytes) has cache lines of 48 bytes: expected 0 for none, or a power of two from 4 to 256")]
    [DataRow("", """{ "name": "far", "start": "0x60000000", "size": "1K" }""", "",
        "reservation far 0x60000000-0x600003ff (1024 bytes) lies where the chip has no memory: "
            + "region SRAM 0x20000000-0x2003ffff (262144 bytes) ends before it")]
    [DataRow("", """{ "name": "low", "start": "0x100", "size": "1K" }""", "",
        "reservation low 0x00000100-0x000004ff (1024 bytes) lies where the chip has no memory: no region begins below it")]
    [DataRow("", """{ "name": "long", "start": "0x20000000", "size": "512K" }""", "",
        "reservation long 0x20000000-0x2007ffff (524288 bytes) does not lie inside one region: "
            + "region SRAM 0x20000000-0x2003ffff (262144 bytes) holds only a part of it")]
    [DataRow("", """{ "name": "odd", "start": "0x20000010", "size": "32" }""", "",
        "reservation odd 0x20000010-0x2000002f (32 bytes) shares a cache line with its neighbour: "
            + "region SRAM wants start and size in multiples of 32 bytes")]
    [DataRow("", "", """{ "name": "N", "kind": "normal", "start": "0x20000800", "size": "8K" }""",
        "zone N 0x20000800-0x200027ff (8192 bytes) does not begin and end on a page of 4096 bytes")]
    [DataRow("", """{ "name": "r", "start": "0x20001000", "size": "1K" }""",
        """{ "name": "N", "kind": "normal", "start": "0x20000000", "size": "8K" }""",
        "zone N 0x20000000-0x20001fff (8192 bytes) would own reservation r 0x20001000-0x200013ff (1024 bytes): "
            + "they share 1024 bytes from 0x20001000")]
    [DataRow("", "", """{ "name": "D", "kind": "dma", "start": "0x10000000", "size": "8K", "engines": "general" }""",
        "zone D 0x10000000-0x10001fff (8192 bytes) serves general DMA, but region CCM 0x10000000-0x1000ffff is reached by no DMA engine")]
    [DataRow("", "", """{ "name": "D", "kind": "dma", "start": "0x20000000", "size": "8K" }""",
        "zone D 0x20000000-0x20001fff (8192 bytes) is a DMA zone and names no engine that it serves")]
    public void AFaultIsNamedWithItsNumbers(string region, string reservation, string zone, string expected)
    {
        using TemporaryMap file = TemporaryMap.With(region, reservation, zone);
        CommandLineRun run = CommandLineRun.Of("map", "--file", file.Path);

        Assert.AreEqual("", run.Error);
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("1 fault:", run.Lines[^2]);
        Assert.AreEqual(expected, run.Lines[^1]);
    }

    /// <summary>Maps that can be used but are probably wrong: exit code 0, and never together with a fault.</summary>
    [TestMethod]
    [DataRow("", "", "no zone: Carveout would have nothing to hand out; expected a zone where memory is to be its")]
    [DataRow("", """{ "name": "N", "kind": "normal", "start": "0x20000000", "size": "256K" }""",
        "zone N is all of region SRAM, the largest, where the runtime's heap usually lies; expected a reservation for the heap, such as clr-heap, here or "
            + "where it does lie")]
    [DataRow("", """
        { "name": "N", "kind": "normal", "start": "0x20000000", "size": "128K" }, { "name": "N1", "kind": "normal", "start": "0x20020000", "size": "128K" },
        { "name": "C", "kind": "normal", "start": "0x10000000", "size": "64K" }
        """, "no memory is left to the runtime: zones and pool have every byte; expected a reservation for its heap, such as clr-heap")]
    [DataRow("""{ "name": "clr-heap", "start": "0x10000000", "size": "64K" }""",
        """{ "name": "N", "kind": "normal", "start": "0x20000000", "size": "256K" }""", "")]
    [DataRow("""{ "name": "kernel", "start": "0x20000000", "size": "64K" }""",
        """{ "name": "N", "kind": "normal", "start": "0x20010000", "size": "192K" }""", "")]
    [DataRow("", """{ "name": "N", "kind": "normal", "start": "0x20010000", "size": "192K" }""", "")]
    public void AMapThatIsSeldomMeantIsWarnedOf(string reservation, string zone, string expected)
    {
        using TemporaryMap file = TemporaryMap.With("", reservation, zone);
        CommandLineRun run = CommandLineRun.Of("map", "--file", file.Path, "--json");
        Assert.AreEqual(0, run.ExitCode, run.Output);
        Assert.AreEqual(expected, string.Join('\n', JsonDocument.Parse(run.Output).RootElement.GetProperty("warnings").EnumerateArray()
            .Select(warning => warning.GetString())));

        run = CommandLineRun.Of("map", "--file", file.Path);
        Assert.AreEqual(0, run.ExitCode, run.Output);
        Assert.AreEqual((expected.Length == 0 ? "no faults" : "no faults, 1 warning:\n" + expected) + "\n", run.Output[run.Output.IndexOf("no faults")..]);
    }

    [TestMethod]
    public void EveryFaultHasALineOfItsOwn()
    {
        using TemporaryMap file = TemporaryMap.With(
            reservations: """{ "name": "a", "start": "0x20000000", "size": 0 }, { "name": "b", "start": "0x40000000", "size": 1 }""",
            zones: """{ "name": "N", "kind": "normal", "start": "0x20000001", "size": "4K" }""");
        CommandLineRun run = CommandLineRun.Of("map", "--file", file.Path);

        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("3 faults:", run.Lines[^4]);
        Assert.StartsWith("reservation a at 0x20000000 (0 bytes) has size 0", run.Lines[^3]);
        Assert.StartsWith("reservation b 0x40000000-0x40000000 (1 bytes) lies where", run.Lines[^2]);
        Assert.StartsWith("zone N 0x20000001-0x20001000 (4096 bytes) does not begin", run.Lines[^1]);
    }

    [TestMethod]
    public void AWrongPageSizeIsAFault()
    {
        using var file = new TemporaryMap("""{ "name": "x", "pageSize": 5000, "regions": [] }""");
        CommandLineRun run = CommandLineRun.Of("map", "--file", file.Path);

        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("page size 5000: expected a power of two from 256 to 65536", run.Lines[^1]);
    }

    [TestMethod]
    public void ARegionThatEndsAtFourGigabytesIsNone()
    {
        using TemporaryMap file = TemporaryMap.With("""{ "name": "TOP", "start": "0xFFFFF000", "size": "4K", "kind": "sram" }""");
        CommandLineRun run = CommandLineRun.Of("map", "--file", file.Path);

        Assert.AreEqual(0, run.ExitCode, run.Output);
        Assert.Contains("0xfffff000 0xffffffff   4 KB", run.Output);
    }

    [TestMethod]
    public void WhatIsClaimedTwiceIsMarkedInThePicture()
    {
        using TemporaryMap file = TemporaryMap.With(
            reservations: """{ "name": "r", "start": "0x20020000", "size": "128K" }""",
            zones: """{ "name": "N", "kind": "normal", "start": "0x20000000", "size": "192K" }""");
        CommandLineRun run = CommandLineRun.Of("map", "--file", file.Path);

        Assert.MatchesRegex(@"\nSRAM  ▒+ N ▒+!+ r \+ N !+░+ r ░+  256 KB\n", run.Output);
        Assert.Contains("!! claimed twice or outside", run.Output);
    }
}
