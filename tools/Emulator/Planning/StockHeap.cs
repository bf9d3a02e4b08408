using Carveout.Board.Boards;
using Carveout.Emulator.Boards;

namespace Carveout.Emulator.Planning;

/// <summary>The managed heap of stock nanoFramework firmware, as docs/runtime.md measured it.</summary>
/// <param name="Bytes">All of it.</param>
internal sealed record StockHeap(long Bytes)
{
    /// <summary>Bytes that the runtime, nine libraries and their tables take before the first statement: 18,172 to 18,652 were
    /// measured.</summary>
    public const int Loaded = 18 * 1024;

    /// <summary>The smallest heap in which there is anything to plan, and the largest that banks can be taken from.</summary>
    public const long Least = 32 * 1024, Most = (long)ManagedMemory.MaxBanks * Cluster;

    private const string BoardName = "heap";

    private const uint NominalStart = 0x10000000;

    private const int Cluster = 786_432, Page = MemoryMap.DefaultPageSize;

    /// <summary>Bytes that an array takes beside its data, rounded up to whole blocks of 12.</summary>
    private const int ArrayHeader = 20, Block = 12;

    /// <summary>Bytes that the allocator, its map and the objects of pools and frames take, by docs/heap-budget.md, rounded up.</summary>
    private const int OwnBytes = 2048, OwnBytesPerBank = 768, OwnBytesPerPage = 9, OwnBytesPerPool = 1536, OwnBytesPerFrame = 108;

    /// <summary>The heap's clusters; no array spans two of them.</summary>
    public long Clusters => (Bytes + Cluster - 1) / Cluster;

    /// <summary>Bytes that are free at the first statement, in arrays of any size.</summary>
    public long FreeBytes => Math.Max(0, Bytes - Loaded - 128 * Clusters);

    /// <summary>The largest bank that each cluster can hold, in bytes of whole pages, the largest first.</summary>
    public int[] Rooms =>
    [
        .. Enumerable.Range(0, (int)Clusters)
            .Select(i => Math.Min(Math.Min(Cluster, Bytes - (long)i * Cluster) - (i == 0 ? Loaded : 0) - 128, ManagedMemory.MaxBankSize))
            .Where(bytes => bytes >= Page).Select(bytes => (int)(bytes / Page * Page)).OrderDescending(),
    ];

    /// <summary>A board's managed heap with stock firmware: the application's share and what the map gives to zones and pools beside it.
    /// Null if the map has no such share, or has it in another region.</summary>
    public static StockHeap? Of(EmulatedBoard board)
    {
        MemoryMap map = board.CreateMap(ZoneLayout.Single, PageMapKind.Runs, 0);
        Reservation? share = map.FindReservation(BoardCatalog.HeapName);
        return share is not null && map.FindRegion(share.Start)!.Start == board.MainRegion.Start ? new StockHeap((long)share.Size + board.Main.Size) : null;
    }

    /// <summary>The bytes that stay with the application by default: half of what the board's map leaves to it, as a reservation on the
    /// device does; without such a map, a sixteenth of the heap.</summary>
    public long DefaultLeave(EmulatedBoard? board) =>
        board?.CreateMap(ZoneLayout.Single, PageMapKind.Runs, 0).FindReservation(BoardCatalog.HeapName) is { } share ? share.Size / 2 : Bytes / 16;

    /// <summary>A board that consists of this heap only, for users who name no board.</summary>
    public EmulatedBoard ToBoard()
    {
        // Any board's properties will do, because only the heap matters here.
        EmulatedBoard like = Esp32Cam.Name;
        return new EmulatedBoard(BoardName, isShipped: false, (zones, pages, pool) =>
        {
            uint size = (uint)(Bytes / Page * Page);
            var map = new MemoryMap(BoardName, Page);
            map.Add(new MemoryRegion("HEAP", MemoryKind.Sram, NominalStart, size, DmaEngines.None, 0));
            MainMemory.Divide(map, NominalStart, size, DmaEngines.None, ZoneLayout.Single, 0, pool, pages);
            return map;
        })
        {
            Engine = like.Engine, Transfer = like.Transfer, CacheSize = like.CacheSize, Displays = like.Displays, SpiClock = like.SpiClock,
            Cameras = like.Cameras, Movie = like.Movie, PixelMovie = like.PixelMovie, Application = like.Application, Firmware = null,
        };
    }

    /// <summary>Whether a board is one that <see cref="ToBoard"/> made.</summary>
    public static bool IsBoard(EmulatedBoard board) => board.Word == BoardName;

    /// <summary>Bytes that an array takes.</summary>
    public static long ArrayBytes(long size) => (ArrayHeader + size + Block - 1) / Block * Block;

    /// <summary>Bytes that the library itself takes for banks and pools of frames.</summary>
    public static long LibraryBytes(IReadOnlyCollection<int> banks, int pools, int frames) => banks.Count == 0 ? 0
        : OwnBytes + (long)OwnBytesPerBank * banks.Count + (long)OwnBytesPerPage * banks.Sum(bank => bank / Page) + (long)OwnBytesPerPool * pools
            + (long)OwnBytesPerFrame * frames;
}
