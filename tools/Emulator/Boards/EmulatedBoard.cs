using Carveout.Board.Boards;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Maps;

namespace Carveout.Emulator.Boards;

/// <summary>A board as every command uses it: its memory, its devices, and its default movie and application. A shipped board has a name;
/// any other is described in a file.</summary>
internal sealed class EmulatedBoard
{
    private static readonly Dictionary<string, EmulatedBoard> s_shipped = BoardCatalog.Names().ToDictionary(name => name, Ship);

    private readonly Func<ZoneLayout, PageMapKind, int, MemoryMap> _create;

    /// <summary>Makes a board.</summary>
    /// <param name="word">The value of --board.</param>
    /// <param name="isShipped">Whether the device's catalog has it, with its name.</param>
    /// <param name="create">Makes its map; throws ArgumentException if the board does not hold the pool.</param>
    public EmulatedBoard(string word, bool isShipped, Func<ZoneLayout, PageMapKind, int, MemoryMap> create)
    {
        (Word, IsShipped, _create) = (word, isShipped, create);
        MemoryMap map = create(ZoneLayout.Single, PageMapKind.FreeBlocks, 0);
        Name = map.Name;
        Main = map.ZoneAt(0);
        MainRegion = map.FindRegion(Main.Start)!;
    }

    /// <summary>The board's own name.</summary>
    public string Name { get; }

    /// <summary>The value of --board: its name if it is shipped, otherwise its file.</summary>
    public string Word { get; }

    /// <summary>Whether the device's catalog has it.</summary>
    public bool IsShipped { get; }

    /// <summary>The memory that is divided into zones and pools, as one zone.</summary>
    public ZonePlan Main { get; }

    /// <summary>The region in which it begins.</summary>
    public MemoryRegion MainRegion { get; }

    /// <summary>The engine that moves pixels.</summary>
    public required DmaEngines Engine { get; init; }

    /// <summary>What that engine can take at once.</summary>
    public required TransferLimits Transfer { get; init; }

    /// <summary>Bytes of the data cache, if there is one.</summary>
    public required int CacheSize { get; init; }

    /// <summary>The displays, the default first.</summary>
    public required IReadOnlyList<string> Displays { get; init; }

    /// <summary>Bits a second of the fastest SPI.</summary>
    public required int SpiClock { get; init; }

    /// <summary>The cameras, the default first.</summary>
    public required IReadOnlyList<string> Cameras { get; init; }

    /// <summary>The family of nanoFramework's stock firmware for it, esp32 or stm32; null if there is none. With stock firmware a program
    /// has only the managed heap.</summary>
    public required string? Firmware { get; init; }

    /// <summary>The default movie.</summary>
    public required MovieSpec Movie { get; init; }

    /// <summary>The default movie if devices move the pixels.</summary>
    public required MovieSpec PixelMovie { get; init; }

    /// <summary>The application beside the movie.</summary>
    public required ApplicationSpec Application { get; init; }

    /// <summary>Whether camera and display can share a pool of frames. Their buffers are coherent, so the pool must lie in memory that the
    /// engine reaches and the CPU does not cache.</summary>
    public bool CanPool => MainRegion.CacheLine == 0 && MainRegion.Dma.HasFlag(Engine);

    /// <summary>A shipped board by its name, which must exist.</summary>
    public static implicit operator EmulatedBoard(string name) => s_shipped.TryGetValue(name, out EmulatedBoard? board) ? board
        : throw new UsageException($"no board is called '{name}'; there are {string.Join(", ", s_shipped.Keys)}");

    /// <summary>The board for a word of the command line.</summary>
    /// <exception cref="UsageException">The word is neither a shipped board's name nor a file that describes a board.</exception>
    public static EmulatedBoard Of(string word) =>
        s_shipped.TryGetValue(word, out EmulatedBoard? board) ? board : IsFile(word) ? BoardFile.Read(word).Board : word;

    /// <summary>Whether a word is a file and not a name.</summary>
    public static bool IsFile(string word) =>
        word.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || word.Contains('/') || word.Contains('\\') || File.Exists(word);

    /// <summary>The board's map.</summary>
    /// <param name="layout">One zone or two.</param>
    /// <param name="pages">How the zones account for their pages.</param>
    /// <param name="poolSize">Bytes of main memory to reserve for a pool of buffers; 0 for none.</param>
    /// <exception cref="UsageException">It cannot hold the pool.</exception>
    public MemoryMap CreateMap(ZoneLayout layout, PageMapKind pages, int poolSize)
    {
        try
        {
            return WithMapsOfADevice(_create(layout, pages, poolSize));
        }
        catch (ArgumentException e)
        {
            throw new UsageException(DeviceMessage.Of(e));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>No device has exact runs of so many pages. The emulator has (LargeRunMap); the map calls such a zone one of free blocks.</summary>
    private static MemoryMap WithMapsOfADevice(MemoryMap map)
    {
        for (int i = 0; i < map.ZoneCount; i++)
        {
            ZonePlan zone = map.ZoneAt(i);
            if (zone.Size / (uint)map.PageSize > (uint)PageMap.MaxPages(zone.Map))
            {
                map.Replace(i, new ZonePlan(zone.Name, zone.Kind, zone.Start, zone.Size, zone.Engines, PageMapKind.FreeBlocks));
            }
        }
        return map;
    }

    private static EmulatedBoard Ship(string name) =>
        new(name, isShipped: true, (layout, pages, pool) => BoardCatalog.Create(name, layout, pages, pool))
        {
            Engine = BoardDevices.Engine(name), Transfer = TransferLimits.Of(name), CacheSize = BoardDevices.CacheSize(name),
            Displays = BoardDevices.Displays(name), SpiClock = BoardDevices.SpiClock(name), Cameras = BoardDevices.Cameras, Firmware = BoardFirmware.Of(name),
            Movie = BoardScenarios.Movie(name), PixelMovie = BoardScenarios.PixelMovie(name), Application = BoardScenarios.Application(name),
        };
}
