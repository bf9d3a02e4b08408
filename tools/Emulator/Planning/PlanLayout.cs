using Carveout.Emulator.Boards;

namespace Carveout.Emulator.Planning;

/// <summary>A board with reservations for streams: all that it takes to boot it.</summary>
/// <param name="Board">The board.</param>
/// <param name="Zones">How what is left is cut into zones.</param>
/// <param name="Map">How the zones account for their pages.</param>
/// <param name="Streams">What lies in the reservations, in this order in each.</param>
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
/// <param name="Start">First address; at the end of the main memory it follows from the size.</param>
/// <param name="Bytes">Whole pages.</param>
/// <param name="Buffers">By stream, how many of its buffers lie in it.</param>
internal sealed record PlanPart(string Name, uint Start, long Bytes, IReadOnlyList<int> Buffers);
