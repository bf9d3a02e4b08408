using Carveout.Emulator.Boards;

namespace Carveout.Emulator.Planning;

/// <summary>A board with a reservation for streams: all that it takes to boot it.</summary>
/// <param name="Board">The board.</param>
/// <param name="Zones">How what is left is cut into zones.</param>
/// <param name="Map">How the zones account for their pages.</param>
/// <param name="Streams">In the order in which they lie in the reservation.</param>
/// <param name="LineAlignment">A power of two that divides the bytes of every line.</param>
/// <param name="ReservationBytes">Bytes of the reservation, whole pages; a board gets no more than it has.</param>
/// <param name="BounceBytes">Bytes of bounce buffers, whole slots; 0 for none.</param>
internal sealed record PlanLayout(EmulatedBoard Board, ZoneLayout Zones, PageMapKind Map, IReadOnlyList<StreamSpec> Streams, int LineAlignment,
    long ReservationBytes, long BounceBytes);
