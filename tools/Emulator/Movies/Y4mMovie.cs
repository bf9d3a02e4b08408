using Carveout.Video;

namespace Carveout.Emulator.Movies;

/// <summary>A movie from a file, made to fit a display.</summary>
/// <remarks>Frames are kept as they are imported, as many as fit <see cref="MostKept"/>: a short movie that loops costs its scaling
/// once.</remarks>
internal sealed class Y4mMovie : IMovie
{
    /// <summary>Bytes of imported frames that are kept.</summary>
    private const long MostKept = 64 << 20;

    private readonly Y4mReader _reader;
    private readonly Y4mFrame _frame;
    private readonly FrameImport _import;
    private readonly Dictionary<long, byte[]> _kept = [];
    private readonly byte[] _spare;
    private readonly string _name;
    private byte[] _image;
    private long _shown = -1;

    private Y4mMovie(Y4mReader reader, string name, VideoFormat format, ScaleFit fit)
    {
        _reader = reader;
        _name = name;
        Format = format;
        _frame = new Y4mFrame(reader.Header);
        _import = new FrameImport(reader.Header, format, fit);
        _image = _spare = new byte[format.SizeImage];
    }

    /// <inheritdoc/>
    public VideoFormat Format { get; }

    public int RateNumerator => _reader.Header.RateNumerator;

    public int RateDenominator => _reader.Header.RateDenominator;

    public string Description
    {
        get
        {
            Y4mHeader movie = _reader.Header;
            return string.Create(CultureInfo.InvariantCulture,
                $"{_name} {movie.Width}x{movie.Height} {movie.Chroma.Name}, {(double)movie.RateNumerator / movie.RateDenominator:0.###} fps");
        }
    }

    /// <summary>Opens a movie and reads its first frame, so that a file that cannot be shown is refused before anything starts.</summary>
    /// <param name="path">A Y4M file.</param>
    /// <param name="format">Any that is neither compressed nor a sensor's samples.</param>
    /// <param name="fit">What to do where the ratios of the sides differ.</param>
    /// <exception cref="UsageException">It is no movie that can be read.</exception>
    /// <exception cref="ArgumentException">It is another format.</exception>
    public static Y4mMovie Open(string path, VideoFormat format, ScaleFit fit)
    {
        Y4mReader reader = Y4mReader.Open(path);
        try
        {
            var movie = new Y4mMovie(reader, Path.GetFileName(path), format, fit);
            movie.Load(0);
            return movie;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    public void FillLine(long frame, int y, Span<byte> line)
    {
        if (frame != _shown)
        {
            Load(frame);
        }
        _image.AsSpan(y * (Format.SizeImage / Format.Height), line.Length).CopyTo(line);
    }

    public void Dispose() => _reader.Dispose();

    private void Load(long frame)
    {
        // A frame that is cut off leaves nothing to show.
        _shown = -1;
        if (!_kept.TryGetValue(Number(frame), out byte[]? image))
        {
            _reader.ReadFrame(frame, _frame);
            bool fits = (_kept.Count + 1) * (long)Format.SizeImage <= MostKept;
            image = fits ? new byte[Format.SizeImage] : _spare;
            _import.Import(_frame, image);
            if (fits)
            {
                // By the number that it has now: with this frame the movie's end may have been found.
                _kept[Number(frame)] = image;
            }
        }
        _image = image;
        _shown = frame;
    }

    private long Number(long frame) => _reader.FrameCount < 0 ? frame : frame % _reader.FrameCount;
}
