using Carveout.Emulator.Movies;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Movies;

/// <summary>Frames of movies in the formats of displays and cameras.</summary>
[TestClass]
public sealed class FrameImportTests
{
    [TestMethod]
    public void What_needs_no_change_passes_unchanged()
    {
        byte[] frame = [.. Enumerable.Range(20, 24).Select(value => (byte)value)];
        byte[] movie = Y4mBytes.Still("YUV4MPEG2 W4 H4 C420jpeg", frame);
        Assert.AreSequenceEqual(frame, Import(movie, new VideoFormat(4, 4, PixelFormat.YUV420)));
        Assert.AreSequenceEqual(frame[..16], Import(movie, new VideoFormat(4, 4, PixelFormat.GREY)));
        movie = Y4mBytes.Still("YUV4MPEG2 W4 H1 C422", 16, 17, 18, 19, 100, 101, 200, 201);
        Assert.AreSequenceEqual(new byte[] { 16, 100, 17, 200, 18, 101, 19, 201 }, Import(movie, new VideoFormat(4, 1, PixelFormat.YUYV)));
    }

    [TestMethod]
    [DataRow("C444", 3)]
    [DataRow("C422", 3)]
    [DataRow("C420mpeg2", 3)]
    public void A_plain_colour_stays_it_in_every_format_and_size(string chroma, int planes)
    {
        Y4mHeader header = Y4mHeader.Parse("m", "YUV4MPEG2 W7 H5 " + chroma);
        int samples = (header.FrameSize - 35) / (planes - 1);
        byte[] movie = Y4mBytes.Still("YUV4MPEG2 W7 H5 " + chroma,
            [.. Enumerable.Repeat((byte)81, 35), .. Enumerable.Repeat((byte)90, samples), .. Enumerable.Repeat((byte)240, samples)]);
        foreach ((int width, int height) in ((int, int)[])[(2, 2), (8, 6), (14, 10), (64, 48)])
        {
            All(Import(movie, new VideoFormat(width, height, PixelFormat.RGB565), ScaleFit.Fill), 0x00, 0xF8);
            All(Import(movie, new VideoFormat(width, height, PixelFormat.RGB565X), ScaleFit.Fill), 0xF8, 0x00);
            All(Import(movie, new VideoFormat(width, height, PixelFormat.YUYV), ScaleFit.Fill), 81, 90, 81, 240);
            var planar = new VideoFormat(width, height, PixelFormat.YUV420);
            byte[] image = Import(movie, planar, ScaleFit.Fill);
            All(image[..planar.UOffset], 81);
            All(image[planar.UOffset..planar.VOffset], 90);
            All(image[planar.VOffset..], 240);
        }
    }

    [TestMethod]
    public void Full_range_becomes_limited_and_mono_is_neutral()
    {
        byte[] mono = Y4mBytes.Still("YUV4MPEG2 W2 H2 Cmono", 0, 255, 128, 64);
        Assert.AreSequenceEqual(new byte[] { 16, 128, 235, 128, 126, 128, 71, 128 }, Import(mono, new VideoFormat(2, 2, PixelFormat.YUYV)));
        Assert.AreSequenceEqual(new byte[] { 0, 0, 0xFF, 0xFF, 0x10, 0x84, 0x08, 0x42 }, Import(mono, new VideoFormat(2, 2, PixelFormat.RGB565)));
        byte[] full = Y4mBytes.Still("YUV4MPEG2 W2 H1 C444 XCOLORRANGE=FULL", 0, 255, 0, 0, 255, 255);
        Assert.AreSequenceEqual(new byte[] { 16, 16, 235, 240 }, Import(full, new VideoFormat(2, 1, PixelFormat.YUYV)));
    }

    [TestMethod]
    [DataRow(PixelFormat.RGB565)]
    [DataRow(PixelFormat.YUYV)]
    [DataRow(PixelFormat.YUV420)]
    [DataRow(PixelFormat.GREY)]
    public void Bars_are_black_and_padding_is_left_alone(PixelFormat pixels)
    {
        byte[] movie = Y4mBytes.Still("YUV4MPEG2 W4 H2 C444", [.. Enumerable.Repeat((byte)235, 8), .. Enumerable.Repeat((byte)128, 16)]);
        var format = new VideoFormat(8, 8, pixels, 20);
        byte[] image = Import(movie, format);
        byte[] black = pixels == PixelFormat.RGB565 ? [0, 0] : pixels == PixelFormat.YUYV ? [16, 128] : [16];
        byte[] white = pixels == PixelFormat.RGB565 ? [255, 255] : pixels == PixelFormat.YUYV ? [235, 128] : [235];
        for (int y = 0; y < 8; y++)
        {
            All(image.AsSpan(y * 20, format.LineSize).ToArray(), y is >= 2 and < 6 ? white : black);
            All(image.AsSpan((y * 20) + format.LineSize, 20 - format.LineSize).ToArray(), 0x5A);
        }
        movie = Y4mBytes.Still("YUV4MPEG2 W2 H4 C444", [.. Enumerable.Repeat((byte)235, 8), .. Enumerable.Repeat((byte)128, 16)]);
        image = Import(movie, format);
        int bar = 2 * format.LineSize / 8;
        All(image[..bar], black);
        All(image[bar..(3 * bar)], white);
        All(image[(3 * bar)..format.LineSize], black);
    }

    [TestMethod]
    [DataRow(320, 240, 800, 480, ScaleFit.Letterbox, 80, 0, 640, 480)]
    [DataRow(720, 576, 320, 240, ScaleFit.Letterbox, 10, 0, 300, 240)]
    [DataRow(1920, 1080, 320, 240, ScaleFit.Letterbox, 0, 30, 320, 180)]
    [DataRow(333, 249, 320, 240, ScaleFit.Letterbox, 0, 0, 320, 240)]
    [DataRow(1, 4096, 16, 16, ScaleFit.Letterbox, 6, 0, 2, 16)]
    [DataRow(1920, 1080, 320, 240, ScaleFit.Fill, 0, 0, 320, 240)]
    [DataRow(3, 3, 1, 1, ScaleFit.Letterbox, 0, 0, 1, 1)]
    public void A_frame_is_placed_in_the_middle_at_even_pixels(int sw, int sh, int tw, int th, ScaleFit fit, int x, int y, int width, int height)
    {
        FramePlacement place = FramePlacement.Of(sw, sh, tw, th, fit);
        Assert.AreEqual((x, y, width, height), (place.X, place.Y, place.Width, place.Height));
        Assert.AreEqual(sw, place.CutWidth + (2 * place.CutX), 1e-9);
        Assert.AreEqual(sh, place.CutHeight + (2 * place.CutY), 1e-9);
    }

    [TestMethod]
    public void Compressed_frames_are_not_made()
    {
        Y4mHeader header = Y4mHeader.Parse("m", "YUV4MPEG2 W2 H2");
        Assert.ThrowsExactly<ArgumentException>(() => new FrameImport(header, new VideoFormat(2, 2, PixelFormat.JPEG), ScaleFit.Fill));
    }

    private static byte[] Import(byte[] movie, VideoFormat format, ScaleFit fit = ScaleFit.Letterbox)
    {
        using Y4mReader reader = Y4mReader.Read(new MemoryStream(movie), "m");
        var frame = new Y4mFrame(reader.Header);
        reader.ReadFrame(0, frame);
        byte[] image = new byte[format.SizeImage];
        Array.Fill(image, (byte)0x5A);
        new FrameImport(reader.Header, format, fit).Import(frame, image);
        return image;
    }

    private static void All(byte[] bytes, params byte[] pattern)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            Assert.AreEqual(pattern[i % pattern.Length], bytes[i], $"byte {i}");
        }
    }
}
