using Carveout.Video;

namespace Carveout.Emulator.Movies;

/// <summary>A movie in front of a camera: frames without end, line by line.</summary>
internal interface IMovie : IDisposable
{
    /// <summary>The format of its frames.</summary>
    VideoFormat Format { get; }

    /// <summary>The rate in frames a second, as a fraction.</summary>
    int RateNumerator { get; }

    /// <summary>What the rate is divided by.</summary>
    int RateDenominator { get; }

    /// <summary>The movie in words, for a run's first line.</summary>
    string Description { get; }

    /// <summary>Writes the part of a frame that comes in the time of a line: the line itself or, in a format with planes, as many bytes of
    /// the image, in their order.</summary>
    /// <param name="frame">The frame, from 0. After its end a movie begins again.</param>
    /// <param name="y">The line, from the top.</param>
    /// <param name="line">Receives <see cref="VideoFormat.LineSize"/> bytes, of a format with planes <see cref="VideoFormat.SizeImage"/> /
    /// <see cref="VideoFormat.Height"/>.</param>
    /// <exception cref="UsageException">The movie's file is damaged there.</exception>
    void FillLine(long frame, int y, Span<byte> line);
}
