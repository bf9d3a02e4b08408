using System.Text.Json;
using Carveout.Board.Boards;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Maps;

namespace Carveout.Emulator.Boards;

/// <summary>A board described by a file: its memory map, and what the map does not contain. docs/board.schema.json is its schema.</summary>
/// <remarks>Only the map is required. Defaults for the rest depend on the size of the main memory, so that a file of ten lines can be
/// played.</remarks>
internal sealed class BoardFile
{
    private const int KB = 1024, MHz = 1_000_000, Day = 24 * 3600, MostSide = 16384, MostSegment = int.MaxValue, LongestDescriptor = 64;

    /// <summary>The general DMA of an STM32 has registers; the GDMA of an ESP32 reads lists.</summary>
    private static readonly TransferLimits s_registers = TransferLimits.Of(Stm32H743.Name), s_lists = TransferLimits.Of(Esp32S3.Name);

    /// <summary>The movies to choose from, the preferred ones first.</summary>
    private static readonly MovieSpec[] s_movies =
        [new(320, 240, 3, 30, 60), new(160, 120, 3, 30, 60), new(96, 64, 2, 15, 60), new(32, 32, 2, 15, 60)];

    private readonly PlacedJson _root;
    private readonly Dictionary<string, PlacedJson> _members;
    private readonly BoardMemory? _memory;

    private BoardFile(string path, PlacedJson root)
    {
        _root = root;
        _members = MapReader.MembersOf(root);
        Path = path;
        Map = MapReader.Read(root);
        Faults = Map.Validate();
        // A faulty map has no reliable main memory.
        _memory = Faults.Length == 0 ? BoardMemory.Of(Map) : null;
    }

    /// <summary>The file's name as it was given.</summary>
    public string Path { get; }

    /// <summary>The map in the file.</summary>
    public MemoryMap Map { get; }

    /// <summary>The faults of the map.</summary>
    public MapFault[] Faults { get; }

    /// <summary>Whether it contains more than a map, and can be played.</summary>
    public bool IsWhole => MapReader.BoardKeys.Any(_members.ContainsKey) && _memory is not null && Map.PageSize == MemoryMap.DefaultPageSize;

    /// <summary>The memory that is divided into zones and pools.</summary>
    /// <exception cref="UsageException">The map is faulty, or leaves no memory for zones.</exception>
    public BoardMemory Memory
    {
        get
        {
            if (Faults.Length > 0)
            {
                throw new UsageException($"{Path}: {Faults[0].Text}"
                    + (Faults.Length == 1 ? "" : $" (and {Faults.Length - 1} more: carveout map --board {Path} shows them)"));
            }
            if (Map.PageSize != MemoryMap.DefaultPageSize)
            {
                throw _members["pageSize"].Error($"{Map.PageSize}: the commands other than map expected {MemoryMap.DefaultPageSize}");
            }
            return _memory ?? throw _root.Error("no zone, and no page of a region is left for one: expected \"zones\", or less reserved");
        }
    }

    /// <summary>The board.</summary>
    /// <exception cref="UsageException">The map is faulty, or leaves no main memory.</exception>
    public EmulatedBoard Board
    {
        get
        {
            BoardMemory memory = Memory;
            DmaEngines reach = Map.FindRegion(memory.Start)!.Dma;
            Dictionary<string, PlacedJson> dma = Object("dma", "dma", ["engine"], ["maxSegment", "descriptorSize"]);
            DmaEngines engine = dma.TryGetValue("engine", out PlacedJson? word) ? word.Choice<DmaEngines>() : StandardEngine(reach);
            TransferLimits limits = engine == DmaEngines.Gdma ? s_lists : s_registers;
            MovieSpec movie = Movie("movie", s_movies.FirstOrDefault(one => (long)one.FrameSize * one.Buffers <= memory.Size / 2, s_movies[^1]));
            return new EmulatedBoard(Path, isShipped: false, memory.Create)
            {
                Engine = engine != DmaEngines.None ? engine : throw dma["engine"].Error("expected the engine that moves pixels, not none"),
                Transfer = new TransferLimits(Number(dma, "maxSegment", TransferLimits.Alignment, MostSegment, limits.MaxSegment),
                    Number(dma, "descriptorSize", 0, LongestDescriptor, limits.DescriptorSize)),
                CacheSize = Number(_members, "dataCache", KB, 1024 * KB, 16 * KB),
                Displays = Words("displays", BoardDevices.AllDisplays, [BoardDevices.Spi]),
                SpiClock = Number(_members, "spiClock", 1000, 1000 * MHz, 40 * MHz),
                Cameras = Words("cameras", BoardDevices.Cameras, BoardDevices.Cameras),
                Movie = movie, PixelMovie = Movie("pixelMovie", movie with { Buffers = Math.Max(movie.Buffers, 3) }),
                Application = Application(memory.Size), Firmware = Firmware(),
            };
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="UsageException">It cannot be read, or does not describe a board; the message says where, and what was
    /// expected.</exception>
    public static BoardFile Read(string path) => string.IsNullOrWhiteSpace(path)
        ? throw new UsageException("--board: the name of the file is empty")
        : new BoardFile(path, PlacedJson.Parse(path, BoundedText.Read(path, "board")));

    private static DmaEngines StandardEngine(DmaEngines reach) =>
        reach.HasFlag(DmaEngines.Gdma) ? DmaEngines.Gdma : DmaEngines.General;

    private MovieSpec Movie(string key, MovieSpec standard)
    {
        Dictionary<string, PlacedJson> of = Object(key, "a movie", ["width", "height"], ["buffers", "fps", "loop"]);
        if (of.Count == 0)
        {
            return standard;
        }
        var movie = new MovieSpec(Number(of, "width", 1, MostSide, 0), Number(of, "height", 1, MostSide, 0),
            Number(of, "buffers", 2, 30, standard.Buffers), Number(of, "fps", 1, 240, standard.FramesPerSecond),
            Number(of, "loop", 2, Day, standard.LoopSeconds));
        return movie.Width * movie.Height >= 16 ? movie : throw of["width"].Error("expected frames of at least 16 pixels");
    }

    private ApplicationSpec Application(long main)
    {
        Dictionary<string, PlacedJson> of = Object("application", "an application", [], ["resident", "churn", "churnLife", "leak"]);
        return new ApplicationSpec(Number(of, "resident", 0, int.MaxValue, (int)(main / 4)), Number(of, "churn", 0, 60_000_000, 30),
            Number(of, "churnLife", 1, Day, 30), Number(of, "leak", 0, int.MaxValue, (int)(main / 256)));
    }

    private string? Firmware() => !_members.TryGetValue("firmware", out PlacedJson? word) ? null
        : word.Type == JsonTokenType.String && BoardFirmware.All.Contains(word.Text) ? word.Text
        : throw word.Error($"{word.Shown} is none of {string.Join(", ", BoardFirmware.All)}");

    /// <summary>An object's members; empty if the file does not have the key.</summary>
    private Dictionary<string, PlacedJson> Object(string key, string what, string[] required, string[] optional) =>
        _members.TryGetValue(key, out PlacedJson? value) ? MapReader.Members(value, what, required, optional) : [];

    private string[] Words(string key, string[] known, string[] standard)
    {
        if (!_members.TryGetValue(key, out PlacedJson? list))
        {
            return standard;
        }
        string[] words = [.. list.Elements.Select(word => word.Type == JsonTokenType.String && known.Contains(word.Text) ? word.Text
            : throw word.Error($"{word.Shown} is none of {string.Join(", ", known)}"))];
        return words.Length > 0 && words.Distinct().Count() == words.Length ? words
            : throw list.Error($"expected one or more of {string.Join(", ", known)}, each once");
    }

    private static int Number(Dictionary<string, PlacedJson> of, string key, int least, int most, int standard) =>
        of.TryGetValue(key, out PlacedJson? value) ? (int)MapReader.Number(value, least, most) : standard;
}
