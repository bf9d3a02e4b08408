using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>A stream as the user types it: <c>WxH:FORMAT:BUFFERS[@FPS]</c>. FORMAT of a compressed stream may also be
/// <c>JPEG=BYTES</c>.</summary>
/// <param name="Width">Pixels of a line.</param>
/// <param name="Height">Lines.</param>
/// <param name="PixelFormat">How a pixel is coded.</param>
/// <param name="Buffers">How many frames are in memory at once.</param>
/// <param name="FramesPerSecond">Their pace.</param>
/// <param name="CompressedSize">Bytes of a JPEG; 0 if it is estimated, and for other formats.</param>
internal sealed record StreamSpec(int Width, int Height, PixelFormat PixelFormat, int Buffers, int FramesPerSecond, int CompressedSize = 0)
{
    /// <summary>The form of the argument, for messages.</summary>
    public const string Expected = "WxH:FORMAT:BUFFERS[@FPS] as 320x240:RGB565:3@30, with 1 to 16384 pixels each way, RGB565, RGB565X, RGB888, "
        + "XRGB8888, ARGB8888, YUYV, UYVY, YUV420, NV12, GREY, a sensor's samples as SRGGB8, JPEG or JPEG=48K where its largest picture is known, 1 to 30 buffers and 1 to 240 frames a second";

    private const int DefaultFramesPerSecond = 30, MostFramesPerSecond = 240;

    /// <summary>The smallest frame, in bytes: <c>play</c> writes a mark into its frames to recognise them, which needs that much.</summary>
    private const int LeastFrame = 64;

    /// <summary>Parses a stream.</summary>
    /// <param name="text">As the user types it.</param>
    /// <param name="stream">The stream; null if the text is not one.</param>
    /// <returns>Why it is not one; empty if it is one.</returns>
    public static string TryParse(string text, out StreamSpec? stream)
    {
        stream = null;
        string[] parts = text.Split(':');
        if (parts.Length != 3 || parts[0].Split('x') is not [var across, var down] || parts[2].Split('@') is not { Length: 1 or 2 } pace
            || !Number(across, VideoFormat.MaxSize, out int width) || !Number(down, VideoFormat.MaxSize, out int height)
            || parts[1].Split('=') is not { Length: 1 or 2 } coded
            || !Enum.TryParse(coded[0], ignoreCase: true, out PixelFormat format) || !char.IsAsciiLetter(coded[0][0])
            || !Number(pace[0], VideoBufferQueue.MaxBuffers, out int buffers))
        {
            return $"expected {Expected}";
        }
        int compressed = 0;
        if (coded.Length == 2)
        {
            if (format != PixelFormat.JPEG)
            {
                return $"{coded[0]} is not compressed, its size is that of its pixels; expected {Expected}";
            }
            if (!ByteSize.TryParse(coded[1], out long bytes) || bytes is < 1 or > int.MaxValue)
            {
                return $"'{coded[1]}' is no size of a JPEG; expected {Expected}";
            }
            compressed = (int)bytes;
        }
        int rate = DefaultFramesPerSecond;
        if (pace.Length == 2 && !Number(pace[1], MostFramesPerSecond, out rate))
        {
            return $"expected {Expected}";
        }
        try
        {
            // Refuse sizes that no camera sends; Try would silently make them even.
            VideoFormat exact = compressed == 0 ? new VideoFormat(width, height, format) : VideoFormat.Compressed(width, height, compressed);
            if (exact.SizeImage < LeastFrame)
            {
                return $"a frame of {exact.SizeImage} bytes, expected at least {LeastFrame}";
            }
        }
        catch (ArgumentException e)
        {
            return DeviceMessage.Of(e);
        }
        stream = new StreamSpec(width, height, format, buffers, rate, compressed);
        return "";
    }

    /// <summary>The format of its frames, with padded lines.</summary>
    /// <param name="lineAlignment">A power of two that divides the bytes of a line, 1 to 1024.</param>
    public VideoFormat Format(int lineAlignment) => IsSized ? VideoFormat.Compressed(Width, Height, CompressedSize)
        : VideoFormat.Nearest(Width, Height, PixelFormat, lineAlignment);

    /// <summary>Whether the user gave the size of its compressed pictures. After a change to another format that size has no
    /// meaning.</summary>
    private bool IsSized => PixelFormat == PixelFormat.JPEG && CompressedSize > 0;

    /// <summary>As the user types it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Width}x{Height}:{VideoFormat.NameOf(PixelFormat)}{(IsSized ? $"={CompressedSize}" : "")}:{Buffers}@{FramesPerSecond}");

    private static bool Number(string word, int most, out int number) =>
        WholeNumber.TryParse(word, 1, most, out number);
}
