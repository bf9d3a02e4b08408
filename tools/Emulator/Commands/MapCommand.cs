using System.CommandLine;
using System.CommandLine.Parsing;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.MapImport;
using Carveout.Emulator.Maps;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Presentation;

namespace Carveout.Emulator.Commands;

/// <summary><c>carveout map</c>: shows who owns a board's memory, and judges the map.</summary>
internal static class MapCommand
{
    /// <summary>The exit code for a map with faults.</summary>
    public const int Faulty = 1;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        BoardOption board = BoardOption.Create("The board (default: a list of them all)", null);
        var file = new Option<string?>("--file") { Description = "The same as --board MAP.json", HelpName = "MAP.json" };
        var elf = new Option<string?>("--elf")
        {
            Description = "What a firmware leaves of the regions of --board, or of those that its linker script names", HelpName = "FIRMWARE.elf",
        };
        var dts = new Option<string?>("--dts") { Description = "The memory of a device tree, source or compiled", HelpName = "FILE.dts|FILE.dtb" };
        ChoiceOption<ZoneLayout> zones = ChoiceOption.Of("--zones", "One zone for all, or NORMAL and DMA", ZoneLayout.Split);
        Func<ArgumentResult, long> parseSize = SizeArgument.Between(0, int.MaxValue);
        var pool = new Option<long>("--pool")
        {
            Description = "Bytes of main memory to keep for a pool of frame buffers (default: none)",
            HelpName = "BYTES",
            CustomParser = result => parseSize(result),
        };
        var json = new Option<bool>("--json") { Description = "Print the board as JSON, which --board reads again, and nothing else" };
        var csharp = new Option<bool>("--csharp") { Description = "Print the C# class of the board, for a device project, and nothing else" };

        var command = new Command("map", "Shows a board's memory map to scale, and names everything that is wrong with it.")
        {
            board, file, elf, dts, zones, pool, json, csharp, new FormerArgument("BOARD", "map", board),
        };
        command.SetAction(parsed =>
        {
            string? path = parsed.GetValue(file), word = board.IsGiven(parsed) ? parsed.GetValue(board) : null;
            Refuse(path is not null && word is not null, "--board and --file: expected one of them");
            bool asJson = parsed.GetValue(json), asCode = parsed.GetValue(csharp);
            Refuse(asJson && asCode, "--json and --csharp: expected one of them");
            string? firmware = parsed.GetValue(elf), tree = parsed.GetValue(dts);
            bool divides = parsed.GetResult(zones) is { Implicit: false } || parsed.GetResult(pool) is not null;
            Refuse(tree is not null && (firmware is not null || path is not null || word is not null), "--dts: expected it without --board and --elf");
            if (tree is not null || firmware is not null)
            {
                Refuse(divides, "--zones and --pool divide a board that is given by name");
                return ShowImported(tree is not null ? DeviceTreeMap.Read(tree) : ElfMap.Read(firmware!, MapOf(path ?? word)), asJson, asCode);
            }
            Refuse(asCode && path is null && word is null, "--csharp: expected --board with it");
            if (path is not null || (word is not null && EmulatedBoard.IsFile(word)))
            {
                Refuse(divides, "--zones and --pool divide a board that is given by name; the zones of a file are the file's");
                BoardFile read = BoardFile.Read((path ?? word)!);
                return asCode ? Print(read.Memory.ToCode(ReservationCode.Identifier(read.Map.Name)))
                    : Show(read.Map, read.Faults, read.IsWhole ? read.Board : null, asJson);
            }
            // The page maps are the defaults of play.
            MemoryMap Map(EmulatedBoard one) =>
                one.CreateMap(zones.In(parsed), DmaTail.Pool.PageMap(grouping: true), (int)parsed.GetValue(pool));
            if (word is null)
            {
                return ShowAll([.. BoardCatalog.Names().Select(EmulatedBoard.Of).Select(one => (one, Map(one)))], asJson);
            }
            EmulatedBoard shipped = EmulatedBoard.Of(word);
            MemoryMap map = Map(shipped);
            return asCode ? Print(BoardMemory.Of(map)!.ToCode(ReservationCode.Identifier(map.Name))) : Show(map, map.Validate(), shipped, asJson);
        });
        return command;
    }

    /// <summary>The regions that a firmware lies in; null if no board is given.</summary>
    private static MemoryMap? MapOf(string? word) => word is null ? null
        : EmulatedBoard.IsFile(word) ? BoardFile.Read(word).Map : EmulatedBoard.Of(word).CreateMap(ZoneLayout.Single, PageMapKind.Runs, 0);

    private static int ShowImported(ImportedMap imported, bool asJson, bool asCode)
    {
        MapFault[] faults = imported.Map.Validate();
        if (asJson || asCode)
        {
            foreach (string remark in imported.Remarks)
            {
                Console.Error.WriteLine(PrintedText.Of(remark));
            }
        }
        if (asCode)
        {
            if (faults.Length > 0)
            {
                throw new UsageException($"{faults[0].Text}: expected a map without faults");
            }
            BoardMemory memory = BoardMemory.Of(imported.Map) ?? throw new UsageException("no page of a region is left for a zone: expected a map with one");
            return Print(memory.ToCode(ReservationCode.Identifier(imported.Map.Name)));
        }
        int code = Show(imported.Map, faults, null, asJson);
        if (!asJson)
        {
            Console.Out.WriteLine();
            var screen = new MapScreen();
            screen.Write(new MapView(screen).Left(imported.Map));
            foreach (string remark in imported.Remarks)
            {
                Console.Out.WriteLine(PrintedText.Of(remark));
            }
        }
        return code;
    }

    private static int Print(string code)
    {
        Console.Out.Write(code.ReplaceLineEndings());
        return 0;
    }

    private static string Json(MemoryMap map, MapFault[] faults, EmulatedBoard? board) =>
        MapWriter.ToJson(map, faults, board is null ? null : BoardJson.Members(board));

    private static int Show(MemoryMap map, MapFault[] faults, EmulatedBoard? board, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(Json(map, faults, board));
        }
        else
        {
            var screen = new MapScreen();
            screen.Write(new MapView(screen).Of(map, faults));
        }
        return faults.Length == 0 ? 0 : Faulty;
    }

    private static int ShowAll(IReadOnlyList<(EmulatedBoard Board, MemoryMap Map)> boards, bool json)
    {
        (MemoryMap Map, MapFault[] Faults)[] judged = [.. boards.Select(one => (one.Map, one.Map.Validate()))];
        if (json)
        {
            Console.Out.WriteLine(MapWriter.ToJson(judged.Zip(boards, (one, of) => Json(one.Map, one.Faults, of.Board))));
        }
        else
        {
            var screen = new MapScreen();
            screen.Write(new MapView(screen).List(judged));
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
