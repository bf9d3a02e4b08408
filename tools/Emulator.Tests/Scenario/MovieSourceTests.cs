using Carveout.Emulator.Boards;
using Carveout.Emulator.Movies;
using Carveout.Emulator.Scenario;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Scenario;

/// <summary>Which frame of the movie the camera sees.</summary>
[TestClass]
public sealed class MovieSourceTests
{
    [TestMethod]
    [DataRow(25, 1, 25, 1, "0 1 2 3 4 5")]
    [DataRow(15, 1, 30, 1, "0 0 1 1 2 2")]
    [DataRow(60, 1, 30, 1, "0 2 4 6 8 10")]
    [DataRow(30000, 1001, 30000, 1001, "0 1 2 3 4 5")]
    [DataRow(25, 1, 30, 1, "0 0 1 2 3 4")]
    public void Movie_keeps_its_speed_at_any_rate_of_the_camera(int movie, int movieSeconds, int camera, int cameraSeconds, string expected)
    {
        var log = new LoggingMovie(movie, movieSeconds);
        var source = new MovieSource(log, new MovieSpec(16, 16, 3, camera, 60) { Seconds = cameraSeconds });
        for (int frame = 0; frame < 6; frame++)
        {
            source.FillLine(frame, 0, []);
        }
        Assert.AreEqual(expected, string.Join(' ', log.Frames));
    }

    [TestMethod]
    public void A_camera_that_is_started_again_goes_on_and_a_new_loop_begins_anew()
    {
        var log = new LoggingMovie(30, 1);
        var source = new MovieSource(log, new MovieSpec(16, 16, 3, 30, 60));
        foreach (long frame in (long[])[0, 0, 1, 4, 0, 1, 1, 0, 1])
        {
            source.FillLine(frame, 0, []);
        }
        source.Rewind();
        source.FillLine(0, 0, []);
        Assert.AreEqual("0 0 1 4 5 6 6 7 8 0", string.Join(' ', log.Frames));
    }

    private sealed class LoggingMovie(int frames, int seconds) : IMovie
    {
        public List<long> Frames { get; } = [];

        public VideoFormat Format { get; } = new(16, 16, PixelFormat.RGB565);

        public int RateNumerator => frames;

        public int RateDenominator => seconds;

        public string Description => "";

        public void FillLine(long frame, int y, Span<byte> line) => Frames.Add(frame);

        public void Dispose()
        {
        }
    }
}
