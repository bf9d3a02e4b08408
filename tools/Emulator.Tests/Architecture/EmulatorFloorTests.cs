using System.Text.RegularExpressions;
using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Tests.Architecture;

/// <summary>The folders of tools/Emulator use each other in one direction only.</summary>
[TestClass]
public sealed class EmulatorFloorTests
{
    /// <summary>The floors, ground first: a folder, and the folders that it stands on.</summary>
    private static readonly Floors s_floors = new("""
        Input         |
        Policies      | Input
        Reference     |
        Machine       |
        Movies        | Input
        Maps          | Input
        MapImport     | Input, Maps
        Boards        | Input, Machine, Maps
        Replay        | Input, Policies, Reference
        Logs          | Input
        Capture       | Input, Replay
        Import        | Logs, Replay
        Planning      | Input, Policies, Maps, Boards, Replay
        Scenario      | Input, Policies, Reference, Machine, Movies, Boards, Planning
        AppHost       | Machine, Boards
        Demo          | Input, Machine, Boards
        Investigation | Input, Policies, Machine, Boards, Replay, Scenario
        Diagnosis     | Input, Logs, Replay, Investigation
        Presentation  | Input, Policies, Machine, Movies, Maps, Boards, Replay, Capture, Import, Planning, Scenario, Investigation, Diagnosis
        Timeline      | Input, Machine, Boards, Replay, Scenario, Investigation, Diagnosis
        Report        | Input, Policies, Machine, Boards, Replay, Scenario, Investigation, Diagnosis, Presentation
        Commands      | Input, Policies, Machine, Movies, Maps, MapImport, Boards, Replay, Logs, Capture, Import, Planning, Scenario, AppHost, Demo, Investigation, Diagnosis, Presentation, Report, Timeline
        Program       | Commands
        """);

    private static readonly string s_project = Path.Combine(Checkout.Folder, "tools", "Emulator").Replace('\\', '/');

    [TestMethod]
    public void Folders_use_only_what_they_stand_on() => AssertNone(s_floors.Forbidden(Compiled()));

    /// <summary>Compiled code contains neither constants nor the references of documentation.</summary>
    [TestMethod]
    public void Files_name_only_what_their_folder_stands_on() => AssertNone(s_floors.Forbidden(Named()));

    [TestMethod]
    public void The_floors_allow_nothing_that_is_not_used() => AssertNone(s_floors.Unused([.. Compiled(), .. Named()]));

    private static void AssertNone(IEnumerable<string> faults) => Assert.IsEmpty(faults, string.Join('\n', faults));

    private static IReadOnlyCollection<Arrow> Compiled() => AssemblyArrows.Read(FolderOf, typeof(EventQueue).Assembly.Location);

    private static IEnumerable<Arrow> Named()
    {
        foreach (string file in Directory.EnumerateFiles(s_project, "*.cs", SearchOption.AllDirectories).Select(path => path.Replace('\\', '/')))
        {
            if (FolderOf(file) is string folder)
            {
                foreach (Match use in Regex.Matches(File.ReadAllText(file), @"^using (?:static )?Carveout\.Emulator\.(\w+)", RegexOptions.Multiline))
                {
                    yield return new Arrow(folder, Path.GetFileName(file), use.Groups[1].Value, use.Value);
                }
            }
        }
    }

    /// <summary>The first folder below the project's. For a file directly in the project's folder, the file's name.</summary>
    private static string? FolderOf(string file)
    {
        if (!file.StartsWith(s_project + "/", StringComparison.Ordinal))
        {
            return null;
        }
        string[] steps = file[(s_project.Length + 1)..].Split('/');
        return steps[0] is "bin" or "obj" ? null : Path.GetFileNameWithoutExtension(steps[0]);
    }
}
