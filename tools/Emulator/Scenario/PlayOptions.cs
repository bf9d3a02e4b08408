using Carveout.Emulator.Boards;
using Carveout.Emulator.Planning;
using Carveout.Video;

namespace Carveout.Emulator.Scenario;

/// <summary>The options of one run of the story.</summary>
/// <param name="Board">The board.</param>
/// <param name="Hours">Virtual hours, above 0.</param>
/// <param name="Allocator">The kind of page maps.</param>
/// <param name="Zones">One zone or two.</param>
/// <param name="Tail">How frame buffers are allocated.</param>
/// <param name="Grouping">Whether our buddy keeps small unmovable blocks apart; the story's kernel does not.</param>
/// <param name="LowmemReserveRatio">A DMA zone keeps 1/ratio of NORMAL's pages from requests that fall back; with 0 it keeps none.</param>
/// <param name="Movie">The movie.</param>
/// <param name="Application">The application beside it.</param>
/// <param name="Seed">The seed of all random numbers.</param>
internal sealed record PlayOptions(EmulatedBoard Board, double Hours, AllocatorKind Allocator, ZoneLayout Zones, DmaTail Tail,
    bool Grouping, int LowmemReserveRatio, MovieSpec Movie, ApplicationSpec Application, ulong Seed)
{
    /// <summary>The options for real pixels; null for the story, whose frames are drawn only in part.</summary>
    public PixelOptions? Pixels { get; init; }

    /// <summary>Bytes of a frame that the camera sends, or that the story draws.</summary>
    public int FrameSize => Pixels is null ? Movie.FrameSize : VideoFormat.Nearest(Movie.Width, Movie.Height, Pixels.Format, 1).SizeImage;

    /// <summary>How many requests of the application in a hundred are for movable memory.</summary>
    public int Movable { get; init; }

    /// <summary>The most pages that are moved for a request that does not fit.</summary>
    public int Compact { get; init; } = MovablePages.NoLimit;

    /// <summary>The plan whose streams play instead of the movie; null for the movie.</summary>
    public BootLayout? Plan { get; init; }
}
