using Carveout.Video;

namespace Carveout.Emulator.Movies;

/// <summary>The first line of a YUV4MPEG2 movie (yuv4mpeg(5) of mjpegtools): size, frame rate, chroma and range.</summary>
/// <remarks>Of all X parameters only ffmpeg's XCOLORRANGE is used. Without it luma has limited range, but full range for mono, as ffmpeg
/// writes and reads it. Interlacing (I) and the pixels' aspect ratio (A) are ignored: fields are shown together, and pixels are
/// square.</remarks>
internal sealed record Y4mHeader(int Width, int Height, int RateNumerator, int RateDenominator, ChromaSampling Chroma, Quantization Range)
{
    /// <summary>The first word of a movie.</summary>
    public const string Magic = "YUV4MPEG2";

    /// <summary>The largest width and height of a movie that is read.</summary>
    public const int MaxSize = 8192;

    private const int DefaultRate = 25;

    /// <summary>Bytes of a frame, without the word FRAME.</summary>
    public int FrameSize => (Width * Height) + (2 * Chroma.Width(Width) * Chroma.Height(Height));

    /// <summary>Reads the line.</summary>
    /// <param name="file">The movie's name in messages.</param>
    /// <param name="line">The line, without the line feed.</param>
    /// <exception cref="UsageException">It is not such a line, or the movie cannot be read; the message says what was expected.</exception>
    public static Y4mHeader Parse(string file, string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words[0] != Magic)
        {
            throw new UsageException($"{file}: begins with no {Magic}: expected a Y4M movie");
        }
        int width = 0, height = 0, numerator = DefaultRate, denominator = 1;
        string chroma = ChromaSampling.Default;
        Quantization? range = null;
        foreach (string word in words.Skip(1))
        {
            string value = word[1..];
            switch (word[0])
            {
                case 'W':
                    width = Size(file, word);
                    break;
                case 'H':
                    height = Size(file, word);
                    break;
                case 'F':
                    (numerator, denominator) = Rate(file, word);
                    break;
                case 'C':
                    chroma = value;
                    break;
                case 'X' when word == "XCOLORRANGE=FULL":
                    range = Quantization.FullRange;
                    break;
                case 'X' when word == "XCOLORRANGE=LIMITED":
                    range = Quantization.LimitedRange;
                    break;
            }
        }
        if (width == 0 || height == 0)
        {
            throw new UsageException($"{file}: the header has no {(width == 0 ? "width (W)" : "height (H)")}");
        }
        ChromaSampling sampling = ChromaSampling.Find(chroma)
            ?? throw new UsageException($"{file}: colour space {chroma} is not read{Hint(chroma)}: expected one of {ChromaSampling.Names}");
        return new Y4mHeader(width, height, numerator, denominator, sampling,
            range ?? (sampling.IsMono ? Quantization.FullRange : Quantization.LimitedRange));
    }

    private static string Hint(string chroma) => chroma switch
    {
        "444alpha" => ", it has an alpha channel",
        "411" => ", it has one chroma sample for four pixels",
        _ when IsDeep(chroma) => ", it has more than 8 bits a sample",
        _ => "",
    };

    /// <summary>Whether samples have more than eight bits, as in 420p10 and mono12.</summary>
    private static bool IsDeep(string chroma) =>
        chroma.Length > 4 && (chroma[3] == 'p' || chroma.StartsWith("mono", StringComparison.Ordinal)) && char.IsAsciiDigit(chroma[4]);

    private static int Size(string file, string word) =>
        WholeNumber.TryParse(word.AsSpan(1), 1, MaxSize, out int size)
            ? size
            : throw new UsageException($"{file}: {word} in the header: expected 1 to {MaxSize} pixels");

    /// <summary>The rate as a fraction; 0:0 means unknown.</summary>
    private static (int Numerator, int Denominator) Rate(string file, string word)
    {
        string[] parts = word[1..].Split(':');
        if (parts.Length == 2 && WholeNumber.TryParse(parts[0], 0, int.MaxValue, out int numerator)
            && WholeNumber.TryParse(parts[1], 0, int.MaxValue, out int denominator)
            && (numerator == 0) == (denominator == 0))
        {
            return numerator == 0 ? (DefaultRate, 1) : (numerator, denominator);
        }
        throw new UsageException($"{file}: {word} in the header: expected a frame rate such as F30:1");
    }
}
