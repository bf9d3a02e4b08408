using Carveout.Emulator.Boards;
using Carveout.Emulator.Movies;

namespace Carveout.Emulator.Scenario;

/// <summary>The movie in front of the camera: it keeps its own speed, and goes on where a camera is started again in the middle.</summary>
internal sealed class MovieSource
{
    private readonly IMovie _movie;
    private readonly long _movieFrames, _cameraFrames;
    private long _first, _latest;

    /// <summary>A movie for a camera.</summary>
    /// <param name="movie">What it sees.</param>
    /// <param name="spec">The camera's rate.</param>
    public MovieSource(IMovie movie, MovieSpec spec)
    {
        _movie = movie;
        // So many frames of the movie in the time of so many of the camera.
        _movieFrames = (long)movie.RateNumerator * spec.Seconds;
        _cameraFrames = (long)movie.RateDenominator * spec.FramesPerSecond;
    }

    /// <summary>The next frame is the movie's first.</summary>
    public void Rewind() => _first = _latest = 0;

    /// <summary>Fills a line of a frame of the sensor, which counts from 0 whenever it is started.</summary>
    public void FillLine(long frame, int y, Span<byte> line)
    {
        if (_first + frame < _latest)
        {
            _first = _latest + 1;
        }
        _latest = _first + frame;
        _movie.FillLine(_latest * _movieFrames / _cameraFrames, y, line);
    }
}
