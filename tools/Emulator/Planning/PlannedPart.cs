using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>A reservation of a board that has booted, and the contract over it.</summary>
internal sealed class PlannedPart
{
    private readonly List<int> _streams = [];

    /// <summary>Over a reservation nothing of which is declared yet.</summary>
    public PlannedPart(PlanPart layout, Reservation reservation, DmaAllocator dma)
    {
        (Layout, Reservation, Contract) = (layout, reservation, new Contract(dma, reservation));
    }

    /// <summary>What was planned.</summary>
    public PlanPart Layout { get; }

    /// <summary>Where its frames lie.</summary>
    public Reservation Reservation { get; }

    /// <summary>What the streams need of it.</summary>
    public Contract Contract { get; }

    /// <summary>Bytes from the reservation's start to the last buffer's end; where that is more than there is, by what is missing.</summary>
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
        Contract.Declare(device.Name, device, format, Layout.Buffers[stream], framesPerSecond, DmaDirection.Bidirectional);
        _streams.Add(stream);
    }

    /// <summary>A stream's buffers in it, as the contract has them; null where there are none.</summary>
    public VideoStream? Of(int stream) => _streams.IndexOf(stream) is >= 0 and var index ? Contract.StreamAt(index) : null;

    /// <summary>The pool of a stream's buffers in it, once; null where there are none.</summary>
    public ReservedPool? CreatePool(int stream) => _streams.IndexOf(stream) is >= 0 and var index ? Contract.CreatePool(index) : null;
}
