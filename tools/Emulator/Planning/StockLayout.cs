using Carveout.Emulator.Boards;

namespace Carveout.Emulator.Planning;

/// <summary>Banks of a managed heap with pools of frames, in the order in which a program makes them.</summary>
/// <param name="Board">The board.</param>
/// <param name="Streams">Each stream is a pool.</param>
/// <param name="LineAlignment">A power of two that divides the bytes of every line.</param>
/// <param name="Heap">The heap that the banks come from.</param>
/// <param name="Banks">Bytes of each bank.</param>
internal sealed record StockLayout(EmulatedBoard Board, IReadOnlyList<StreamSpec> Streams, int LineAlignment, StockHeap Heap, int[] Banks)
    : BootLayout(Board, Streams, LineAlignment)
{
    /// <inheritdoc/>
    public override ZoneLayout Zones { get; init; } = ZoneLayout.Single;

    /// <inheritdoc/>
    public override long ReservationBytes => Banks.Sum(bank => (long)bank);

    /// <inheritdoc/>
    public override bool HasApplication => false;

    /// <summary>Takes the banks and makes the pools with the device's own code, and gives the addresses of their frames.</summary>
    /// <returns>By stream the addresses of its frames; null if a pool finds no room in the banks.</returns>
    public uint[][]? Frames(CarveoutMemory memory)
    {
        uint[][] frames = new uint[Streams.Count][];
        for (int i = 0; i < frames.Length; i++)
        {
            FramePool pool;
            try
            {
                pool = memory.CreatePool(Streams[i].Format(LineAlignment), Streams[i].Buffers, PlannedBoard.NameOf(i));
            }
            catch (Exception e) when (e is OutOfMemoryException or ArgumentOutOfRangeException)
            {
                // There is no room in the banks, and the remaining page is too small.
                return null;
            }
            if (!pool.IsReserved)
            {
                return null;
            }
            frames[i] = [.. Enumerable.Range(0, pool.Count).Select(_ => pool.Rent("plan").Address).Order()];
        }
        return frames;
    }

    /// <inheritdoc/>
    public override MemoryMap CreateMap()
    {
        MemoryMap booted = FrameBanks.Reserve(Banks).Map;
        // A map that has not booted: its reservations have no owner yet.
        var map = new MemoryMap(Board.Name + ", " + booted.Name, booted.PageSize);
        for (int i = 0; i < booted.RegionCount; i++)
        {
            map.Add(booted.RegionAt(i));
        }
        for (int i = 0; i < booted.ReservationCount; i++)
        {
            map.Add(new Reservation(booted.ReservationAt(i).Name, booted.ReservationAt(i).Start, booted.ReservationAt(i).Size));
        }
        for (int i = 0; i < booted.ZoneCount; i++)
        {
            map.Add(booted.ZoneAt(i));
        }
        return map;
    }

    /// <inheritdoc/>
    public override ReservedPool[][] CreatePools(MemoryMap map, PageAllocator pages, PhysicalMemory memory)
    {
        uint[][] frames = Frames(FrameBanks.Reserve(Banks))
            ?? throw new ContractException($"the banks, {string.Join(", ", Banks)} bytes, do not hold the frames of {string.Join(", ", Streams)}");
        return
        [
            .. frames.Select((addresses, i) => addresses.Select((address, n) =>
                new ReservedPool($"{PlannedBoard.NameOf(i)}, {n}", address, Streams[i].Format(LineAlignment).SizeImage, 1)).ToArray()),
        ];
    }
}
