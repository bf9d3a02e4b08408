using System.Reflection;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Movies;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Movies;

/// <summary>The same movie converted by Carveout and by ffmpeg.</summary>
[TestClass]
public sealed class FfmpegAgreementTests
{
    private const string OddSize = "333x249", Scaled = "scale=320:240:flags=" + Every;

    private const int Frames = 3, Width = 320, Height = 240;
    private const string Card = "testsrc2=size=320x240:rate=30", Pairs = "accurate_rnd+bitexact", Every = "accurate_rnd+full_chroma_int+bitexact";

    private static readonly TemporaryFolder s_folder = new();

    /// <summary>What ffmpeg makes and converts for each test, in two calls for all of them: to start it costs most of a call.</summary>
    private static readonly Lazy<Dictionary<(string Format, string Size, string Filter), (string Movie, byte[] Rgb)>> s_movies = new(ConvertMovies);
    private static readonly Lazy<Dictionary<string, (byte[] Frame, byte[] Rgb)>> s_frames = new(ConvertFrames);
    private static readonly Lazy<(string Movie, Dictionary<string, byte[]> Sent)> s_sent = new(ConvertForCameras);

    public TestContext TestContext { get; set; } = null!;

    [ClassCleanup]
    public static void RemoveFolder() => s_folder.Dispose();

    /// <summary>RGB is compared with ffmpeg with chroma for every pixel; YUYV, whose pairs share chroma, with ffmpeg's default of chroma
    /// for every pair. Both filter chroma by the same cubic, so only rounding differs.</summary>
    [TestMethod]
    [DataRow("yuv420p", PixelFormat.RGB565, Every, 52)]
    [DataRow("yuv422p", PixelFormat.RGB565, Every, 52)]
    [DataRow("yuv444p", PixelFormat.RGB565, Every, 65)]
    [DataRow("gray", PixelFormat.RGB565, Every, 65)]
    [DataRow("yuv420p", PixelFormat.YUYV, Pairs, 46)]
    [DataRow("yuv422p", PixelFormat.YUYV, Pairs, 46)]
    [DataRow("gray", PixelFormat.YUYV, Pairs, 46)]
    public void A_frame_of_the_displays_size_agrees(string format, PixelFormat camera, string flags, int decibels) =>
        Compare(format, "320x240", camera, SameSize(flags), decibels);

    /// <summary>Smaller, larger, and of odd size.</summary>
    [TestMethod]
    [DataRow("yuv420p", "640x480")]
    [DataRow("yuv420p", "160x120")]
    [DataRow("yuv444p", "640x480")]
    [DataRow("gray", "640x480")]
    [DataRow("yuv422p", "427x320")]
    [DataRow("yuv420p", "332x249")]
    public void A_scaled_frame_agrees(string format, string size) =>
        Compare(format, size, PixelFormat.RGB565, Scaled, 38);

    /// <summary>Shown pixel by pixel on a display whose sides are as odd as the movie's.</summary>
    [TestMethod]
    [DataRow("yuv420p")]
    [DataRow("yuv422p")]
    public void A_frame_of_odd_size_agrees(string format) =>
        Compare(format, OddSize, PixelFormat.RGB565, SameSize(Every), 38, 333, 249);

    /// <summary>A camera's format, made from a picture by ffmpeg, is converted on the device and by ffmpeg. Both use a chroma sample for
    /// all its pixels.</summary>
    [TestMethod]
    [DataRow("yuyv422", PixelFormat.YUYV, 43)]
    [DataRow("uyvy422", PixelFormat.UYVY, 43)]
    [DataRow("yuv420p", PixelFormat.YUV420, 43)]
    [DataRow("nv12", PixelFormat.NV12, 43)]
    [DataRow("gray", PixelFormat.GREY, 43)]
    [DataRow("bgr24", PixelFormat.RGB888, 43)]
    [DataRow("bgr0", PixelFormat.XRGB8888, 43)]
    [DataRow("bgra", PixelFormat.ARGB8888, 43)]
    public void The_devices_conversion_agrees(string format, PixelFormat camera, int decibels)
    {
        VideoFormat source = new(Width, Height, camera), target = new(Width, Height, PixelFormat.RGB565);
        (byte[] frame, byte[] rgb) = s_frames.Value[format];
        byte[] image = new byte[target.SizeImage];
        Assert.HasCount(source.SizeImage, frame);

        const uint From = 0x10000000, To = From + (1 << 20);
        var map = new MemoryMap("test", MemoryMap.DefaultPageSize);
        map.Add(new MemoryRegion("RAM", MemoryKind.Sram, From, 2 << 20, DmaEngines.None, 0));
        var memory = new EmulatedMemory(map);
        memory.Write(From, frame, 0, frame.Length);
        // ffmpeg's gray has full range.
        Quantization range = camera == PixelFormat.GREY ? Quantization.FullRange : Quantization.LimitedRange;
        new FrameConverter(memory, source, target, range, ScaleFit.Fill).Convert(From, To);
        memory.Read(To, image, 0, image.Length);

        double ratio = Pictures.Psnr(Pictures.SquaredError(target, image, rgb), (long)Width * Height * 3);
        TestContext.WriteLine($"{camera}: {ratio:0.0} dB");
        Assert.IsGreaterThanOrEqualTo(decibels, ratio);
    }

    /// <summary>The bytes that an emulated camera sends of a movie are those that ffmpeg makes of it.</summary>
    [TestMethod]
    [DataRow("yuyv422", PixelFormat.YUYV, Pairs, 43)]
    [DataRow("uyvy422", PixelFormat.UYVY, Pairs, 43)]
    [DataRow("yuv420p", PixelFormat.YUV420, Pairs, 100)]
    [DataRow("nv12", PixelFormat.NV12, Pairs, 100)]
    [DataRow("bgr24", PixelFormat.RGB888, Every, 43)]
    [DataRow("bgr0", PixelFormat.XRGB8888, Every, 43)]
    [DataRow("bgra", PixelFormat.ARGB8888, Every, 43)]
    public void What_a_camera_sends_agrees(string format, PixelFormat camera, string flags, int decibels)
    {
        byte[] expected = s_sent.Value.Sent[format];
        var sent = new VideoFormat(Width, Height, camera);
        Assert.HasCount(sent.SizeImage, expected);
        using var movie = Y4mMovie.Open(s_sent.Value.Movie, sent, ScaleFit.Fill);
        byte[] image = new byte[sent.SizeImage];
        int bytes = sent.SizeImage / Height;
        for (int y = 0; y < Height; y++)
        {
            movie.FillLine(0, y, image.AsSpan(y * bytes, bytes));
        }
        double squares = image.Select((value, i) => camera == PixelFormat.XRGB8888 && i % 4 == 3 ? 0.0 : (value - expected[i]) * (value - expected[i])).Sum();
        double ratio = squares == 0 ? 100 : Pictures.Psnr(squares, image.Length);
        TestContext.WriteLine($"{camera}: {ratio:0.0} dB");
        Assert.IsGreaterThanOrEqualTo(decibels, ratio);
    }

    /// <summary>The card that the device draws, in formats that an image processor sends, gives the same picture on the display.</summary>
    [TestMethod]
    [DataRow(PixelFormat.UYVY, 17)]
    [DataRow(PixelFormat.NV12, 17)]
    [DataRow(PixelFormat.YUV420, 17)]
    [DataRow(PixelFormat.RGB888, 17)]
    [DataRow(PixelFormat.ARGB8888, 17)]
    [DataRow(PixelFormat.GREY, 0)]
    public void The_test_card_is_the_same_in_every_format(PixelFormat camera, int frame)
    {
        const uint At = 0x10000000;
        VideoFormat sent = new(Width, Height, camera), shown = new(Width, Height, PixelFormat.RGB565);
        using TestCardMovie movie = new(Width, Height, camera, 30), plain = new(Width, Height, PixelFormat.RGB565, 30);
        var map = new MemoryMap("test", MemoryMap.DefaultPageSize);
        map.Add(new MemoryRegion("RAM", MemoryKind.Sram, At, 2 << 20, DmaEngines.None, 0));
        var memory = new EmulatedMemory(map);
        byte[] image = new byte[sent.SizeImage], seen = new byte[shown.SizeImage], expected = new byte[shown.SizeImage];
        int bytes = sent.SizeImage / Height, line = shown.LineSize;
        for (int y = 0; y < Height; y++)
        {
            movie.FillLine(frame, y, image.AsSpan(y * bytes, bytes));
            plain.FillLine(frame, y, expected.AsSpan(y * line, line));
        }
        memory.Write(At, image, 0, image.Length);
        new FrameConverter(memory, sent, shown, Quantization.LimitedRange, ScaleFit.Fill).Convert(At, At + (1 << 20));
        memory.Read(At + (1 << 20), seen, 0, seen.Length);
        // Colours end between pixels that share chroma, and are filtered there; of GREY the ramp below has all.
        int first = camera == PixelFormat.GREY ? 182 * line : 0, differ = Enumerable.Range(first / 2, (seen.Length - first) / 2)
            .Count(i => Math.Abs((seen[2 * i] & 0x1F) - (expected[2 * i] & 0x1F)) > 1 || Math.Abs((seen[(2 * i) + 1] >> 3) - (expected[(2 * i) + 1] >> 3)) > 1);
        Assert.IsLessThan(Width * Height / 25, differ);
    }

    private void Compare(string format, string size, PixelFormat camera, string filter, int decibels, int width = Width, int height = Height)
    {
        (string path, byte[] rgb) = s_movies.Value[(format, size, filter)];
        Assert.HasCount(Frames * width * height * 3, rgb);
        double ratio = Psnr(path, size, rgb, camera, width, height);
        TestContext.WriteLine($"{format} {size} through {camera}, {filter}: {ratio:0.0} dB");
        Assert.IsGreaterThanOrEqualTo(decibels, ratio);
    }

    private static Dictionary<(string Format, string Size, string Filter), (string Movie, byte[] Rgb)> ConvertMovies()
    {
        (string Format, string Size, string Filter)[] all =
        [
            .. new[]
            {
                Rows(nameof(A_frame_of_the_displays_size_agrees)).Select(row => ((string)row[0]!, "320x240", SameSize((string)row[2]!))),
                Rows(nameof(A_scaled_frame_agrees)).Select(row => ((string)row[0]!, (string)row[1]!, Scaled)),
                Rows(nameof(A_frame_of_odd_size_agrees)).Select(row => ((string)row[0]!, OddSize, SameSize(Every))),
            }.SelectMany(rows => rows).Distinct(),
        ];
        // testsrc2 itself rounds odd sizes to even ones.
        Ffmpeg.Run(["-f", "lavfi", "-i", "testsrc2=size=640x480:rate=30,format=rgb24", .. all.SelectMany((one, i) => new[]
        {
            "-vf", $"scale={one.Size.Replace('x', ':')}:flags=neighbor", "-frames:v", $"{Frames}", "-pix_fmt", one.Format, "-strict", "-1", "-f",
            "yuv4mpegpipe", Made(i, "y4m"),
        })]);
        Ffmpeg.Run([.. all.SelectMany((_, i) => new[] { "-i", Made(i, "y4m") }), .. all.SelectMany((one, i) => new[]
        {
            "-map", $"{i}", "-vf", one.Filter, "-pix_fmt", "rgb24", "-f", "rawvideo", Made(i, "rgb"),
        })]);
        return all.Index().ToDictionary(one => one.Item, one => (Made(one.Index, "y4m"), File.ReadAllBytes(Made(one.Index, "rgb"))));
    }

    private static Dictionary<string, (byte[] Frame, byte[] Rgb)> ConvertFrames()
    {
        string[] formats = [.. Rows(nameof(The_devices_conversion_agrees)).Select(row => (string)row[0]!)];
        Ffmpeg.Run(["-f", "lavfi", "-i", Card + ",format=rgb24", .. formats.SelectMany(format => new[]
        {
            "-frames:v", "1", "-pix_fmt", format, "-f", "rawvideo", Made(format, "frame"),
        })]);
        Ffmpeg.Run([.. formats.SelectMany(format => new[] { "-f", "rawvideo", "-pix_fmt", format, "-s", $"{Width}x{Height}", "-i", Made(format, "frame") }),
            .. formats.SelectMany((format, i) => new[]
            {
                "-map", $"{i}", "-vf", "scale=flags=neighbor+accurate_rnd+bitexact", "-pix_fmt", "rgb24", "-f", "rawvideo", Made(format, "frame.rgb"),
            })]);
        return formats.ToDictionary(format => format, format => (File.ReadAllBytes(Made(format, "frame")), File.ReadAllBytes(Made(format, "frame.rgb"))));
    }

    private static (string Movie, Dictionary<string, byte[]> Sent) ConvertForCameras()
    {
        (string Format, string Flags)[] all = [.. Rows(nameof(What_a_camera_sends_agrees)).Select(row => ((string)row[0]!, (string)row[2]!))];
        string movie = s_folder.File("card.y4m");
        Ffmpeg.Run("-f", "lavfi", "-i", Card, "-frames:v", "1", "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe", movie);
        Ffmpeg.Run(["-i", movie, .. all.SelectMany(one => new[]
        {
            "-vf", $"scale=flags={one.Flags}", "-pix_fmt", one.Format, "-f", "rawvideo", Made(one.Format, "sent"),
        })]);
        return (movie, all.ToDictionary(one => one.Format, one => File.ReadAllBytes(Made(one.Format, "sent"))));
    }

    private static IEnumerable<object?[]> Rows(string test) =>
        typeof(FfmpegAgreementTests).GetMethod(test)!.GetCustomAttributes<DataRowAttribute>().Select(row => row.Data);

    private static string Made(object of, string what) => s_folder.File($"{of}.{what}");

    private static string SameSize(string flags) => $"scale=flags={flags}";

    private static double Psnr(string path, string size, byte[] rgb, PixelFormat camera, int width, int height)
    {
        using Y4mReader reader = Y4mReader.Open(path);
        Assert.AreEqual(size, $"{reader.Header.Width}x{reader.Header.Height}");
        var shown = new VideoFormat(width, height, PixelFormat.RGB565);
        var seen = new VideoFormat(width, height, camera);
        var frame = new Y4mFrame(reader.Header);
        var import = new FrameImport(reader.Header, seen, ScaleFit.Fill);
        var converter = new PixelConverter(Quantization.LimitedRange, PixelFormat.RGB565);
        byte[] image = new byte[shown.SizeImage], source = new byte[seen.SizeImage];
        double squares = 0;
        for (int i = 0; i < Frames; i++)
        {
            reader.ReadFrame(i, frame);
            import.Import(frame, source);
            if (camera == PixelFormat.YUYV)
            {
                for (int at = 0; at < source.Length; at += seen.BytesPerLine)
                {
                    converter.YuyvLine(source, at, image, at, width);
                }
            }
            squares += Pictures.SquaredError(shown, camera == PixelFormat.YUYV ? image : source, rgb.AsSpan(i * width * height * 3));
        }
        return Pictures.Psnr(squares, (long)Frames * width * height * 3);
    }
}
