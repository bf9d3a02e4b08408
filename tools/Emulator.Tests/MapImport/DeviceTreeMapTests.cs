using System.Text;
using Carveout.Emulator.MapImport;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.MapImport;

/// <summary>Memory nodes and reserved-memory of device trees, as source and compiled.</summary>
[TestClass]
public sealed class DeviceTreeMapTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_kinds_of_reserved_memory_are_told_apart(bool compiled)
    {
        using var folder = new TemporaryFolder();
        CommandLineRun run = CommandLineRun.Of("map", "--dts", Written(folder, DeviceTreeSamples.Linux, compiled));
        Assert.AreEqual(0, run.ExitCode, run.Error + run.Output);
        Assert.StartsWith("ACME-camera-board: 512 MB in 1 region", run.Output);
        Assert.MatchesRegex(@"\nmemory@40000000 +0x40000000 0x5fffffff +512 MB SDRAM +general +64 B", run.Output);
        Assert.MatchesRegex(@"\n  memreserve +0x40000000 0x40000fff", run.Output);
        Assert.MatchesRegex(@"\n  ramoops@40100000 +0x40100000 0x4011ffff", run.Output);
        Assert.MatchesRegex(@"\n  vpu@50000000 +0x50000000 0x507fffff +8 MB reserved", run.Output);
        // The highest free place below the named reservations, within the node's ranges.
        Assert.MatchesRegex(@"\n  linux,cma +0x48000000 0x4fffffff +128 MB DMA zone +general", run.Output);
        Assert.MatchesRegex(@"\n  optee@5e000000 +0x5e000000 0x5fffffff +32 MB reserved", run.Output);
        Assert.DoesNotContain("off@41000000", run.Output);
        foreach (string remark in (string[])
        [
            "memory@40000000, 1024 MB from 0x100000000, lies above 4 GB and is left out.", "linux,cma has no place in the tree: the highest that is free",
            "linux,cma is a shared-dma-pool that the kernel may reuse, which is CMA: it is a zone here.",
            "vpu@50000000 is a shared-dma-pool that the kernel does not reuse", "dma-ranges of soc is not read", "Cache lines of 64 bytes",
        ])
        {
            Assert.Contains(remark, run.Output);
        }
        Assert.AreEqual(compiled, !run.Output.Contains("#include <dt-bindings/clock/acme.h> is not read."));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Memory_of_a_microcontroller_is_found_behind_its_buses(bool compiled)
    {
        using var folder = new TemporaryFolder();
        CommandLineRun run = CommandLineRun.Of("map", "--dts", Written(folder, DeviceTreeSamples.Zephyr, compiled));
        Assert.AreEqual(0, run.ExitCode, run.Error + run.Output);
        Assert.MatchesRegex(@"\nmemory@20000000 +0x20000000 0x2003ffff +256 KB SRAM +general +none", run.Output);
        Assert.MatchesRegex(@"\n  memory@20030000 +0x20030000 0x20033fff +16 KB reserved", run.Output);
        Assert.MatchesRegex(@"\nmemory@10000000 +0x10000000 0x1000ffff +64 KB core RAM +none", run.Output);
        Assert.MatchesRegex(@"\nsdram@0 +0xd0000000 0xd07fffff +8 MB SDRAM", run.Output);
        Assert.DoesNotContain("flash", run.Output);
        Assert.Contains("No cpu has d-cache-line-size: no cache is assumed.", run.Output);
    }

    [TestMethod]
    public void The_map_is_a_board_that_plays()
    {
        using var folder = new TemporaryFolder();
        CommandLineRun json = CommandLineRun.Of("map", "--dts", Written(folder, DeviceTreeSamples.Linux, false), "--json");
        Assert.AreEqual(0, json.ExitCode, json.Error);
        string board = folder.File("board.json");
        File.WriteAllText(board, json.Output);
        CommandLineRun run = CommandLineRun.Of("play", "--board", board, "--hours", "0.02");
        Assert.AreEqual(0, run.ExitCode, run.Error + run.Output);
    }

    /// <summary>Files in the same folder are read. A word that only the preprocessor can resolve matters only in properties about
    /// memory.</summary>
    [TestMethod]
    public void What_is_included_from_the_same_folder_is_read()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("soc.dtsi"), "/ { #address-cells = <1>; #size-cells = <1>; ram: memory@0 { device_type = \"memory\"; reg = <UNKNOWN 0>; x = <UNKNOWN(1, (2)) (1 == 2 ? 3 : (4))>; }; };");
        string path = folder.File("board.dts");
        File.WriteAllText(path, "/dts-v1/;\n#include \"soc.dtsi\"\n#if 1\n/include/ \"../other.dtsi\"\n#endif\n&ram { reg = <0x80000000 0x1000000>; };\n&nowhere { a; };\n");
        CommandLineRun run = CommandLineRun.Of("map", "--dts", path);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.MatchesRegex(@"\nmemory@0 +0x80000000 0x80ffffff +16 MB SDRAM", run.Output);
        Assert.Contains("../other.dtsi is not beside it and is not read.", run.Output);
        Assert.Contains("Conditions of the preprocessor are not evaluated", run.Output);
        File.WriteAllText(path, "/dts-v1/;\n#include \"soc.dtsi\"\n");
        CommandLineRun.Refused("soc.dtsi:1: 'UNKNOWN' is not a number: expected a source behind the C preprocessor, or a compiled tree", "map", "--dts", path);
    }

    [TestMethod]
    [DataRow("", "no device tree: expected a node '/ { ... };'")]
    [DataRow("hello", ":1: expected '/ {' or '&label {', found 'hello'")]
    [DataRow("/ {\n  memory {\n", ":3: expected a name, found the end of the file")]
    [DataRow("/ {\n  a = <1 2;\n};", ":2: expected a number, found ';'")]
    [DataRow("/ {\n  a = \"text;\n};", ":2: a string without end")]
    [DataRow("/ {\n  a = [1];\n};", ":2: expected bytes of two hexadecimal digits each")]
    [DataRow("/ {\n  a = /bits/ 7 <1>;\n};", ":2: /bits/ 7: expected 8, 16, 32 or 64")]
    [DataRow("/ { a; };", "no memory below 4 GB: expected a node with device_type")]
    [DataRow("/ {\n memory { device_type = \"memory\";\n reg = <0 1>; };\n};", ":3: reg of memory has 2 cells: expected 2 of an address and 1 of a size")]
    [DataRow("/ {\n #address-cells = <3>;\n memory { device_type = \"memory\"; reg = <0 1>; };\n};", "#address-cells 3 and #size-cells 1: expected 1 or 2 of each")]
    [DataRow("/ { #address-cells = <1>; memory { device_type = \"memory\"; reg = <0x1000 0>; }; };", "memory has no size: the boot loader fills it in.")]
    [DataRow("/ { #address-cells = <1>; memory { device_type = \"memory\"; reg = <0x1000 0x10000>; };\n reserved-memory { #address-cells = <1>; r {\n size = <0x100>; alignment = <3>; }; }; };",
        ":3: alignment 3: expected a power of two")]
    public void What_is_wrong_is_named_with_its_line(string source, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("bad.dts");
        File.WriteAllText(path, source);
        CommandLineRun.Refused(expected, "map", "--dts", path);
    }

    [TestMethod]
    public void A_damaged_compiled_tree_is_refused_with_its_byte()
    {
        using var folder = new TemporaryFolder();
        string path = Written(folder, DeviceTreeSamples.Linux, true);
        byte[] sound = File.ReadAllBytes(path);
        Refuse(sound[..20], "byte 0: 20 bytes: expected a header of 40");
        Refuse(sound[..200], "byte 12: the strings begin at byte ");
        Refuse([.. sound[..20], 0, 0, 0, 5, 0, 0, 0, 1, .. sound[28..]], "byte 20: version 5: expected 16 or 17");
        Refuse([.. sound[..8], 0x7F, 0, 0, 0, .. sound[12..]], "byte 8: the structure begin at byte 2130706432");

        void Refuse(byte[] bytes, string expected)
        {
            File.WriteAllBytes(path, bytes);
            CommandLineRun.Refused(expected, "map", "--dts", path);
        }
    }

    /// <summary>The expansion of macros that contain macros ends.</summary>
    [TestMethod]
    [Timeout(20_000)]
    public void Macros_that_grow_without_end_are_not_a_number()
    {
        var source = new StringBuilder("/dts-v1/;\n");
        for (int i = 0; i < 40; i++)
        {
            source.Append(System.Globalization.CultureInfo.InvariantCulture, $"#define A{i} (A{i + 1} + A{i + 1})\n");
        }
        source.Append("/ { #address-cells = <1>; memory { device_type = \"memory\"; reg = <A0 1>; }; };");
        using var folder = new TemporaryFolder();
        string path = folder.File("bomb.dts");
        File.WriteAllText(path, source.ToString());
        CommandLineRun.Refused("'A0' is not a number", "map", "--dts", path);
    }

    private static string Written(TemporaryFolder folder, string source, bool compiled)
    {
        string path = folder.File(compiled ? "tree.dtb" : "tree.dts");
        File.WriteAllBytes(path, compiled ? DtbBytes.Of(DtsReader.Read("tree.dts", Encoding.UTF8.GetBytes(source))) : Encoding.UTF8.GetBytes(source));
        return path;
    }
}
