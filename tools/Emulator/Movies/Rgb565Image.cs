using Carveout.Video;

namespace Carveout.Emulator.Movies;

/// <summary>A frame of RGB565 with eight bits a colour. The upper bits are repeated in the lower ones, so that white is white and black is
/// black.</summary>
internal readonly ref struct Rgb565Image
{
    private readonly ReadOnlySpan<byte> _image;
    private readonly int _stride, _low;

    /// <summary>Wraps a frame.</summary>
    /// <exception cref="ArgumentException">The format is another, or the frame is too short.</exception>
    public Rgb565Image(VideoFormat format, ReadOnlySpan<byte> image)
    {
        if (format.PixelFormat is not (PixelFormat.RGB565 or PixelFormat.RGB565X))
        {
            throw new ArgumentException($"cannot look at {format}: expected RGB565 or RGB565X", nameof(format));
        }
        if (image.Length < format.SizeImage)
        {
            throw new ArgumentException($"{image.Length} bytes are no frame of {format}", nameof(image));
        }
        _image = image;
        _stride = format.BytesPerLine;
        _low = format.PixelFormat == PixelFormat.RGB565 ? 0 : 1;
    }

    /// <summary>The colours of a pixel.</summary>
    public (byte Red, byte Green, byte Blue) Pixel(int x, int y)
    {
        int at = (y * _stride) + (2 * x), pixel = _image[at + _low] | (_image[at + 1 - _low] << 8);
        int red = pixel >> 11, green = (pixel >> 5) & 63, blue = pixel & 31;
        return ((byte)((red << 3) | (red >> 2)), (byte)((green << 2) | (green >> 4)), (byte)((blue << 3) | (blue >> 2)));
    }
}
