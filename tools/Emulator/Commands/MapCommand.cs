using System.CommandLine;
using System.CommandLine.Parsing;
using Carveout.Board.Boards;
using Carveout.Emulator.Maps;
using Carveout.Emulator.Presentation;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout map</c>: who owns what of a board's memory, and whether that can be.</summary>
internal static class MapCommand
{
    /// <summary>The exit code for a map with faults.</summary>
    public const int Faulty = 1;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        ChoiceOption<string> board = BoardOption.Create("The board (default: a list of them all)", null);
        var file = new Option<string?>("--file") { Description = "Read the map from a file instead", HelpName = "MAP.json" };
        ChoiceOption<ZoneLayout> zones = ChoiceOption.Of("--zones", "One zone for all, or NORMAL and DMA", ZoneLayout.Split);
        Func<ArgumentResult, long> parseSize = SizeArgument.Between(0, int.MaxValue);
        var pool = new Option<long>("--pool")
        {
            Description = "Bytes of main memory to keep for a pool of frame buffers (default: none)",
            HelpName = "BYTES",
            CustomParser = result => parseSize(result),
        };
        var json = new Option<bool>("--json") { Description = "Print the map as JSON, which --file reads again, and nothing else" };

        var command = new Command("map", "Shows a board's memory map to scale, and names everything that is wrong with it.")
        {
            board, file, zones, pool, json, new FormerArgument("BOARD", "map", board),
        };
        command.SetAction(parsed =>
        {
            string? path = parsed.GetValue(file), name = board.IsGiven(parsed) ? board.In(parsed) : null;
            if (path is not null)
            {
                Refuse(name is not null, "--board and --file: expected one of them");
                Refuse(parsed.GetResult(zones) is { Implicit: false } || parsed.GetResult(pool) is not null,
                    "--zones and --pool divide a board that is given by name; with --file the zones are the file's");
                return Show(MapFile.Read(path), parsed.GetValue(json));
            }
            // The page maps are those that play has where nothing is said.
            MemoryMap Map(string one) =>
                ShippedMap.Create(one, zones.In(parsed), TailPolicy.Pool.PageMap(grouping: true), (int)parsed.GetValue(pool));
            return name is null
                ? ShowAll(BoardCatalog.Names().Select(Map), parsed.GetValue(json))
                : Show(Map(name), parsed.GetValue(json));
        });
        return command;
    }

    private static int Show(MemoryMap map, bool json)
    {
        MapFault[] faults = map.Validate();
        if (json)
        {
            Console.Out.WriteLine(MapWriter.ToJson(map, faults));
        }
        else
        {
            var screen = new MapScreen();
            screen.Write(new MapPage(screen).Of(map, faults));
        }
        return faults.Length == 0 ? 0 : Faulty;
    }

    private static int ShowAll(IEnumerable<MemoryMap> maps, bool json)
    {
        (MemoryMap Map, MapFault[] Faults)[] judged = [.. maps.Select(map => (map, map.Validate()))];
        if (json)
        {
            Console.Out.WriteLine(MapWriter.ToJson(judged));
        }
        else
        {
            var screen = new MapScreen();
            screen.Write(new MapPage(screen).List(judged));
        }
        return judged.All(one => one.Faults.Length == 0) ? 0 : Faulty;
    }

    private static void Refuse(bool wrong, string message)
    {
        if (wrong)
        {
            throw new UsageException(message);
        }
    }
}
