using System.Drawing;
using Iot.Device.Graphics;

namespace Carveout.Panels.Tests.Drivers;

/// <summary>The bitmap that Iot.Device.Bindings draws from, without an image library behind it.</summary>
internal sealed class PlainImage(int width, int height) : BitmapImage(width, height, 4 * width, PixelFormat.Format32bppArgb)
{
    private readonly Color[] _pixels = new Color[width * height];

    /// <summary>A picture of RGB565.</summary>
    public static PlainImage Of(byte[] picture, int width)
    {
        var image = new PlainImage(width, picture.Length / 2 / width);
        for (int i = 0; i < image._pixels.Length; i++)
        {
            image._pixels[i] = Noise.ColorAt(picture, i);
        }
        return image;
    }

    public override void SetPixel(int x, int y, Color color) => _pixels[(y * Width) + x] = color;

    public override Color GetPixel(int x, int y) => _pixels[(y * Width) + x];

    public override Span<byte> AsByteSpan() => throw new NotSupportedException("no driver here asks for the bytes");

    public override void SaveToStream(Stream stream, ImageFileType format) => throw new NotSupportedException("no driver here saves");

    public override IGraphics GetDrawingApi() => throw new NotSupportedException("pictures are drawn pixel by pixel");

    protected override void Dispose(bool disposing)
    {
    }

    /// <summary>Creates images for the drivers.</summary>
    internal sealed class Factory : IImageFactory
    {
        public BitmapImage CreateBitmap(int width, int height, PixelFormat pixelFormat) => new PlainImage(width, height);

        public BitmapImage CreateFromStream(Stream file) => throw new NotSupportedException("no driver here loads");
    }
}
