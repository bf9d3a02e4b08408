using Carveout.Emulator.Boards;

namespace Carveout.Emulator.Planning;

/// <summary>A board with reservations for streams: everything that is needed to boot it.</summary>
/// <param name="Board">The board.</param>
/// <param name="Zones">How the remaining memory is cut into zones.</param>
/// <param name="Map">How the zones account for their pages.</param>
/// <param name="Streams">The streams in the reservations; each reservation has its buffers in this order.</param>
/// <param name="LineAlignment">A power of two that divides the bytes of every line.</param>
/// <param name="Parts">The reservations.</param>
/// <param name="BounceBytes">Bytes of bounce buffers, whole slots; 0 for none.</param>
internal sealed record PlanLayout(EmulatedBoard Board, ZoneLayout Zones, PageMapKind Map, IReadOnlyList<StreamSpec> Streams, int LineAlignment,
    IReadOnlyList<PlanPart> Parts, long BounceBytes) : BootLayout(Board, Streams, LineAlignment)
{
    /// <inheritdoc/>
    public override long ReservationBytes => Parts.Sum(part => part.Bytes);

    /// <inheritdoc/>
    public override bool HasApplication => true;

    /// <inheritdoc/>
    public override MemoryMap CreateMap() => PlannedBoard.CreateMap(this);

    /// <inheritdoc/>
    public override ReservedPool[][] CreatePools(MemoryMap map, PageAllocator pages, PhysicalMemory memory) =>
        new PlannedBoard(this, map, pages, memory).CreatePools();
}

/// <summary>A reservation of frames.</summary>
/// <param name="Name">Its name in the map.</param>
/// <param name="Start">First address; a reservation at the end of the main memory gets it from its size.</param>
/// <param name="Bytes">Whole pages.</param>
/// <param name="Buffers">By stream, how many of its buffers it contains.</param>
internal sealed record PlanPart(string Name, uint Start, long Bytes, IReadOnlyList<int> Buffers);
