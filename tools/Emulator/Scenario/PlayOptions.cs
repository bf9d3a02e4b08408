using Carveout.Emulator.Boards;
using Carveout.Emulator.Planning;
using Carveout.Video;

namespace Carveout.Emulator.Scenario;

/// <summary>One run of the story.</summary>
/// <param name="Board">The board.</param>
/// <param name="Hours">Virtual hours, above 0.</param>
/// <param name="Allocator">Whose page maps.</param>
/// <param name="Zones">One zone or two.</param>
/// <param name="Tail">How frame buffers are allocated.</param>
/// <param name="Grouping">Whether our buddy keeps small unmovable blocks apart; the kernel's of the story does not.</param>
/// <param name="LowmemReserveRatio">What a DMA zone keeps from NORMAL requests that fall back; 0 nothing.</param>
/// <param name="Movie">What plays.</param>
/// <param name="Application">What runs beside it.</param>
/// <param name="Seed">All chance comes from it.</param>
internal sealed record PlayOptions(EmulatedBoard Board, double Hours, AllocatorKind Allocator, ZoneLayout Zones, TailPolicy Tail,
    bool Grouping, int LowmemReserveRatio, MovieSpec Movie, ApplicationSpec Application, ulong Seed)
{
    /// <summary>What real pixels need; null: the story, whose frames are drawn in part.</summary>
    public PixelOptions? Pixels { get; init; }

    /// <summary>Bytes of a frame that the camera sends, or, in the story, that is drawn.</summary>
    public int FrameSize => Pixels is null ? Movie.FrameSize : VideoFormat.Nearest(Movie.Width, Movie.Height, Pixels.Format, 1).SizeImage;

    /// <summary>Requests of the application in a hundred whose memory may be moved.</summary>
    public int Movable { get; init; }

    /// <summary>Pages that are moved at most for a request that does not fit.</summary>
    public int Compact { get; init; } = MovablePages.NoLimit;

    /// <summary>A plan whose streams play instead of the movie; null: the movie plays.</summary>
    public BootLayout? Plan { get; init; }
}
