using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Maps;
using Carveout.Emulator.Replay;
using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>A board that has booted with reservations, the devices of its streams, and the contracts that judge whether they fit.</summary>
internal sealed class PlannedBoard
{
    /// <summary>The reservation of the bounce buffers.</summary>
    public const string BounceName = "frame-bounce";

    /// <summary>More than the devices of all streams can have.</summary>
    private const int MostMappings = 1024, MostBlocks = 16;

    private readonly PlanLayout _layout;

    /// <summary>Attaches the streams' devices to a board that has booted.</summary>
    /// <param name="layout">What was planned.</param>
    /// <param name="map">From <see cref="CreateMap"/>.</param>
    /// <param name="pages">The zones of that map.</param>
    /// <param name="memory">The bytes behind it.</param>
    public PlannedBoard(PlanLayout layout, MemoryMap map, PageAllocator pages, PhysicalMemory memory)
    {
        _layout = layout;
        Map = map;
        Pages = pages;
        Bounce = map.FindReservation(BounceName);
        TransferLimits limits = layout.Board.Transfer;
        const int Slot = TransferLimits.SlotSize;
        BounceBuffers? slots = Bounce is null ? null : new BounceBuffers(BounceName, Bounce.Start, Slot, (int)(Bounce.Size / Slot));
        Dma = new DmaAllocator(pages, map, memory, slots, MostMappings, MostBlocks);
        int alignment = AlignmentOf(layout.Board);
        DmaDevice[] devices = [.. layout.Streams.Select((_, i) => Attach(NameOf(i), alignment, limits.MaxSegment))];
        Parts = [.. layout.Parts.Select(part => new PlannedPart(part, map.FindReservation(part.Name)!, Dma))];
        foreach (PlannedPart part in Parts)
        {
            for (int i = 0; i < devices.Length; i++)
            {
                StreamSpec stream = layout.Streams[i];
                if (part.Layout.Buffers[i] > 0)
                {
                    part.Declare(i, devices[i], stream.Format(layout.LineAlignment), stream.FramesPerSecond);
                }
            }
        }
        Fits = Parts.Count(part => part.Contract.Check()) == Parts.Count;
    }

    /// <summary>The board's memory.</summary>
    public MemoryMap Map { get; }

    /// <summary>The page allocator over the remaining memory.</summary>
    public PageAllocator Pages { get; }

    /// <summary>The DMA allocator of the streams' devices.</summary>
    public DmaAllocator Dma { get; }

    /// <summary>The reservations of frames, each with what the streams need there.</summary>
    public IReadOnlyList<PlannedPart> Parts { get; }

    /// <summary>Where the bounce buffers lie; null where there are none.</summary>
    public Reservation? Bounce { get; }

    /// <summary>Whether every contract accepted its streams.</summary>
    public bool Fits { get; }

    /// <summary>Why they do not fit: a line for each stream that was refused.</summary>
    public string Refusal => string.Join('\n', Parts.Select(part => part.Contract.Refusal).Where(refusal => refusal.Length > 0));

    /// <summary>Bytes that are missing.</summary>
    public long MissingBytes => Parts.Sum(part => part.Contract.MissingBytes);

    /// <summary>The zone that the application asks first.</summary>
    public Zone AppZone
    {
        get
        {
            Zone[] zones = [.. Enumerable.Range(0, Pages.ZoneCount).Select(Pages.ZoneAt)];
            // A DMA zone of other memory, such as the internal memory of the ESP32, is no place for an application.
            return Array.Find(zones, zone => zone.Kind == ZoneKind.Normal)
                ?? Array.Find(zones, zone => Map.FindRegion(zone.Start) == Map.FindRegion(_layout.Board.Main.Start)) ?? zones[0];
        }
    }

    /// <summary>What a stream is called in messages.</summary>
    public static string NameOf(int stream) => $"stream{stream + 1}";

    /// <summary>What a frame of so many bytes takes of a board's memory.</summary>
    public static long BufferBytes(EmulatedBoard board, long size) => BufferLayout.RoundUp(size, AlignmentOf(board));

    /// <summary>The most bytes that a board can reserve in its main memory: all but a page.</summary>
    public static long MostBytes(EmulatedBoard board) => board.Main.Size - MemoryMap.DefaultPageSize;

    /// <summary>The board's map with the reservations; not sealed. It has as many bounce buffers as there is room for; the contract reports
    /// what is missing.</summary>
    /// <exception cref="ContractException">The board does not have the memory to reserve.</exception>
    public static MemoryMap CreateMap(PlanLayout layout)
    {
        int pool = layout.Parts.ToList().FindIndex(part => IsPool(layout.Board, part));
        MemoryMap map = layout.Board.CreateMap(layout.Zones, layout.Map, pool < 0 ? 0 : (int)layout.Parts[pool].Bytes);
        if (layout.BounceBytes > 0)
        {
            ReserveBounce(map, layout.Board, layout.BounceBytes);
        }
        for (int i = 0; i < layout.Parts.Count; i++)
        {
            PlanPart part = layout.Parts[i];
            try
            {
                if (i != pool)
                {
                    map.Reserve(part.Name, part.Start, (uint)part.Bytes);
                }
            }
            catch (ArgumentException e)
            {
                throw new ContractException($"reservations[{i}].bytes: {part.Bytes} bytes are planned at {HexText.Of(part.Start)}: "
                    + DeviceMessage.Of(e));
            }
        }
        return map;
    }

    /// <summary>Whether a part is the pool at the end of the main memory, which the board itself reserves.</summary>
    public static bool IsPool(EmulatedBoard board, PlanPart part) => part.Name == BoardCatalog.PoolName
        && part.Start - board.Main.Start < board.Main.Size && part.Start - board.Main.Start + part.Bytes <= board.Main.Size
        && part.Bytes <= MostBytes(board);

    /// <summary>Boots a board only to see whether a layout fits.</summary>
    public static PlannedBoard Try(PlanLayout layout)
    {
        MemoryMap map = CreateMap(layout);
        var memory = new UnbackedMemory();
        return new PlannedBoard(layout, map, PageAllocator.Boot(map, memory, null), memory);
    }

    /// <summary>By stream, the pools of its buffers. To be called once.</summary>
    /// <exception cref="ContractException">The streams do not fit, or the board does not have the planned reservations.</exception>
    public ReservedPool[][] CreatePools()
    {
        if (!Fits)
        {
            throw new ContractException(Refusal);
        }
        if (_layout.BounceBytes != (Bounce?.Size ?? 0))
        {
            // A plan for another board, or an edited one.
            throw new ContractException($"bounce.bytes: {_layout.BounceBytes} bytes are planned, {_layout.Board} can reserve "
                + $"{Bounce?.Size ?? 0} for it");
        }
        return [.. _layout.Streams.Select((_, i) => Parts.Select(part => part.CreatePool(i)).OfType<ReservedPool>().ToArray())];
    }

    /// <summary>Reserves bounce buffers at the end of the first zone outside the main memory that the engine reaches, and leaves it a page
    /// at least. If there is no such zone, the contract reports it.</summary>
    public static void ReserveBounce(MemoryMap map, EmulatedBoard board, long bytes)
    {
        for (int i = 0; i < map.ZoneCount; i++)
        {
            ZonePlan zone = map.ZoneAt(i);
            MemoryRegion region = map.FindRegion(zone.Start)!;
            uint most = zone.Size - (uint)map.PageSize;
            if (region != map.FindRegion(board.Main.Start) && region.Dma.HasFlag(board.Engine) && most > 0)
            {
                uint size = (uint)Math.Min(bytes, most);
                map.Reserve(BounceName, zone.Start + zone.Size - size, size);
                return;
            }
        }
    }

    /// <summary>The alignment of frames, with which they are mapped in place and share no cache line. It is the largest of all memory in
    /// which they may lie, because a pool's frames are alike.</summary>
    private static int AlignmentOf(EmulatedBoard board)
    {
        MemoryMap map = board.CreateMap(ZoneLayout.Single, PageMapKind.Runs, 0);
        return Enumerable.Range(0, map.RegionCount).Select(map.RegionAt).Where(region => region == map.FindRegion(board.Main.Start)
            || region.Dma.HasFlag(board.Engine)).Max(region => Math.Max(TransferLimits.Alignment, region.CacheLine));
    }

    private DmaDevice Attach(string name, int alignment, int maxSegment)
    {
        var device = new DmaDevice(name, _layout.Board.Engine) { Alignment = alignment, MaxSegment = maxSegment };
        Dma.Attach(device);
        return device;
    }
}
