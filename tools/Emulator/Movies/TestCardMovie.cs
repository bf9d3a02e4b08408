using Carveout.Video;

namespace Carveout.Emulator.Movies;

/// <summary>The device's <see cref="TestCard"/> as a movie. Formats that the device does not draw are converted from its YUYV.</summary>
internal sealed class TestCardMovie : IMovie
{
    private readonly int _framesPerSecond;
    private readonly TestCard _card;
    private readonly byte[] _line;
    private readonly Y4mFrame? _drawn;
    private readonly FrameImport? _import;
    private readonly byte[] _image = [];
    private long _shown = -1;

    /// <summary>Draws a card.</summary>
    /// <exception cref="ArgumentException">There is no such card.</exception>
    public TestCardMovie(int width, int height, PixelFormat format, int framesPerSecond)
    {
        _framesPerSecond = framesPerSecond;
        Format = new VideoFormat(width, height, format);
        bool isDrawn = format is PixelFormat.RGB565 or PixelFormat.RGB565X or PixelFormat.YUYV;
        // Its pixels come in pairs; for an odd width the last one is left out.
        _card = new TestCard(isDrawn ? width : width + (width & 1), height, isDrawn ? format : PixelFormat.YUYV);
        _line = new byte[_card.Format.LineSize];
        if (!isDrawn)
        {
            _drawn = new Y4mFrame(new Y4mHeader(width, height, framesPerSecond, 1, ChromaSampling.Find("422")!, Quantization.LimitedRange));
            _import = new FrameImport(_drawn.Header, Format, ScaleFit.Fill);
            _image = new byte[Format.SizeImage];
        }
    }

    /// <inheritdoc/>
    public VideoFormat Format { get; }

    public int RateNumerator => _framesPerSecond;

    public int RateDenominator => 1;

    public string Description =>
        string.Create(CultureInfo.InvariantCulture, $"test card {Format.Width}x{Format.Height} {Format.PixelFormat}, {_framesPerSecond} fps");

    public void FillLine(long frame, int y, Span<byte> line)
    {
        if (_import is null)
        {
            _card.FillLine(frame, y, _line, 0);
            _line.CopyTo(line);
            return;
        }
        if (frame != _shown)
        {
            Draw(frame);
        }
        _image.AsSpan(y * line.Length, line.Length).CopyTo(line);
    }

    public void Dispose()
    {
    }

    private void Draw(long frame)
    {
        int width = Format.Width, half = _drawn!.ChromaWidth;
        for (int y = 0; y < Format.Height; y++)
        {
            _card.FillLine(frame, y, _line, 0);
            for (int x = 0; x < width; x++)
            {
                _drawn.Luma[(y * width) + x] = _line[2 * x];
                (x % 2 == 0 ? _drawn.U : _drawn.V)[(y * half) + (x / 2)] = _line[(2 * x) + 1];
            }
        }
        _import!.Import(_drawn, _image);
        _shown = frame;
    }
}
