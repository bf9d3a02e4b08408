using System.Diagnostics;
using Carveout.Emulator.Tests.Machine;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Video;

/// <summary>The pipeline on emulated boards: every picture of the camera reaches the screen whole, and nobody allocates anything.</summary>
[TestClass]
public sealed class PipelineRunTests
{
    private const int WarmUp = 60, Rounds = 3;

    private static readonly int s_frames = TestSeed.Of(all: 300, usual: 100);

    /// <summary>Virtual seconds of the long run; two hours are 7200.</summary>
    private const string SecondsVariable = "CARVEOUT_PIPELINE_SECONDS";

    private static readonly Dictionary<string, RigSpec> s_boards = new()
    {
        ["stm32f769-disco"] = VideoRig.Disco,
        ["stm32f769-disco, converting, SDRAM cached"] = VideoRig.CachedDisco,
        ["stm32f769-disco, thumbnails"] = VideoRig.Thumbnails,
        ["esp32s3"] = VideoRig.S3,
        ["esp32cam"] = VideoRig.Cam,
    };

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Boards => from name in s_boards.Keys select new object[] { name };

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Every_picture_reaches_the_screen(string board)
    {
        var rig = new VideoRig(s_boards[board]).Start();
        rig.Play(s_frames);
        TestContext.WriteLine(rig.Pipeline.ToText());
        rig.ExpectEveryPicture();
        Assert.IsGreaterThanOrEqualTo(s_frames - 3, rig.Pictures.New);
        Assert.IsGreaterThanOrEqualTo(s_frames - 3, rig.Pipeline.Shown);
        Assert.AreEqual(0L, rig.Scanout?.Underruns ?? 0);
        bool direct = s_boards[board].Camera == PixelFormat.RGB565;
        Assert.AreEqual(direct, rig.Pipeline.IsDirect);
        Assert.AreEqual(direct ? s_frames : 0, rig.Pipeline.Direct);
        Assert.AreEqual(direct ? 0 : s_frames, rig.Pipeline.Converted);
        rig.Stop();
    }

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Nothing_is_allocated_after_the_start(string board)
    {
        var rig = new VideoRig(s_boards[board]).Start();
        rig.Play(WarmUp);
        long given = rig.Given, mapped = rig.Dma.MappingsMade, rounds = 0;
        long least = ManagedHeap.LeastTaken(() =>
        {
            rounds += Rounds;
            for (int i = 0; i < Rounds * s_frames; i++)
            {
                rig.Pipeline.Step(1000);
            }
        });
        Assert.AreEqual(0L, least, "managed bytes");
        Assert.AreEqual(given, rig.Given, "blocks of pages");
        Assert.AreEqual(mapped, rig.Dma.MappingsMade, "mappings");
        Assert.AreEqual(0L, rig.Pipeline.Allocations);
        Assert.AreEqual((rounds * s_frames) + WarmUp, rig.Pipeline.Direct + rig.Pipeline.Converted);
        rig.Stop();
    }

    [TestMethod]
    public void A_pause_keeps_the_picture_and_the_stream_goes_on()
    {
        var rig = new VideoRig(VideoRig.Disco).Start();
        rig.Play(20);
        Assert.AreEqual(VideoResult.Ok, rig.Pipeline.Pause());
        Assert.AreEqual(VideoResult.EINVAL, rig.Pipeline.Step(10));
        rig.Machine.RunFor(100_000);
        long shown = rig.Pictures.New;
        rig.Machine.RunFor(1_000_000);
        Assert.AreEqual(shown, rig.Pictures.New);
        Assert.AreEqual(VideoResult.Ok, rig.Pipeline.Resume());
        Assert.AreEqual(VideoResult.EINVAL, rig.Pipeline.Resume());
        rig.Play(20);
        Assert.IsGreaterThanOrEqualTo(shown + 17, rig.Pictures.New);
        Assert.AreEqual(0L, rig.Pictures.Wrong + rig.Pipeline.Dropped);
        rig.Stop();
    }

    [TestMethod]
    public void It_starts_and_stops_as_often_as_it_likes()
    {
        var rig = new VideoRig(VideoRig.S3);
        for (int loop = 0; loop < 20; loop++)
        {
            rig.Start();
            Assert.AreEqual(VideoResult.EBUSY, rig.Pipeline.Start());
            rig.Play(5);
            Assert.AreEqual(0L, rig.Pipeline.Dropped);
            rig.Stop();
            rig.Machine.RunFor(loop * 7001);
        }
        Assert.AreEqual(0L, rig.Machine.StaleLines + rig.Pictures.Wrong);
    }

    /// <summary>QVGA at 30 frames a second with 4 buffers, every scan compared with what the camera saw.</summary>
    [TestMethod]
    public void Hours_go_by_without_a_drop_or_an_allocation()
    {
        string? given = Environment.GetEnvironmentVariable(SecondsVariable);
        int seconds = string.IsNullOrEmpty(given) ? TestSeed.Of(all: 20, usual: 5) : int.Parse(given, System.Globalization.CultureInfo.InvariantCulture);
        var rig = new VideoRig(VideoRig.Disco with { HasBusyCore = false });
        var watch = Stopwatch.StartNew();
        const int Loops = 10;
        long pictures = 0;
        for (int loop = 0; loop < Loops; loop++)
        {
            rig.Start();
            long blocks = rig.Given, before = rig.Pictures.New;
            rig.Play(seconds * 30 / Loops);
            Assert.AreEqual(blocks, rig.Given);
            rig.ExpectEveryPictureOf(rig.Pictures.New - before, seconds * 30 / Loops);
            pictures += rig.Pictures.New - before;
            rig.Stop();
        }
        TestContext.WriteLine($"{seconds} virtual seconds, {pictures} pictures in {watch.Elapsed.TotalSeconds:F1} s: "
            + $"{pictures / watch.Elapsed.TotalSeconds:F0} frames a second; {SecondsVariable}=7200 for two hours");
    }
}
