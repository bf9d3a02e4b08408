using System.Text;

namespace Carveout.Emulator.Tests.Maps;

/// <summary>Files that are not maps are refused in one line that says where, with exit code 2. Every form of a map is accepted.</summary>
[TestClass]
public sealed class MapFileTests
{
    private const string Region = """{ "name": "R", "start": 0, "size": 4096, "kind": "sram" }""";

    [TestMethod]
    [DataRow("", ": the file is empty")]
    [DataRow(" \n\t\n", ": the file is empty")]
    [DataRow("hello", ":1: not JSON: expected an object in braces")]
    [DataRow("// nothing but a comment", ":1: not JSON: expected an object in braces")]
    [DataRow("{\n  \"name\" \"x\" }", ":2: not JSON: '\"' is invalid after a property name. Expected a ':'")]
    [DataRow("{\n\"name\": \"x\",\n\"regions\": [", ":3: not JSON: ")]
    [DataRow("{ \"name\": \"x\", \"regions\": [] }\n{}", ":2: not JSON: '{' is invalid after a single JSON value. Expected end of data")]
    [DataRow("{ \"name\": \"\\ud800\", \"regions\": [] }", ":1: not JSON: a string is not valid Unicode")]
    [DataRow("null", ":1: expected an object, found null")]
    [DataRow("[]", ":1: expected an object, found an array")]
    [DataRow("\"map\"", ":1: expected an object, found \"map\"")]
    [DataRow("{}", ":1: a map needs the key \"name\"")]
    [DataRow("{ \"regions\": [] }", ":1: a map needs the key \"name\"")]
    [DataRow("\n{ \"name\": \"x\" }", ":2: a map needs the key \"regions\"")]
    [DataRow("{ \"name\": \"x\", \"regions\": null }", ":1: regions: expected an array, found null")]
    [DataRow("{ \"name\": \"x\", \"regions\": {} }", ":1: regions: expected an array, found an object")]
    [DataRow("{ \"name\": \"x\", \"regions\": [],\n\"zone\": [] }",
        ":2: zone: unknown key; a map has name, regions, pageSize, reservations, zones")]
    [DataRow("{ \"name\": \"x\", \"regions\": [],\n\"Zones\": [] }", ":2: Zones: unknown key; ")]
    [DataRow("{ \"name\": \"x\", \"regions\": [], \"a\\u001bb\": [] }", ":1: [\"a\\u001Bb\"]: unknown key; ")]
    [DataRow("{ \"name\": \"x\", \"regions\": [],\n\"name\": \"y\" }", ":2: name: the key is given twice")]
    [DataRow("{ \"name\": 5, \"regions\": [] }", ":1: name: expected a name, found 5")]
    [DataRow("{ \"name\": \"\", \"regions\": [] }", ":1: name: a name has 1 to 32 printable characters")]
    [DataRow("{ \"name\": \"a\\u001b[31mb\", \"regions\": [] }", ":1: name: a name has 1 to 32 printable characters")]
    [DataRow("{ \"name\": \"two\\nlines\", \"regions\": [] }", ":1: name: a name has 1 to 32 printable characters")]
    [DataRow("{ \"name\": \"123456789012345678901234567890123\", \"regions\": [] }", ":1: name: a name has 1 to 32 printable characters")]
    [DataRow("{ \"name\": \"x\", \"regions\": [], \"pageSize\": 2147483648 }",
        ":1: pageSize: 2147483648 is not a whole number from 0 to 2147483647")]
    public void WhatIsNoMapIsRefusedWithItsPlace(string text, string expected)
    {
        AssertRefused(text, expected);
    }

    [TestMethod]
    [DataRow("[]", "regions[1]: expected an object, found an array")]
    [DataRow("null", "regions[1]: expected an object, found null")]
    [DataRow("4096", "regions[1]: expected an object, found 4096")]
    [DataRow("""{ "name": "R", "start": 0, "kind": "sram" }""", "regions[1]: a region needs the key \"size\"")]
    [DataRow("""{ "name": null, "start": 0, "size": 1, "kind": "sram" }""", "regions[1].name: expected a name, found null")]
    [DataRow("""{ "name": "R", "start": 0, "size": null, "kind": "sram" }""",
        "regions[1].size: null is not a whole number from 0 to 4294967295")]
    [DataRow("""{ "name": "R", "start": 0, "size": 1, "kind": null }""", "regions[1].kind: null is none of sram, ")]
    [DataRow("""{ "name": "R", "start": 0, "size": 1, "kind": "flash" }""",
        "regions[1].kind: \"flash\" is none of sram, coreCoupled, instructionRam, psram, sdram")]
    [DataRow("""{ "name": "R", "start": 0, "size": 1, "kind": "\u009b31m" }""", "regions[1].kind: \"\\u009B31m\" is none of sram, ")]
    [DataRow("""{ "name": "R", "start": 0, "size": 1, "kind": "0" }""", "regions[1].kind: \"0\" is none of sram, ")]
    [DataRow("""{ "name": "R", "start": 0, "size": 1, "kind": "sram", "dma": "dma2" }""",
        "regions[1].dma: \"dma2\" is none of none, general, mdma, bdma, gdma")]
    [DataRow("""{ "name": "R", "start": 0, "size": 1, "kind": "sram", "dma": ["general", 1] }""",
        "regions[1].dma[1]: 1 is none of none, general, ")]
    [DataRow("""{ "name": "R", "start": 0, "size": 1, "kind": "sram", "dma": "general, mdma" }""",
        "regions[1].dma: \"general, mdma\" is none of ")]
    [DataRow("""{ "name": "R", "start": 0, "size": 1, "kind": "sram", "busStart": "4G" }""",
        "regions[1].busStart: \"4G\" is not a whole number from 0 to 4294967295")]
    [DataRow("""{ "name": "R", "start": 0, "size": 1, "kind": "sram", "cacheLine": -32 }""",
        "regions[1].cacheLine: -32 is not a whole number from 0 to 2147483647")]
    [DataRow("""{ "name": "R", "start": 0, "size": 1, "kind": "sram", "sise": 4 }""",
        "regions[1].sise: unknown key; a region has name, start, size, kind, dma, cacheLine, busStart")]
    public void ARegionThatIsNoneIsRefusedWithItsPath(string region, string expected)
    {
        AssertRefused($$"""
            {
              "name": "x",
              "regions": [
                {{Region}},
                {{region}}
              ]
            }
            """, ":5: " + expected);
    }

    [TestMethod]
    [DataRow("\"4294967296\"")]
    [DataRow("8589934592")]
    [DataRow("18446744073709551616")]
    [DataRow("\"4G\"")]
    [DataRow("\"0x100000000\"")]
    [DataRow("-1")]
    [DataRow("\"-1\"")]
    [DataRow("1.5")]
    [DataRow("1e3")]
    [DataRow("\"1.5M\"")]
    [DataRow("\"\"")]
    [DataRow("\"M\"")]
    [DataRow("\"0x\"")]
    [DataRow("\"8 M\"")]
    [DataRow("true")]
    [DataRow("[]")]
    [DataRow("{}")]
    public void AStartOrSizeThatIsNoneIsRefused(string number)
    {
        string shown = number switch { "[]" => "an array", "{}" => "an object", "true" => "true", _ => number };
        foreach (string key in new[] { "start", "size" })
        {
            string text = $$"""{ "name": "x", "regions": [{{Region}}], "reservations": [{ "name": "a", "start": 1, "size": 1 }] }"""
                .Replace($"\"{key}\": 1", $"\"{key}\": {number}");
            AssertRefused(text, $":1: reservations[0].{key}: {shown} is not a whole number from 0 to 4294967295");
        }
    }

    [TestMethod]
    [DataRow("""{ "name": "Z", "kind": "highmem", "start": 0, "size": 4096 }""", "zones[0].kind: \"highmem\" is none of dma, normal")]
    [DataRow("""{ "name": "Z", "kind": "normal", "start": 0, "size": 4096, "map": "buddy" }""",
        "zones[0].map: \"buddy\" is none of freeBlocks, groupedFreeBlocks, runs")]
    [DataRow("""{ "name": "Z", "kind": "normal", "start": 0 }""", "zones[0]: a zone needs the key \"size\"")]
    [DataRow("""{ "name": "Z", "kind": "normal", "start": 0, "size": 1, "dma": "general" }""",
        "zones[0].dma: unknown key; a zone has name, kind, start, size, engines, map")]
    public void AZoneThatIsNoneIsRefused(string zone, string expected)
    {
        AssertRefused($$"""{ "name": "x", "regions": [{{Region}}], "zones": [{{zone}}] }""", ":1: " + expected);
    }

    [TestMethod]
    public void TooManyEntriesAreRefused()
    {
        string regions = string.Join(",", Enumerable.Repeat(Region, 257));
        AssertRefused($$"""{ "name": "x", "regions": [{{regions}}] }""", ":1: regions: 257 entries: expected at most 256");
    }

    [TestMethod]
    public void DeepNestingIsRefused()
    {
        AssertRefused(new string('[', 100_000), ":1: not JSON: The maximum configured depth of 64 has been exceeded");
    }

    [TestMethod]
    public void AFileOfBytesIsRefused()
    {
        AssertRefused("\0\u0001\u0002\uFFFD", ":1: not JSON: expected an object in braces");
    }

    [TestMethod]
    public void AFileThatIsTooLongIsRefused()
    {
        AssertRefused(new string(' ', 1_048_577), ": longer than 1048576 characters");
    }

    [TestMethod]
    public void AMissingFileIsRefused()
    {
        using var file = new TemporaryMap("");
        CheckRefused(file.Path + ".none", ": there is no such file");
        CheckRefused(Path.Combine(file.Path + ".none", "map.json"), ": there is no such file");
    }

    [TestMethod]
    public void ADirectoryIsRefused()
    {
        using var file = new TemporaryMap("");
        CheckRefused(Path.GetDirectoryName(file.Path)!, ": this is a directory, expected a file");
    }

    [TestMethod]
    public void AFileThatMayNotBeReadIsRefused()
    {
        using var file = new TemporaryMap("{}");
        if (OperatingSystem.IsWindows())
        {
            using FileStream locked = File.Open(file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            CheckRefused(file.Path, ": ");
            return;
        }
        File.SetUnixFileMode(file.Path, UnixFileMode.None);
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Inconclusive("the superuser may read everything");
        }
        CheckRefused(file.Path, ": the file may not be read");
    }

    [TestMethod]
    public void ManySpellingsAreTaken()
    {
        using var file = new TemporaryMap("""
            // a comment
            {
              "name": "spelling", /* another */
              "pageSize": "1K",
              "regions": [
                { "name": "A", "start": "0xD0000000", "size": "8M", "kind": "SDRAM", "dma": ["General", "GDMA"], "cacheLine": "0x20", },
                { "name": "B", "start": 536870912, "size": "2377728", "kind": "coreCoupled", "dma": [], "cacheLine": 0 },
                { "name": "C", "start": "1g", "size": "64k", "kind": "instructionram", "dma": "none", "busStart": "0x80000000" },
              ],
              "faults": "whatever stood here"
            }
            """);
        CommandLineRun run = CommandLineRun.Of("map", "--json", "--file", file.Path);

        Assert.AreEqual("", run.Error);
        Assert.AreEqual(0, run.ExitCode);
        Assert.AreEqual(
            """
            {
              "name": "spelling",
              "pageSize": 1024,
              "regions": [
                { "name": "A", "start": "0xd0000000", "size": 8388608, "kind": "sdram", "dma": ["general", "gdma"], "cacheLine": 32 },
                { "name": "B", "start": "0x20000000", "size": 2377728, "kind": "coreCoupled", "dma": [], "cacheLine": 0 },
                { "name": "C", "start": "0x40000000", "size": 65536, "kind": "instructionRam", "dma": [], "cacheLine": 0, "busStart": "0x80000000" }
              ],
              "reservations": [],
              "zones": [],
              "faults": [],
              "warnings": [
                "no zone: Carveout would have nothing to hand out; expected a zone where memory is to be its"
              ]
            }

            """,
            run.Output);
    }

    [TestMethod]
    public void TheByteOrderMarksOfWindowsAreTaken()
    {
        using var file = new TemporaryMap("");
        foreach (Encoding encoding in new[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            File.WriteAllText(file.Path, $$"""{ "name": "Größe", "regions": [{{Region}}] }""", encoding);
            CommandLineRun run = CommandLineRun.Of("map", "--file", file.Path);
            Assert.AreEqual(0, run.ExitCode, run.Error);
            Assert.StartsWith("Größe: 4 KB in 1 region", run.Output);
        }
    }

    [TestMethod]
    public void NamesThatLookLikeMarkupAreShownAsTheyAre()
    {
        using var file = new TemporaryMap(
            """{ "name": "[red]x[/]", "regions": [{ "name": "[R]", "start": 4096, "size": 4096, "kind": "sram" }] }""");
        CommandLineRun run = CommandLineRun.Of("map", "--file", file.Path);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.StartsWith("[red]x[/]: ", run.Output);
        Assert.Contains("\n[R] ", run.Output);
    }

    private static void AssertRefused(string text, string expected)
    {
        using var file = new TemporaryMap(text);
        CheckRefused(file.Path, expected);
    }

    private static void CheckRefused(string path, string expected)
    {
        foreach (string[] arguments in new[] { new[] { "map", "--file", path }, ["map", "--file", path, "--json"] })
        {
            CommandLineRun run = CommandLineRun.Of(arguments);

            Assert.AreEqual("", run.Output);
            Assert.StartsWith(path + expected, run.Error);
            Assert.AreEqual(run.Error.Length - 1, run.Error.IndexOf('\n'), "one line: " + run.Error);
            Assert.DoesNotContain(char.IsControl, run.Error.TrimEnd('\n'), run.Error);
            Assert.AreEqual(2, run.ExitCode);
        }
    }
}
