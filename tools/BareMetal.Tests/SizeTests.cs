using System.Globalization;

namespace Carveout.BareMetal.Tests;

/// <summary>Compares the bytes of code that programs have of the library, on a Cortex-M3, with docs/costs.md.</summary>
[TestClass]
public sealed class SizeTests
{
    private const string Machine = "mps2-an385", Prefix = "firmware_Carveout_", Texts = "texts of misuse";

    /// <summary>Folders of tools/BareMetal/Programs, each with all that the one before it has.</summary>
    private static readonly string[] s_programs = ["Pages", "Slabs", "Checks"];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void No_program_has_more_code_than_the_document_says()
    {
        Dictionary<string, int>[] sizes = [.. s_programs.Select(Sizes)];
        string[] rooms = [.. sizes[^1].Keys.Where(room => room != Texts).Order(StringComparer.Ordinal)];
        var rows = rooms.ToDictionary(room => room, room => sizes.Select(size => (int?)size.GetValueOrDefault(room)).ToArray());
        rows["all"] = [.. sizes.Select(size => (int?)rooms.Sum(room => size.GetValueOrDefault(room)))];
        rows[Texts] = [.. sizes.Select(size => (int?)size[Texts])];
        new MeasuredTable(Locations.CostsPage, s_programs).Hold(rows, TestContext.WriteLine);
    }

    /// <summary>What was measured has to work, too.</summary>
    [TestMethod]
    [DataRow("Pages")]
    [DataRow("Slabs")]
    public void A_program_of_a_part_of_the_library_runs(string program)
    {
        ToolRun run = Firmware.Of(Machine, program).Run();
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
    }

    /// <summary>The bytes of a program's code by room; of what makes the messages of misuse together.</summary>
    private static Dictionary<string, int> Sizes(string program)
    {
        ToolRun names = ToolRun.Start("arm-none-eabi-nm", $"--print-size --radix=d \"{Firmware.Of(Machine, program).Elf}\"", TimeSpan.FromSeconds(10));
        Assert.AreEqual(0, names.ExitCode, names.Error);
        return names.Output.Split('\n').Select(line => line.Split(' ')).Where(IsOfTheLibrary)
            .GroupBy(cells => RoomOf(cells[3][Prefix.Length..]), cells => int.Parse(cells[1], CultureInfo.InvariantCulture))
            .ToDictionary(group => group.Key, group => group.Sum());
    }

    private static bool IsOfTheLibrary(string[] cells) => cells.Length == 4 && cells[2] is "t" or "T"
        && (cells[3].StartsWith(Prefix + "Memory_", StringComparison.Ordinal) || cells[3].StartsWith(Prefix + "Board_", StringComparison.Ordinal));

    /// <param name="method">As ILC calls it: namespace, class and method.</param>
    private static string RoomOf(string method)
    {
        string[] name = method[..method.IndexOf("__", StringComparison.Ordinal)].Split('_');
        return name[1] == "HexText" || name[1].EndsWith("Misuse", StringComparison.Ordinal) ? Texts
            : name[0] == "Board" ? "Board"
            : Path.GetFileName(Path.GetDirectoryName(Directory.GetFiles(
                Path.Combine(Locations.Repository, "Firmware", "Memory"), name[1] + ".cs", SearchOption.AllDirectories).Single()))!;
    }
}
