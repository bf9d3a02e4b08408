using Carveout.Board.Boards;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Maps;

namespace Carveout.Emulator.Boards;

/// <summary>A board as every command has it: its memory, what moves pixels on it, and what plays where nothing else is said. One that is
/// shipped has a name, any other is described in a file.</summary>
internal sealed class EmulatedBoard
{
    private static readonly Dictionary<string, EmulatedBoard> s_shipped = BoardCatalog.Names().ToDictionary(name => name, Ship);

    private readonly Func<ZoneLayout, PageMapKind, int, MemoryMap> _create;

    /// <summary>A board.</summary>
    /// <param name="word">What --board says of it.</param>
    /// <param name="isShipped">Whether the device's catalog has it, under its name.</param>
    /// <param name="create">Makes its map; throws ArgumentException where it does not hold such a pool.</param>
    public EmulatedBoard(string word, bool isShipped, Func<ZoneLayout, PageMapKind, int, MemoryMap> create)
    {
        (Word, IsShipped, _create) = (word, isShipped, create);
        MemoryMap map = create(ZoneLayout.Single, PageMapKind.FreeBlocks, 0);
        Name = map.Name;
        Main = map.ZoneAt(0);
        MainRegion = map.FindRegion(Main.Start)!;
    }

    /// <summary>What the board calls itself.</summary>
    public string Name { get; }

    /// <summary>What --board says of it: its name where it is shipped, else the file.</summary>
    public string Word { get; }

    /// <summary>Whether the device's catalog has it.</summary>
    public bool IsShipped { get; }

    /// <summary>The memory that zones and pools divide, undivided.</summary>
    public ZonePlan Main { get; }

    /// <summary>The region in which it begins.</summary>
    public MemoryRegion MainRegion { get; }

    /// <summary>What moves pixels.</summary>
    public required DmaEngines Engine { get; init; }

    /// <summary>What that engine takes at once.</summary>
    public required TransferLimits Transfer { get; init; }

    /// <summary>Bytes of the data cache, where there is one.</summary>
    public required int CacheSize { get; init; }

    /// <summary>The displays, the default first.</summary>
    public required IReadOnlyList<string> Displays { get; init; }

    /// <summary>Bits a second of the fastest SPI.</summary>
    public required int SpiClock { get; init; }

    /// <summary>The cameras, the default first.</summary>
    public required IReadOnlyList<string> Cameras { get; init; }

    /// <summary>Which nanoFramework stock firmware there is for it, whose managed heap is then all that a program can have: esp32 or stm32; null:
    /// none.</summary>
    public required string? Firmware { get; init; }

    /// <summary>What plays.</summary>
    public required MovieSpec Movie { get; init; }

    /// <summary>What plays where devices move the pixels.</summary>
    public required MovieSpec PixelMovie { get; init; }

    /// <summary>What runs beside it.</summary>
    public required ApplicationSpec Application { get; init; }

    /// <summary>Whether a pool of frames can be had that camera and display reach: their buffers are coherent, so it must lie where the engine
    /// reaches and the CPU does not cache.</summary>
    public bool CanPool => MainRegion.CacheLine == 0 && MainRegion.Dma.HasFlag(Engine);

    /// <summary>A shipped board by its name, for those who know that there is one.</summary>
    public static implicit operator EmulatedBoard(string name) => s_shipped.TryGetValue(name, out EmulatedBoard? board) ? board
        : throw new UsageException($"no board is called '{name}'; there are {string.Join(", ", s_shipped.Keys)}");

    /// <summary>The board that a word of the command line means.</summary>
    /// <exception cref="UsageException">No shipped board has that name, and the word names no file either, or one that holds no board.</exception>
    public static EmulatedBoard Of(string word) =>
        s_shipped.TryGetValue(word, out EmulatedBoard? board) ? board : IsFile(word) ? BoardFile.Read(word).Board : word;

    /// <summary>Whether a word means a file and not a name.</summary>
    public static bool IsFile(string word) =>
        word.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || word.Contains('/') || word.Contains('\\') || File.Exists(word);

    /// <summary>The board's map.</summary>
    /// <param name="layout">One zone or two.</param>
    /// <param name="pages">How the zones account for their pages.</param>
    /// <param name="poolSize">Bytes of main memory to reserve for a pool of buffers; 0 for none.</param>
    /// <exception cref="UsageException">It cannot hold such a pool.</exception>
    public MemoryMap CreateMap(ZoneLayout layout, PageMapKind pages, int poolSize)
    {
        try
        {
            return _create(layout, pages, poolSize);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(DeviceMessage.Of(e));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static EmulatedBoard Ship(string name) =>
        new(name, isShipped: true, (layout, pages, pool) => BoardCatalog.Create(name, layout, pages, pool))
        {
            Engine = BoardDevices.Engine(name), Transfer = TransferLimits.Of(name), CacheSize = BoardDevices.CacheSize(name),
            Displays = BoardDevices.Displays(name), SpiClock = BoardDevices.SpiClock(name), Cameras = BoardDevices.Cameras, Firmware = BoardFirmware.Of(name),
            Movie = BoardScenarios.Movie(name), PixelMovie = BoardScenarios.PixelMovie(name), Application = BoardScenarios.Application(name),
        };
}
