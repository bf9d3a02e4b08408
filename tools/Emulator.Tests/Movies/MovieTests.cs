using System.Diagnostics;
using Carveout.Emulator.Movies;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Movies;

/// <summary>Movies in front of a camera, line by line.</summary>
[TestClass]
public sealed class MovieTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void A_file_gives_its_frames_in_a_loop()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("two.y4m");
        File.WriteAllBytes(path, Y4mBytes.Movie("YUV4MPEG2 W2 H2 F24000:1001 Cmono XCOLORRANGE=LIMITED", 4, 2));
        using Y4mMovie movie = Y4mMovie.Open(path, new VideoFormat(2, 2, PixelFormat.GREY, 5), ScaleFit.Letterbox);
        Assert.AreEqual((24000, 1001), (movie.RateNumerator, movie.RateDenominator));
        Assert.AreEqual("two.y4m 2x2 mono, 23.976 fps", movie.Description);
        byte[] line = new byte[2];
        foreach (long frame in (long[])[0, 1, 2, 3, 1, 0, 7])
        {
            movie.FillLine(frame, 1, line);
            Assert.AreSequenceEqual(new byte[] { (byte)(3 + (frame & 1)), (byte)(4 + (frame & 1)) }, line);
            movie.FillLine(frame, 0, line);
            Assert.AreSequenceEqual(new byte[] { (byte)(1 + (frame & 1)), (byte)(2 + (frame & 1)) }, line);
        }
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows, IgnoreMessage = "writes into a file that is open")]
    public void Frames_that_were_shown_are_not_read_again()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("three.y4m");
        byte[] bytes = Y4mBytes.Movie("YUV4MPEG2 W2 H2 Cmono XCOLORRANGE=LIMITED", 4, 3);
        File.WriteAllBytes(path, bytes);
        using Y4mMovie movie = Y4mMovie.Open(path, new VideoFormat(2, 2, PixelFormat.GREY), ScaleFit.Letterbox);
        byte[] line = new byte[2];
        // The fourth frame is the first again, so the end is known now.
        for (long frame = 0; frame < 4; frame++)
        {
            movie.FillLine(frame, 0, line);
        }
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Write(new byte[bytes.Length]);
        }
        for (long frame = 4; frame < 9; frame++)
        {
            movie.FillLine(frame, 0, line);
            Assert.AreEqual((byte)(1 + (frame % 3)), line[0]);
        }
    }

    [TestMethod]
    public void A_file_that_cannot_be_shown_is_refused_at_once_and_let_go()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("cut.y4m");
        File.WriteAllBytes(path, Y4mBytes.Movie("YUV4MPEG2 W2 H2", 3, 1));
        var format = new VideoFormat(2, 2, PixelFormat.YUYV);
        Assert.Contains("frame 0 is cut off: it has 3 of 6",
            Assert.ThrowsExactly<UsageException>(() => Y4mMovie.Open(path, format, ScaleFit.Fill)).Message);
        File.Delete(path);
        Assert.ThrowsExactly<UsageException>(() => Y4mMovie.Open(path, format, ScaleFit.Fill));
        File.WriteAllBytes(path, Y4mBytes.Movie("YUV4MPEG2 W2 H2", 6, 1));
        Assert.ThrowsExactly<ArgumentException>(() => Y4mMovie.Open(path, new VideoFormat(2, 2, PixelFormat.SRGGB8), ScaleFit.Fill));
    }

    /// <summary>Two hours of video have 216,000 frames. A thousandth of them is drawn at once, and the quickest of fifty such runs
    /// counts, since other tests use the processors as well.</summary>
    [TestMethod]
    [DataRow(PixelFormat.RGB565)]
    [DataRow(PixelFormat.YUYV)]
    public void Two_hours_of_test_card_are_drawn_within_a_minute(PixelFormat pixels)
    {
        const int Frames = 216, Runs = 50;
        using var movie = new TestCardMovie(320, 240, pixels, 30);
        byte[] image = new byte[movie.Format.SizeImage];
        TimeSpan least = TimeSpan.MaxValue;
        for (int run = 0; run < Runs; run++)
        {
            var time = Stopwatch.StartNew();
            for (int frame = 0; frame < Frames; frame++)
            {
                Draw(frame);
            }
            least = time.Elapsed < least ? time.Elapsed : least;
        }
        TestContext.WriteLine($"{Frames} frames in {least.TotalMilliseconds:0.0} ms, two hours in {least.TotalSeconds * 1000:0} s");
        Assert.IsLessThan(0.06, least.TotalSeconds);
        Assert.AreEqual(0L, ManagedHeap.LeastTaken(() => Draw(7)));
        Assert.AreEqual($"test card 320x240 {pixels}, 30 fps", movie.Description);
        Assert.AreEqual(30, movie.RateNumerator / movie.RateDenominator);

        void Draw(int frame)
        {
            for (int y = 0; y < 240; y++)
            {
                movie.FillLine(frame, y, image.AsSpan(y * 640, 640));
            }
        }
    }
}
