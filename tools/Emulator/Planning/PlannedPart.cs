using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>A reservation of a board that has booted, and the contract over it.</summary>
internal sealed class PlannedPart
{
    private readonly List<int> _streams = [];

    /// <summary>Makes a contract over a reservation, without streams.</summary>
    public PlannedPart(PlanPart layout, Reservation reservation, DmaAllocator dma)
    {
        (Layout, Reservation, Contract) = (layout, reservation, new Contract(dma, reservation));
    }

    /// <summary>The planned reservation.</summary>
    public PlanPart Layout { get; }

    /// <summary>The reservation in the booted map.</summary>
    public Reservation Reservation { get; }

    /// <summary>The contract with the streams' needs.</summary>
    public Contract Contract { get; }

    /// <summary>Bytes from the reservation's start to the last buffer's end; if the reservation is too small, including the bytes that are
    /// missing.</summary>
    public long NeededBytes
    {
        get
        {
            VideoStream last = Contract.StreamAt(Contract.Count - 1);
            return last.Start != 0 ? last.Start + last.Bytes - Reservation.Start
                : Reservation.Size + Enumerable.Range(0, Contract.Count).Sum(i => Contract.StreamAt(i).MissingBytes);
        }
    }

    /// <summary>Declares a stream's buffers in it.</summary>
    public void Declare(int stream, DmaDevice device, VideoFormat format, int framesPerSecond)
    {
        Contract.Declare(device.Name, device, format, Layout.Buffers[stream], framesPerSecond);
        _streams.Add(stream);
    }

    /// <summary>The contract's entry for a stream's buffers in it; null if there are none.</summary>
    public VideoStream? Of(int stream) => _streams.IndexOf(stream) is >= 0 and var index ? Contract.StreamAt(index) : null;

    /// <summary>The pool of a stream's buffers in it; null if there are none. To be called once.</summary>
    public ReservedPool? CreatePool(int stream) => _streams.IndexOf(stream) is >= 0 and var index ? Contract.CreatePool(index) : null;
}
