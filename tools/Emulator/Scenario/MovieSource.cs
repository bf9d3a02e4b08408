using Carveout.Emulator.Boards;
using Carveout.Emulator.Movies;

namespace Carveout.Emulator.Scenario;

/// <summary>The movie in front of the camera. It keeps its own speed, and goes on if the camera is started again in the middle.</summary>
internal sealed class MovieSource
{
    private readonly IMovie _movie;
    private readonly long _movieFrames, _cameraFrames;
    private long _first, _latest;

    /// <summary>Makes the source of a camera.</summary>
    /// <param name="movie">The movie.</param>
    /// <param name="spec">The camera's rate.</param>
    public MovieSource(IMovie movie, MovieSpec spec)
    {
        _movie = movie;
        // So many frames of the movie take the time of so many frames of the camera.
        _movieFrames = (long)movie.RateNumerator * spec.Seconds;
        _cameraFrames = (long)movie.RateDenominator * spec.FramesPerSecond;
    }

    /// <summary>Makes the next frame the movie's first.</summary>
    public void Rewind() => _first = _latest = 0;

    /// <summary>Fills a line of the sensor's frame, which is counted from 0 at every start.</summary>
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
