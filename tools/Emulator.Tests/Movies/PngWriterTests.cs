using BigGustave;
using Carveout.Emulator.Movies;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Movies;

/// <summary>PNG files of displayed frames, read back.</summary>
[TestClass]
public sealed class PngWriterTests
{
    [TestMethod]
    [DataRow(PixelFormat.RGB565)]
    [DataRow(PixelFormat.RGB565X)]
    public void Pixels_come_back_with_their_bits_repeated(PixelFormat pixels)
    {
        // All 65,536 possible pixels, in lines with padding.
        var format = new VideoFormat(256, 256, pixels, 520);
        byte[] image = new byte[format.SizeImage];
        int low = pixels == PixelFormat.RGB565 ? 0 : 1;
        for (int i = 0; i < 65536; i++)
        {
            int at = (i / 256 * 520) + (i % 256 * 2);
            image[at + low] = (byte)i;
            image[at + 1 - low] = (byte)(i >> 8);
        }
        using var folder = new TemporaryFolder();
        string path = folder.File("frame.png");
        File.WriteAllText(path, new string('x', 1_000_000));
        PngWriter.Write(path, format, image);
        Png png = Png.Open(path);
        Assert.AreEqual((256, 256), (png.Width, png.Height));
        for (int i = 0; i < 65536; i++)
        {
            Pixel pixel = png.GetPixel(i % 256, i / 256);
            Assert.AreEqual((i >> 11) * 255 / 31, pixel.R, 1);
            Assert.AreEqual(((i >> 5) & 63) * 255 / 63, pixel.G, 1);
            Assert.AreEqual((i & 31) * 255 / 31, pixel.B, 1);
        }
        Assert.AreEqual((255, 255, 255), (png.GetPixel(255, 255).R, png.GetPixel(255, 255).G, png.GetPixel(255, 255).B));
    }

    /// <summary>Read by a reader that is independent of the writer.</summary>
    [TestMethod]
    public void Ffmpeg_reads_the_same_pixels()
    {
        // Bars and a ramp have few colours, for which an encoder might choose a palette.
        var card = new TestCard(320, 240, PixelFormat.RGB565);
        VideoFormat format = card.Format;
        byte[] image = new byte[format.SizeImage];
        for (int y = 0; y < format.Height; y++)
        {
            card.FillLine(123456, y, image, y * format.BytesPerLine);
        }
        using var folder = new TemporaryFolder();
        string path = folder.File("frame.png");
        PngWriter.Write(path, format, image);
        byte[] rgb = Ffmpeg.Run("-i", path, "-pix_fmt", "rgb24", "-f", "rawvideo", "-");
        Assert.HasCount(320 * 240 * 3, rgb);
        Assert.AreEqual(0.0, Pictures.SquaredError(format, image, rgb));
    }

    [TestMethod]
    public void Refuses_what_it_cannot_write()
    {
        var format = new VideoFormat(2, 2, PixelFormat.RGB565);
        using var folder = new TemporaryFolder();
        string path = folder.File("frame.png");
        Assert.Contains("cannot look at 2x2 YUYV",
            Assert.ThrowsExactly<ArgumentException>(() => PngWriter.Write(path, new VideoFormat(2, 2, PixelFormat.YUYV), new byte[8])).Message);
        Assert.ThrowsExactly<ArgumentException>(() => PngWriter.Write(path, format, new byte[7]));
        Assert.IsFalse(File.Exists(path));
        string nowhere = folder.File(Path.Combine("no", "such", "frame.png"));
        Assert.StartsWith($"--png {nowhere}: there is no folder ", Assert.ThrowsExactly<UsageException>(() => PngWriter.Write(nowhere, format, new byte[8])).Message);
    }
}
