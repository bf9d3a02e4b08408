using Carveout.Emulator.Boards;

namespace Carveout.Emulator.Planning;

/// <summary>Memory with streams in it: everything that is needed to boot and to play them.</summary>
/// <param name="Board">The board.</param>
/// <param name="Streams">The streams to play.</param>
/// <param name="LineAlignment">A power of two that divides the bytes of every line.</param>
internal abstract record BootLayout(EmulatedBoard Board, IReadOnlyList<StreamSpec> Streams, int LineAlignment)
{
    /// <summary>How the remaining memory is cut into zones.</summary>
    public abstract ZoneLayout Zones { get; init; }

    /// <summary>Bytes of all reservations of frames.</summary>
    public abstract long ReservationBytes { get; }

    /// <summary>Whether the board's application uses the remaining memory. Otherwise it has a heap that Carveout does not manage.</summary>
    public abstract bool HasApplication { get; }

    /// <summary>The map with the reservations.</summary>
    /// <exception cref="ContractException">The memory is not what was planned for.</exception>
    public abstract MemoryMap CreateMap();

    /// <summary>By stream, the pools of its buffers, in memory that has booted. To be called once.</summary>
    /// <exception cref="ContractException">The streams do not fit.</exception>
    public abstract ReservedPool[][] CreatePools(MemoryMap map, PageAllocator pages, PhysicalMemory memory);
}
