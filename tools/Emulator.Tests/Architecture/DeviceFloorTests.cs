using System.Text.RegularExpressions;
using Carveout.HeapBudget;

namespace Carveout.Emulator.Tests.Architecture;

/// <summary>The rooms of the device's code, which are folders of Board and Firmware, use each other in one direction only.</summary>
[TestClass]
public sealed class DeviceFloorTests
{
    /// <summary>The floors, ground first: a room, and the rooms that it stands on.</summary>
    private static readonly Floors s_floors = new("""
        Board    |
        Boards   | Board
        Native   | Board
        Pages    | Board
        Watch    | Board, Pages
        Bulk     | Board, Pages
        Slab     | Board, Pages, Watch
        Virtual  | Board, Pages, Bulk
        Io       | Board, Pages, Watch, Virtual
        Movable  | Board, Pages
        Dma      | Board, Pages, Slab, Virtual, Io
        Mempool  | Board, Pages, Bulk, Slab
        Frames   | Board, Boards, Pages
        Plans    | Board, Boards, Pages, Frames
        Displays | Board, Frames
        Video    | Board, Pages, Io, Dma, Frames, Displays
        App      | Board, Boards, Native, Pages, Watch, Slab, Io, Dma, Frames, Displays, Video
        """);

    /// <summary>A type's name before a dot: it reaches a constant, which leaves nothing in compiled code, or a static member. Comments and
    /// texts are removed first.</summary>
    private static readonly Regex s_reached = new(@"(?<![\w.])([A-Z]\w*)\.\w"), s_words = new("""(?s)//.*?$|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""",
        RegexOptions.Multiline);

    private static string Root => Checkout.Folder.Replace('\\', '/');

    [TestMethod]
    public void Rooms_use_only_what_they_stand_on() => AssertNone(s_floors.Forbidden(Compiled()));

    [TestMethod]
    public void Files_name_only_what_their_room_stands_on() => AssertNone(s_floors.Forbidden(Named()));

    [TestMethod]
    public void The_floors_allow_nothing_that_is_not_used() => AssertNone(s_floors.Unused([.. Compiled(), .. Named()]));

    private static void AssertNone(IEnumerable<string> faults) => Assert.IsEmpty(faults, string.Join('\n', faults));

    private static IReadOnlyCollection<Arrow> Compiled() => AssemblyArrows.Read(RoomOf,
    [
        .. DeviceLibraries.All.Select(library => library.Location), typeof(Board.Native.NativeRegion).Assembly.Location,
        typeof(App.Program).Assembly.Location,
    ]);

    private static List<Arrow> Named()
    {
        string[] files =
        [
            .. ((string[])["Board", "Firmware"]).SelectMany(folder => Directory.EnumerateFiles($"{Root}/{folder}", "*.cs", SearchOption.AllDirectories))
                .Select(file => file.Replace('\\', '/')).Where(file => RoomOf(file) is not null),
        ];
        // A type's file has the type's name.
        Dictionary<string, string> rooms = files.GroupBy(file => Path.GetFileNameWithoutExtension(file)).Where(same => same.Count() == 1)
            .ToDictionary(same => same.Key, same => RoomOf(same.Single())!);
        var arrows = new List<Arrow>();
        foreach (string file in files)
        {
            foreach (Match use in s_reached.Matches(s_words.Replace(File.ReadAllText(file), "")))
            {
                if (rooms.TryGetValue(use.Groups[1].Value, out string? room) && room != RoomOf(file))
                {
                    arrows.Add(new Arrow(RoomOf(file)!, Path.GetFileName(file), room, use.Groups[1].Value));
                }
            }
        }
        return arrows;
    }

    /// <summary>The folder below Board, Firmware or Firmware/Memory. The files directly in Board are a room, too.</summary>
    private static string? RoomOf(string file)
    {
        if (!file.StartsWith(Root + "/", StringComparison.Ordinal))
        {
            return null;
        }
        string[] steps = file[(Root.Length + 1)..].Split('/');
        if (steps.Intersect(["obj", "bin", "Properties"]).Any())
        {
            return null;
        }
        return steps switch
        {
            ["Board", _] => "Board",
            ["Board", string room, ..] => room,
            ["Firmware", "Memory", string room, _, ..] => room,
            // For devices only: no host has its libraries.
            ["Firmware", "Buses" or "Graphics", ..] => null,
            ["Firmware", string room, _, ..] => room,
            _ => null,
        };
    }
}
