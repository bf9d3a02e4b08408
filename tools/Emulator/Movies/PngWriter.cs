using BigGustave;
using Carveout.Video;

namespace Carveout.Emulator.Movies;

/// <summary>Writes displayed frames as PNG, 8 bits a colour.</summary>
internal static class PngWriter
{
    /// <summary>Writes a frame; an existing file is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">RGB565 or RGB565X.</param>
    /// <param name="image">The frame.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">It is another format, or the frame is too short.</exception>
    public static void Write(string path, VideoFormat format, ReadOnlySpan<byte> image)
    {
        PngBuilder png = PngBuilder.Create(format.Width, format.Height, hasAlphaChannel: false);
        var pixels = new Rgb565Image(format, image);
        for (int y = 0; y < format.Height; y++)
        {
            for (int x = 0; x < format.Width; x++)
            {
                (byte red, byte green, byte blue) = pixels.Pixel(x, y);
                png.SetPixel(red, green, blue, x, y);
            }
        }
        try
        {
            using FileStream file = File.Create(path);
            png.Save(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{path}: {e.Message}");
        }
    }
}
