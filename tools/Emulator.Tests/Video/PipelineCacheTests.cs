namespace Carveout.Emulator.Tests.Video;

/// <summary>The purpose of the video devices' sync calls: without one of the two, the screen shows something else, and the cache says
/// why.</summary>
[TestClass]
public sealed class PipelineCacheTests
{
    private const int Frames = 100;

    private static readonly Dictionary<string, RigSpec> s_boards = new()
    {
        ["stm32f769-disco, SDRAM cached"] = VideoRig.CachedDisco,
        ["esp32s3"] = VideoRig.S3,
    };

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Boards => from name in s_boards.Keys select new object[] { name };

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Without_invalidating_the_CPU_reads_old_pictures(string board)
    {
        RigSpec small = VideoRig.Thumbnails;
        var rig = new VideoRig(s_boards[board] with { Width = small.Width, Height = small.Height, Buffers = small.Buffers });
        rig.Memory.ForgetsToInvalidate = true;
        Spoilt(rig);
        Assert.IsGreaterThan(0, rig.Machine.Caches[0].StaleLinesRead);
        Assert.IsGreaterThan(Frames / 3, rig.Pictures.Jumps, "a picture that is stale to its last line is one of those of before");
    }

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Without_cleaning_the_display_reads_old_pictures(string board)
    {
        var rig = new VideoRig(s_boards[board]);
        rig.Memory.ForgetsToClean = true;
        Spoilt(rig);
        Assert.IsGreaterThan(0, rig.Machine.Caches[0].StaleLinesReadByDevices);
        Assert.IsGreaterThan(Frames / 2, rig.Pictures.Wrong);
    }

    private void Spoilt(VideoRig rig)
    {
        rig.Start().Play(Frames);
        TestContext.WriteLine($"{rig.Machine.StaleLines} stale lines, {rig.Pictures.Wrong} wrong frames and {rig.Pictures.Jumps} "
            + $"old ones of {rig.Pictures.Wrong + rig.Pictures.Good}");
        Assert.IsGreaterThan(0, rig.Machine.StaleLines);
        Assert.IsGreaterThan(0, rig.Pictures.Wrong + rig.Pictures.Jumps);
        rig.Stop();
    }
}
