using Carveout.Video;

namespace Carveout.Emulator.Movies;

/// <summary>The device's <see cref="TestCard"/> as a movie.</summary>
internal sealed class TestCardMovie(int width, int height, PixelFormat format, int framesPerSecond) : IMovie
{
    private readonly TestCard _card = new(width, height, format);
    private readonly byte[] _line = new byte[new VideoFormat(width, height, format).LineSize];

    public VideoFormat Format => _card.Format;

    public int RateNumerator => framesPerSecond;

    public int RateDenominator => 1;

    public string Description =>
        string.Create(CultureInfo.InvariantCulture, $"test card {width}x{height} {format}, {framesPerSecond} fps");

    public void FillLine(long frame, int y, Span<byte> line)
    {
        _card.FillLine(frame, y, _line, 0);
        _line.CopyTo(line);
    }

    public void Dispose()
    {
    }
}
