using Carveout.Video;

namespace Carveout.Emulator.Movies;

/// <summary>What a camera sees: frames without end, line by line.</summary>
internal interface IMovie : IDisposable
{
    /// <summary>Of its frames.</summary>
    VideoFormat Format { get; }

    /// <summary>Frames a second, as a fraction.</summary>
    int RateNumerator { get; }

    /// <summary>What the rate is divided by.</summary>
    int RateDenominator { get; }

    /// <summary>In words, for a run's first line.</summary>
    string Description { get; }

    /// <summary>Gives what of a frame's bytes comes in the time of a line: a line, of a format with planes as many bytes of the image, in its
    /// order.</summary>
    /// <param name="frame">From 0; a movie that has an end begins anew after it.</param>
    /// <param name="y">From the top.</param>
    /// <param name="line">Takes <see cref="VideoFormat.LineSize"/> bytes, of a format with planes <see cref="VideoFormat.SizeImage"/> /
    /// <see cref="VideoFormat.Height"/>.</param>
    /// <exception cref="UsageException">The movie's file is damaged there.</exception>
    void FillLine(long frame, int y, Span<byte> line);
}
