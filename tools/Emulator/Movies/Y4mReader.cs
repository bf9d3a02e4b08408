using System.Text;

namespace Carveout.Emulator.Movies;

/// <summary>Reads a YUV4MPEG2 movie frame by frame, with never more than one frame in memory.</summary>
/// <remarks>It remembers where each frame begins, so going back and looping are seeks. Every error is a <see cref="UsageException"/> that
/// names the file, the frame (from 0) and the byte.</remarks>
internal sealed class Y4mReader : IDisposable
{
    private const string FrameWord = "FRAME";

    /// <summary>The longest header line, of the movie or of a frame; real ones have a tenth of this.</summary>
    private const int MaxLine = 1024;

    private readonly Stream _stream;
    private readonly string _file;
    private readonly List<long> _starts = [];
    private readonly byte[] _line = new byte[MaxLine];
    private int _next;

    private Y4mReader(Stream stream, string file)
    {
        _stream = stream;
        _file = file;
        string? line = ReadLine();
        if (line is null || !line.StartsWith(Y4mHeader.Magic, StringComparison.Ordinal))
        {
            throw new UsageException($"{file}: begins with no {Y4mHeader.Magic}: expected a Y4M movie");
        }
        Header = Y4mHeader.Parse(file, line);
        _starts.Add(stream.Position);
        // This finds a first frame that is cut off before anybody makes room for it: a file of 57 bytes may claim 200 MB.
        if (BeginFrame())
        {
            SkipFrame();
        }
        Seek(0);
    }

    public Y4mHeader Header { get; }

    /// <summary>How many frames the movie has; -1 until its end has been read.</summary>
    public int FrameCount { get; private set; } = -1;

    /// <summary>Opens a file.</summary>
    /// <exception cref="UsageException">It cannot be opened, or it is not a movie that can be read.</exception>
    public static Y4mReader Open(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.Of(path, e, "--movie");
        }
        return Read(stream, path);
    }

    /// <summary>Reads a stream that can seek, from its present position. The stream is disposed of with the reader, or if this
    /// throws.</summary>
    /// <param name="stream">The movie.</param>
    /// <param name="file">Its name in messages.</param>
    /// <exception cref="UsageException">It is not a movie that can be read.</exception>
    public static Y4mReader Read(Stream stream, string file)
    {
        try
        {
            return new Y4mReader(stream, file);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a frame. The last frame is followed by the first again.</summary>
    /// <param name="number">The frame, from 0.</param>
    /// <param name="frame">Receives it.</param>
    /// <exception cref="UsageException">A frame is cut off or begins with something else, or the movie has none.</exception>
    public void ReadFrame(long number, Y4mFrame frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (frame.Header != Header)
        {
            throw new ArgumentException("a frame of another movie", nameof(frame));
        }
        while (FrameCount < 0 && number >= _starts.Count)
        {
            // The place of the frame is not known yet: go on from the last known frame, one by one.
            Seek(_starts.Count - 1);
            if (BeginFrame())
            {
                SkipFrame();
            }
        }
        Seek(FrameCount < 0 ? (int)number : (int)(number % FrameCount));
        if (!BeginFrame())
        {
            // This was the place behind the last frame.
            Seek((int)(number % FrameCount));
            BeginFrame();
        }
        long at = _stream.Position;
        int left = Header.FrameSize;
        foreach (byte[] plane in (ReadOnlySpan<byte[]>)[frame.Luma, frame.U, frame.V])
        {
            int read = _stream.ReadAtLeast(plane, plane.Length, throwOnEndOfStream: false);
            left -= read;
            if (read < plane.Length)
            {
                throw CutOff(at, Header.FrameSize - left);
            }
        }
        FrameEnded();
    }

    public void Dispose() => _stream.Dispose();

    private void Seek(int frame)
    {
        _next = frame;
        if (_stream.Position != _starts[frame])
        {
            _stream.Position = _starts[frame];
        }
    }

    /// <summary>Reads the word FRAME and its parameters, which change nothing here.</summary>
    /// <returns>False at the end of the movie, which is known from now on.</returns>
    private bool BeginFrame()
    {
        long at = _stream.Position;
        string? line = ReadLine();
        if (line is null)
        {
            FrameCount = _next;
            return FrameCount > 0 ? false : throw new UsageException($"{_file}: the movie has no frame");
        }
        return line == FrameWord || line.StartsWith(FrameWord + " ", StringComparison.Ordinal)
            ? true
            : throw new UsageException($"{_file}: frame {_next} at byte {at} begins with something else than {FrameWord}");
    }

    private void SkipFrame()
    {
        long at = _stream.Position;
        if (_stream.Length - at < Header.FrameSize)
        {
            throw CutOff(at, _stream.Length - at);
        }
        _stream.Position = at + Header.FrameSize;
        FrameEnded();
    }

    private void FrameEnded()
    {
        _next++;
        if (_next == _starts.Count)
        {
            _starts.Add(_stream.Position);
        }
    }

    private UsageException CutOff(long at, long have) =>
        new($"{_file}: frame {_next} is cut off: it has {have} of {Header.FrameSize} bytes from byte {at} on");

    /// <returns>A line without its line feed, or null at the end of the file. Bytes that are not text give a text that is no
    /// header.</returns>
    /// <exception cref="UsageException">It is longer than any header, so what follows it would be taken for a frame.</exception>
    private string? ReadLine()
    {
        long at = _stream.Position;
        for (int length = 0; length < MaxLine; length++)
        {
            int value = _stream.ReadByte();
            if (value < 0 && length == 0)
            {
                return null;
            }
            if (value is < 0 or '\n')
            {
                return Encoding.ASCII.GetString(_line, 0, length);
            }
            _line[length] = (byte)value;
        }
        string begin = Encoding.ASCII.GetString(_line, 0, MaxLine);
        return begin.StartsWith(Y4mHeader.Magic, StringComparison.Ordinal) || begin.StartsWith(FrameWord, StringComparison.Ordinal)
            ? throw new UsageException($"{_file}: the line at byte {at} is longer than {MaxLine} characters, which no header is")
            : begin;
    }
}
