using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Maps;
using Carveout.Emulator.Replay;
using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>A board that has booted with a reservation, the devices of its streams, and the contract that judges whether they fit.</summary>
internal sealed class PlannedBoard
{
    /// <summary>The reservation of the bounce buffers.</summary>
    public const string BounceName = "frame-bounce";

    /// <summary>More than the devices of all streams can have.</summary>
    private const int MostMappings = 512, MostBlocks = 16;

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
        Reservation = map.FindReservation(BoardCatalog.PoolName);
        Bounce = map.FindReservation(BounceName);
        TransferLimits limits = layout.Board.Transfer;
        const int Slot = TransferLimits.SlotSize;
        BounceBuffers? slots = Bounce is null ? null : new BounceBuffers(BounceName, Bounce.Start, Slot, (int)(Bounce.Size / Slot));
        Dma = new DmaAllocator(pages, map, memory, slots, MostMappings, MostBlocks);
        Contract = new Contract(Dma, Reservation);
        for (int i = 0; i < layout.Streams.Count; i++)
        {
            StreamSpec stream = layout.Streams[i];
            var device = new DmaDevice(NameOf(i), layout.Board.Engine)
            {
                Alignment = TransferLimits.Alignment,
                MaxSegment = limits.MaxSegment,
            };
            Dma.Attach(device);
            Contract.Declare(device.Name, device, stream.Format(layout.LineAlignment), stream.Buffers, stream.FramesPerSecond,
                DmaDirection.Bidirectional);
        }
        Fits = Contract.Check();
    }

    /// <summary>The board's memory.</summary>
    public MemoryMap Map { get; }

    /// <summary>What is left of it.</summary>
    public PageAllocator Pages { get; }

    /// <summary>Of the streams' devices.</summary>
    public DmaAllocator Dma { get; }

    /// <summary>Where all frames lie.</summary>
    public Reservation Reservation { get; }

    /// <summary>Where the bounce buffers lie; null where there are none.</summary>
    public Reservation? Bounce { get; }

    /// <summary>What the streams need, checked.</summary>
    public Contract Contract { get; }

    /// <summary>Whether the contract said yes.</summary>
    public bool Fits { get; }

    /// <summary>The zone that the application asks first.</summary>
    public Zone AppZone
    {
        get
        {
            Zone[] zones = [.. Enumerable.Range(0, Pages.ZoneCount).Select(Pages.ZoneAt)];
            // A DMA zone of other memory, as inside the ESP32, is no place for an application.
            return Array.Find(zones, zone => zone.Kind == ZoneKind.Normal)
                ?? Array.Find(zones, zone => Map.FindRegion(zone.Start) == Map.FindRegion(Reservation.Start)) ?? zones[0];
        }
    }

    /// <summary>What a stream is called in messages.</summary>
    public static string NameOf(int stream) => $"stream{stream + 1}";

    /// <summary>The most bytes that a board can reserve: all of its main memory but a page.</summary>
    public static long MostBytes(EmulatedBoard board) => board.Main.Size - MemoryMap.DefaultPageSize;

    /// <summary>The board's map with the reservations; not sealed. Where more is asked for than there is, the reservation is as large as it can
    /// be, and the contract will say what is missing.</summary>
    public static MemoryMap CreateMap(PlanLayout layout)
    {
        MemoryMap map = layout.Board.CreateMap(layout.Zones, layout.Map,
            (int)Math.Min(layout.ReservationBytes, MostBytes(layout.Board)));
        if (layout.BounceBytes > 0)
        {
            ReserveBounce(map, layout);
        }
        return map;
    }

    /// <summary>Boots a board that nobody will use, to see whether a layout fits.</summary>
    public static PlannedBoard Try(PlanLayout layout)
    {
        MemoryMap map = CreateMap(layout);
        var memory = new UnbackedMemory();
        return new PlannedBoard(layout, map, PageAllocator.Boot(map, memory, null), memory);
    }

    /// <summary>The pool of each stream, once.</summary>
    /// <exception cref="ContractException">The streams do not fit, or the board has not what was planned to reserve.</exception>
    public ReservedPool[] CreatePools()
    {
        if (!Fits)
        {
            throw new ContractException(Contract.Refusal);
        }
        Require("reservation", _layout.ReservationBytes, Reservation);
        Require("bounce", _layout.BounceBytes, Bounce);
        return [.. Enumerable.Range(0, Contract.Count).Select(Contract.CreatePool)];
    }

    /// <summary>A plan for another board, or an edited one, may reserve more than <see cref="CreateMap"/> could.</summary>
    private void Require(string key, long planned, Reservation? had)
    {
        if (planned != (had?.Size ?? 0))
        {
            throw new ContractException($"{key}.bytes: {planned} bytes are planned, {_layout.Board} can reserve {had?.Size ?? 0} for it");
        }
    }

    /// <summary>Takes them from the end of the first zone that the engine reaches and that is not the frames' own, down to a page; where there is
    /// none, the contract will say so.</summary>
    private static void ReserveBounce(MemoryMap map, PlanLayout layout)
    {
        MemoryRegion frames = map.FindRegion(map.FindReservation(BoardCatalog.PoolName).Start);
        for (int i = 0; i < map.ZoneCount; i++)
        {
            ZonePlan zone = map.ZoneAt(i);
            MemoryRegion region = map.FindRegion(zone.Start);
            uint most = zone.Size - (uint)map.PageSize;
            if (region != frames && region.Dma.HasFlag(layout.Board.Engine) && most > 0)
            {
                uint size = (uint)Math.Min(layout.BounceBytes, most);
                map.Reserve(BounceName, zone.Start + zone.Size - size, size);
                return;
            }
        }
    }
}
