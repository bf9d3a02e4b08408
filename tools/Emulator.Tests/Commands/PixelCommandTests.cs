using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using BigGustave;
using Carveout.Emulator.Movies;
using Carveout.Emulator.Tests.Movies;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Commands;

/// <summary><c>carveout play</c> with real pixels.</summary>
[TestClass]
public sealed class PixelCommandTests
{
    private const int Width = 64, Height = 48, MovieFrames = 5;

    private static readonly string[] s_counts =
    [
        "copies", "damaged", "displayErrors", "dropped", "lostInterrupts", "overruns", "recovered", "restarts", "staleLinesReadByCpu",
        "staleLinesReadByDevices", "stalls", "torn", "underruns",
    ];

    private const string Every = "accurate_rnd+full_chroma_int+bitexact", Pairs = "accurate_rnd+bitexact", Samples = "neighbor+accurate_rnd+bitexact";

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("stm32f429-disco", "ltdc")]
    [DataRow("stm32f429-disco", "spi")]
    [DataRow("esp32s3", "spi")]
    public void Frames_of_a_movie_come_out_as_PNG_pixel_by_pixel(string board, string display)
    {
        using var folder = new TemporaryFolder();
        string movie = WriteMovie(folder), shown = folder.File("shown");
        CommandLineRun run = CommandLineRun.Of("play", "--board", board, "--display", display, "--movie", movie, "--frame", $"{Width}x{Height}",
            "--hours", "0.0005", "--png", shown, "--png-every", "1");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        // These are 1.8 s at 10 frames a second.
        Assert.AreEqual("played 0 loops, 18 frames, no failure", run.Lines[^1]);
        Assert.Contains("10 fps", run.Lines[0]);
        Assert.Contains("camera   sees movie.y4m 64x48 420jpeg, 10 fps", run.Output);
        string[] files = [.. Directory.GetFiles(shown).Select(Path.GetFileName).Order()!];
        Assert.AreSequenceEqual(Enumerable.Range(1, 18).Select(i => $"frame-{i:000000}.png").ToArray(), files);
        for (int i = 0; i < files.Length; i++)
        {
            Expect(Path.Combine(shown, files[i]), Frame(movie, i), 0);
        }
    }

    [TestMethod]
    public void Frames_that_the_CPU_converts_differ_by_rounding_alone()
    {
        using var folder = new TemporaryFolder();
        string movie = WriteMovie(folder), shown = folder.File("shown");
        CommandLineRun run = CommandLineRun.Of("play", "--board", "esp32s3", "--camera", "ov7670", "--movie", movie, "--frame", $"{Width}x{Height}",
            "--hours", "0.0005", "--png", shown, "--png-every", "4");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("pixels   ov7670 YUYV -> CPU -> spi RGB565X, 64x48", run.Output);
        Assert.Contains("5 frames written as PNG", run.Output);
        foreach (int frame in (int[])[0, 4, 8, 12, 16])
        {
            // A step of five bits is 8 of 255. It is more where two pixels of different colours share their chroma.
            Expect(Path.Combine(shown, $"frame-{frame + 1:000000}.png"), Frame(movie, frame), 9);
        }
    }

    /// <summary>From the file to the screen, compared with ffmpeg's own conversion of the same movie. Chroma is per pixel, per pair of
    /// pixels or, as in NV12, per two pairs.</summary>
    [TestMethod]
    [DataRow("ov2640", "RGB565", "640x480", Every, 38)]
    [DataRow("ov7670", "YUYV", "320x240", Pairs, 43)]
    [DataRow("ov7670", "UYVY", "320x240", Pairs, 43)]
    [DataRow("isp", "NV12", "320x240", Samples, 43)]
    [DataRow("isp", "YUV420", "320x240", Samples, 43)]
    [DataRow("isp", "RGB888", "320x240", Every, 43)]
    [DataRow("isp", "XRGB8888", "320x240", Every, 43)]
    [DataRow("isp", "ARGB8888", "320x240", Every, 43)]
    public void Shown_frames_agree_with_ffmpeg(string camera, string sent, string size, string flags, int decibels)
    {
        const int Frames = 3, ShownWidth = 320, ShownHeight = 240;
        using var folder = new TemporaryFolder();
        string movie = folder.File("movie.y4m"), shown = folder.File("shown");
        Ffmpeg.Run("-f", "lavfi", "-i", $"testsrc2=size={size}:rate=30", "-frames:v", $"{Frames}", "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe",
            movie);
        byte[] rgb = Ffmpeg.Run("-i", movie, "-vf", $"scale={ShownWidth}:{ShownHeight}:flags={flags}", "-pix_fmt", "rgb24", "-f", "rawvideo", "-");
        CommandLineRun run = CommandLineRun.Of("play", "--board", "stm32f429-disco", "--camera", camera, "--format", sent, "--movie", movie,
            "--hours", "0.00003", "--png", shown, "--png-every", "1");
        Assert.AreEqual("played 0 loops, 3 frames, no failure", run.Lines[^1], run.Error);
        var format = new VideoFormat(ShownWidth, ShownHeight, PixelFormat.RGB565);
        byte[] image = new byte[format.SizeImage];
        double squares = 0;
        for (int frame = 0; frame < Frames; frame++)
        {
            Png png = Png.Open(Path.Combine(shown, $"frame-{frame + 1:000000}.png"));
            for (int i = 0; i < ShownWidth * ShownHeight; i++)
            {
                Pixel pixel = png.GetPixel(i % ShownWidth, i / ShownWidth);
                BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(2 * i), (ushort)((pixel.R >> 3 << 11) | (pixel.G >> 2 << 5) | (pixel.B >> 3)));
            }
            squares += Pictures.SquaredError(format, image, rgb.AsSpan(frame * ShownWidth * ShownHeight * 3));
        }
        double ratio = Pictures.Psnr(squares, (long)Frames * ShownWidth * ShownHeight * 3);
        TestContext.WriteLine($"{camera} {sent}: {ratio:0.0} dB");
        Assert.IsGreaterThanOrEqualTo(decibels, ratio);
    }

    [TestMethod]
    public void Summary_says_what_became_of_the_frames()
    {
        CommandLineRun run = CommandLineRun.Of("play", "--board", "stm32f746", "--hours", "0.002", "--loop", "3", "--show");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.StartsWith("stm32f746, carveout, split, exact: 96x64 (12 KB) x 3 buffers, 15 fps, loops of 3 s", run.Lines[0]);
        Assert.AreSequenceEqual(
            new[]
            {
                "camera   sees test card 96x64 RGB565, 15 fps",
                "pixels   ov2640 RGB565 -> ltdc RGB565, 96x64",
                "frames   108 shown, 0 dropped, 0 torn; 0 damaged, 0 of them overruns; display: 0 underruns, 0 errors",
                "pipeline 0 waits in vain, 0 restarts of the camera, 0 interrupts lost, 0 frames found by asking",
                "memory   0 stale lines read by the CPU, 0 by devices, 0 frames copied, 0 allocations after start",
                "buddyinfo of DMA the same before the start and after the stop in 3 of 3 loops",
                "after the stop every byte of camera and display is back",
                "played 2 loops, 108 frames, no failure",
            },
            run.Lines[^8..]);
        Assert.DoesNotContain("▀", run.Output, "there is no terminal to draw on");
    }

    [TestMethod]
    public void Faults_are_reported_and_exit_3_is_for_those_that_end_the_movie()
    {
        CommandLineRun late = CommandLineRun.Of("play", "--hours", "0.001", "--fault", "late-consumer", "--fault", "dma-error@2s");
        Assert.AreEqual(0, late.ExitCode, late.Error);
        Assert.MatchesRegex(
            @"fault    late-consumer: struck after 00:00:01; \d+ frames dropped, longest time without a new frame \d+ ms\r?\n"
            + @"fault    dma-error@2s: struck after 00:00:02; 1 damaged, longest time without a new frame 67 ms", late.Output);
        CommandLineRun gone = CommandLineRun.Of("play", "--hours", "0.001", "--fault", "unplug-display@1.5s");
        Assert.AreEqual(3, gone.ExitCode);
        Assert.MatchesRegex(@"^played 0 loops, 4\d frames, failed at loop 1 after 00:00:01: ENODEV: display was pulled out$", gone.Lines[^1]);
        Assert.Contains("after the stop every byte of camera and display is back", gone.Output);
        CommandLineRun refused = CommandLineRun.Of("play", "--hours", "0.001", "--fault", "fail-alloc:2", "--fault", "dma-error@1s");
        Assert.AreEqual(3, refused.ExitCode);
        Assert.Contains("failed at loop 1 after 00:00:00: ENOBUFS: an allocation failed as ordered; camera: 3 buffers of 18432 bytes",
            refused.Lines[^1]);
        Assert.Contains("fault    dma-error@1s: did not strike", refused.Output);
    }

    [TestMethod]
    public void Json_has_the_documented_keys_for_pixels_and_none_without()
    {
        CommandLineRun run = CommandLineRun.Of("play", "--hours", "0.001", "--loop", "2", "--fault", "camera-stall", "--json", "--show");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        JsonElement result = JsonDocument.Parse(run.Output).RootElement;
        Assert.AreEqual(108, result.GetProperty("frames").GetInt32());
        JsonElement pixels = result.GetProperty("pixels");
        Assert.AreEqual("allocationsAfterStart bytesNotReturned counts devices faults files movie sameBuddyInfo starts zone", Keys(pixels));
        Assert.AreEqual(string.Join(' ', s_counts), Keys(pixels.GetProperty("counts")));
        Assert.AreEqual((2, 2), (pixels.GetProperty("starts").GetInt32(), pixels.GetProperty("sameBuddyInfo").GetInt32()));
        JsonElement fault = pixels.GetProperty("faults")[0];
        Assert.AreEqual("counts longestGapSeconds order struckAtSeconds", Keys(fault));
        Assert.AreEqual("camera-stall", fault.GetProperty("order").GetString());
        Assert.AreEqual(1, fault.GetProperty("struckAtSeconds").GetDouble());
        Assert.IsGreaterThan(0, fault.GetProperty("counts").GetProperty("stalls").GetInt32());
        JsonElement story = JsonDocument.Parse(CommandLineRun.Of("play", "--hours", "0.01", "--json").Output).RootElement;
        Assert.IsFalse(story.TryGetProperty("pixels", out _));
    }

    [TestMethod]
    [DataRow("--camera eye", "--camera eye: expected ov2640, ov7670, isp")]
    [DataRow("--display wall", "--display wall: expected ltdc, ipu, spi")]
    [DataRow("--display ltdc", "--display ltdc: esp32cam has none, expected spi")]
    [DataRow("--board imx31-reference --display spi", "--display spi: imx31-reference has none, expected ipu")]
    [DataRow("--board stm32h743 --display ipu", "--display ipu: stm32h743 has none, expected ltdc or spi")]
    [DataRow("--movie no-such-file.y4m", "no-such-file.y4m: ")]
    [DataRow("--png-every 2", "--png-every 2: expected --png DIR with it")]
    [DataRow("--png x --png-every 0", "--png-every 0: expected a whole number from 1")]
    [DataRow("--fault", "--fault")]
    [DataRow("--fault earthquake", "--fault earthquake: expected camera-stall, dma-error")]
    [DataRow("--fault dma-error@soon", "--fault dma-error@soon: expected camera-stall")]
    [DataRow("--fault dma-error --fault fail-alloc", "--fault fail-alloc: expected camera-stall")]
    [DataRow("--fault dma-error@3h", "--fault dma-error@3h: the movie is over after 7200 s")]
    [DataRow("--board stm32f429-disco --fault fail-alloc:1", "--fault fail-alloc:1: frames of a pool are reserved at boot")]
    [DataRow("--show --tail pool", "--tail pool: what esp32cam could reserve for frames")]
    [DataRow("--show --frame 15x40", "--frame 15x40: 15x40: expected at least 16 each way")]
    [DataRow("--camera ov7670 --format NV12", "--format NV12: ov7670 sends YUYV, UYVY, RGB565X; expected one of them, or --camera isp")]
    [DataRow("--format SRGGB8", "--format SRGGB8: expected NV12, YUV420")]
    [DataRow("--camera isp --frame 33x40", "--frame 33x40: 33x40 NV12: expected a width of 1 to 16384 pixels, a multiple of 2")]
    [DataRow("--camera ov7670 --frame 33x40", "--frame 33x40: 33x40 YUYV: expected a width of 1 to 16384 pixels, a multiple of 2")]
    public void Bad_usage_is_one_clear_message_and_exit_2(string arguments, string expected)
    {
        CommandLineRun.Refused(expected, ["play", .. arguments.Split(' ')]);
    }

    [TestMethod]
    public void What_is_wrong_with_files_is_said_by_their_name()
    {
        using var folder = new TemporaryFolder();
        string text = folder.File("text.y4m"), fast = folder.File("fast.y4m"), cut = folder.File("cut.y4m");
        File.WriteAllText(text, "no movie");
        File.WriteAllBytes(fast, Y4mBytes.Movie("YUV4MPEG2 W2 H2 F1000:1 Cmono", 4, 1));
        byte[] whole = Y4mBytes.Movie($"YUV4MPEG2 W{Width} H{Height} F10:1 Cmono", Width * Height, 3);
        File.WriteAllBytes(cut, whole[..^1]);
        Assert.Contains("text.y4m: begins with no YUV4MPEG2", Fails("--movie", text).Error);
        Assert.Contains("fast.y4m: 1000 frames a second: expected --fps with it, 1 to 240", Fails("--movie", fast).Error);
        Assert.AreEqual(0, CommandLineRun.Of("play", "--hours", "0.0001", "--movie", fast, "--fps", "30").ExitCode);
        Assert.Contains("cut.y4m: frame 2 is cut off", Fails("--movie", cut).Error, "in the middle of the run");
        Assert.Contains($"--png {text}: ", Fails("--png", text).Error, "a file is no folder");
    }

    private static CommandLineRun Fails(params string[] arguments)
    {
        CommandLineRun run = CommandLineRun.Of(["play", "--hours", "0.001", .. arguments]);
        Assert.AreEqual(2, run.ExitCode, run.Error);
        Assert.DoesNotContain("   at ", run.Error);
        return run;
    }

    private static string Keys(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property => property.Name).Order());

    /// <summary>A movie of ten frames a second: a bright block that moves over a slope, in colours that change slowly from left to right.</summary>
    private static string WriteMovie(TemporaryFolder folder)
    {
        string path = folder.File("movie.y4m");
        using FileStream file = File.Create(path);
        file.Write(Encoding.ASCII.GetBytes($"YUV4MPEG2 W{Width} H{Height} F10:1 C420jpeg\n"));
        for (int frame = 0; frame < MovieFrames; frame++)
        {
            file.Write("FRAME\n"u8);
            for (int i = 0; i < Width * Height; i++)
            {
                int x = i % Width, y = i / Width;
                file.WriteByte((byte)(x / 8 == frame && y / 8 == 2 ? 235 : 60 + x + y));
            }
            for (int i = 0; i < Width * Height / 2; i++)
            {
                file.WriteByte((byte)(128 + (i % (Width / 2) * (i < Width * Height / 4 ? 1 : -1))));
            }
        }
        return path;
    }

    /// <summary>The expected look of a frame, computed without a machine.</summary>
    private static byte[] Frame(string movie, int number)
    {
        using Y4mReader reader = Y4mReader.Open(movie);
        var frame = new Y4mFrame(reader.Header);
        reader.ReadFrame(number % MovieFrames, frame);
        var format = new VideoFormat(Width, Height, PixelFormat.RGB565);
        byte[] image = new byte[format.SizeImage];
        new FrameImport(reader.Header, format, ScaleFit.Letterbox).Import(frame, image);
        return image;
    }

    private static void Expect(string file, byte[] image, int tolerance)
    {
        Png png = Png.Open(file);
        var expected = new Rgb565Image(new VideoFormat(Width, Height, PixelFormat.RGB565), image);
        Assert.AreEqual((Width, Height), (png.Width, png.Height));
        for (int i = 0; i < Width * Height; i++)
        {
            (byte red, byte green, byte blue) = expected.Pixel(i % Width, i / Width);
            Pixel seen = png.GetPixel(i % Width, i / Width);
            Assert.IsTrue(Math.Abs(red - seen.R) <= tolerance && Math.Abs(green - seen.G) <= tolerance && Math.Abs(blue - seen.B) <= tolerance,
                $"{Path.GetFileName(file)}, pixel {i % Width},{i / Width}: {seen.R},{seen.G},{seen.B} instead of {red},{green},{blue}");
        }
    }
}
