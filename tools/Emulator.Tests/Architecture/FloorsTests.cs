using System.Runtime.CompilerServices;

namespace Carveout.Emulator.Tests.Architecture;

[TestClass]
public sealed class FloorsTests
{
    private static readonly Floors s_floors = new("""
        Ground |
        First  | Ground
        Other  | Ground
        Roof   | First
        """);

    [TestMethod]
    [DataRow("Roof", "First", null, DisplayName = "down")]
    [DataRow("First", "Roof", "First → Roof: Type.Member uses Target", DisplayName = "up")]
    [DataRow("Other", "First", "Other → First: Type.Member uses Target", DisplayName = "beside")]
    [DataRow("Roof", "Ground", "Roof → Ground: Type.Member uses Target", DisplayName = "past the floor between")]
    [DataRow("Shed", "Ground", "Shed → Ground: Type.Member uses Target", DisplayName = "from a folder that the table does not know")]
    public void An_arrow_is_allowed_that_the_table_names(string from, string to, string? expected) =>
        Assert.AreSequenceEqual(expected is null ? [] : new[] { expected },
            s_floors.Forbidden([new Arrow(from, "Type.Member", to, "Target")]).ToArray());

    [TestMethod]
    public void What_is_allowed_and_not_used_is_named() =>
        Assert.AreSequenceEqual(new[] { "Other → Ground", "Roof → First" }, s_floors.Unused([new Arrow("First", "A", "Ground", "B")]).ToArray());

    [TestMethod]
    public void A_folder_cannot_stand_on_one_above_it()
    {
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => new Floors("First | Roof\nRoof |"));
        Assert.Contains("First stands on Roof, which does not lie under it", e.Message);
    }

    /// <summary>Takes the files of this folder, and lets each stand for a folder.</summary>
    [TestMethod]
    public void Arrows_are_read_with_member_and_type()
    {
        string folder = Path.GetDirectoryName(ThisFile())!.Replace('\\', '/');
        IReadOnlyCollection<Arrow> arrows = AssemblyArrows.Read(
            file => file.StartsWith(folder, StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(file) : null,
            typeof(FloorsTests).Assembly.Location);
        Arrow[] expected =
        [
            new("AssemblyArrows", "AssemblyArrows.Read", "SourceFolders", "SourceFolders"),
            new("AssemblyArrows", "AssemblyArrows._arrows", "Arrow", "Arrow"),
            new("Floors", "Floors.Forbidden", "Arrow", "Arrow"),
        ];
        foreach (Arrow arrow in expected)
        {
            Assert.Contains(arrow, arrows, $"{arrow} is not among\n{string.Join('\n', arrows)}");
        }
    }

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
