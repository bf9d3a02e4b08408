using Carveout.Video;

namespace Carveout.Emulator.Tests.Video;

/// <summary>Sixteen pictures in turn in front of a camera, and the expected look of each on the screen, computed without the
/// pipeline.</summary>
internal sealed class MovingPictures
{
    public const int Count = 16;

    private readonly byte[][] _source = new byte[Count][], _screen = new byte[Count][];
    private readonly int _line;
    private int _last = -1;

    public MovingPictures(VideoFormat camera, VideoFormat screen)
    {
        _line = camera.LineSize;
        for (int picture = 0; picture < Count; picture++)
        {
            byte[] bytes = new byte[camera.SizeImage];
            var random = new SplitMix64((ulong)picture + 1);
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)random.Next();
            }
            _source[picture] = bytes;
            _screen[picture] = camera.PixelFormat == screen.PixelFormat ? bytes : Converted(bytes, camera);
        }
    }

    /// <summary>How many whole frames the screen showed, and how many of these were none of the pictures.</summary>
    public long Good { get; private set; }

    public long Wrong { get; private set; }

    /// <summary>How many pictures were neither the previous one nor the next.</summary>
    public long Jumps { get; private set; }

    /// <summary>How many pictures differed from the previous one.</summary>
    public long New { get; private set; }

    public void FillLine(long frame, int y, Span<byte> line) => _source[frame % Count].AsSpan(y * _line, _line).CopyTo(line);

    /// <summary>Compares the screen with the picture that it showed last, and with the next ones.</summary>
    public void Look(ReadOnlySpan<byte> screen)
    {
        for (int ahead = 0; ahead < Count; ahead++)
        {
            int picture = (Math.Max(_last, 0) + ahead) % Count;
            if (screen.SequenceEqual(_screen[picture]))
            {
                Good++;
                New += _last == picture ? 0 : 1;
                Jumps += _last >= 0 && ahead > 1 ? 1 : 0;
                _last = picture;
                return;
            }
        }
        Wrong++;
    }

    private static byte[] Converted(byte[] yuyv, VideoFormat format)
    {
        var pixels = new PixelConverter(Quantization.LimitedRange, PixelFormat.RGB565);
        byte[] screen = new byte[2 * format.Width * format.Height];
        for (int y = 0; y < format.Height; y++)
        {
            pixels.YuyvLine(yuyv, y * format.LineSize, screen, 2 * y * format.Width, format.Width);
        }
        return screen;
    }
}
