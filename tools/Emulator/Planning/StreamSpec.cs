using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>A stream as it is typed: <c>WxH:FORMAT:BUFFERS[@FPS]</c>.</summary>
/// <param name="Width">Pixels of a line.</param>
/// <param name="Height">Lines.</param>
/// <param name="PixelFormat">How a pixel is coded.</param>
/// <param name="Buffers">Frames in memory at once.</param>
/// <param name="FramesPerSecond">Their pace.</param>
internal sealed record StreamSpec(int Width, int Height, PixelFormat PixelFormat, int Buffers, int FramesPerSecond)
{
    /// <summary>What a stream is expected to look like.</summary>
    public const string Expected = "WxH:FORMAT:BUFFERS[@FPS] as 320x240:RGB565:3@30, with 1 to 4096 pixels each way, RGB565, RGB565X, YUYV, YUV420, "
        + "GREY or JPEG, 1 to 30 buffers and 1 to 240 frames a second";

    private const int DefaultFramesPerSecond = 30, MostFramesPerSecond = 240;

    /// <summary>Below this there is no room for the stamps by which <c>play</c> knows its frames.</summary>
    private const int LeastFrame = 64;

    /// <summary>Reads a stream.</summary>
    /// <param name="text">As it is typed.</param>
    /// <param name="stream">The stream; null where there is none.</param>
    /// <returns>Why it is none; empty where it is one.</returns>
    public static string TryParse(string text, out StreamSpec? stream)
    {
        stream = null;
        string[] parts = text.Split(':');
        if (parts.Length != 3 || parts[0].Split('x') is not [var across, var down] || parts[2].Split('@') is not { Length: 1 or 2 } pace
            || !Number(across, VideoFormat.MaxSize, out int width) || !Number(down, VideoFormat.MaxSize, out int height)
            || !Enum.TryParse(parts[1], ignoreCase: true, out PixelFormat format) || !char.IsAsciiLetter(parts[1][0])
            || !Number(pace[0], VideoBufferQueue.MaxBuffers, out int buffers))
        {
            return $"expected {Expected}";
        }
        int rate = DefaultFramesPerSecond;
        if (pace.Length == 2 && !Number(pace[1], MostFramesPerSecond, out rate))
        {
            return $"expected {Expected}";
        }
        try
        {
            // Refuses what no camera sends, where Try would quietly make it even.
            var exact = new VideoFormat(width, height, format);
            if (exact.SizeImage < LeastFrame)
            {
                return $"a frame of {exact.SizeImage} bytes, expected at least {LeastFrame}";
            }
        }
        catch (ArgumentException e)
        {
            return DeviceMessage.Of(e);
        }
        stream = new StreamSpec(width, height, format, buffers, rate);
        return "";
    }

    /// <summary>Its frames, with lines that are padded.</summary>
    /// <param name="lineAlignment">A power of two that divides the bytes of a line, 1 to 1024.</param>
    public VideoFormat Format(int lineAlignment) => VideoFormat.Nearest(Width, Height, PixelFormat, lineAlignment);

    /// <summary>As it is typed.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}:{VideoFormat.NameOf(PixelFormat)}:{Buffers}@{FramesPerSecond}");

    private static bool Number(string word, int most, out int number) =>
        WholeNumber.TryParse(word, 1, most, out number);
}
