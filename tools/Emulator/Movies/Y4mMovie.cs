using Carveout.Video;

namespace Carveout.Emulator.Movies;

/// <summary>A movie from a file, scaled to a display.</summary>
/// <remarks>Converted frames are kept, as many as fit into <see cref="MostKept"/> bytes. So a short movie that loops is scaled only
/// once.</remarks>
internal sealed class Y4mMovie : IMovie
{
    /// <summary>The most bytes of converted frames that are kept.</summary>
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
    /// <param name="format">Any format with pixels: not compressed, and not a sensor's samples.</param>
    /// <param name="fit">What happens if the ratios of the sides differ.</param>
    /// <exception cref="UsageException">The file is not a movie that can be read.</exception>
    /// <exception cref="ArgumentException">The format is another.</exception>
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
        // If the frame is cut off, there is no frame to show.
        _shown = -1;
        if (!_kept.TryGetValue(Number(frame), out byte[]? image))
        {
            _reader.ReadFrame(frame, _frame);
            bool fits = (_kept.Count + 1) * (long)Format.SizeImage <= MostKept;
            image = fits ? new byte[Format.SizeImage] : _spare;
            _import.Import(_frame, image);
            if (fits)
            {
                // Use the frame's number as it is now: reading this frame may have found the movie's end.
                _kept[Number(frame)] = image;
            }
        }
        _image = image;
        _shown = frame;
    }

    private long Number(long frame) => _reader.FrameCount < 0 ? frame : frame % _reader.FrameCount;
}
