using Carveout.Emulator.Tests.Machine;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Video;

/// <summary>Faults in the field: each ends in recovery or in a clean stop, and after the stop every byte is back.</summary>
[TestClass]
public sealed class PipelineFaultTests
{
    private const int Frames = 30;

    [TestMethod]
    public void A_camera_that_stalls_is_waited_for()
    {
        var rig = new VideoRig(VideoRig.Disco).Start();
        rig.Play(Frames);
        rig.Camera.Stall(12);
        Assert.IsGreaterThan(0, rig.PlayFor(1000));
        Assert.IsGreaterThan(0L, rig.Pipeline.Stalls);
        Recovers(rig);
        Assert.AreEqual(0L, rig.Pipeline.Dropped);
        rig.Stop();
    }

    [TestMethod]
    public void A_camera_that_stands_still_is_started_again()
    {
        var rig = new VideoRig(VideoRig.Disco).Start();
        rig.Play(Frames);
        rig.Camera.Stall(1000);
        for (int wait = 0; wait < 3; wait++)
        {
            Assert.AreEqual(VideoResult.ETIME, rig.Pipeline.Step(200));
        }
        Assert.AreEqual(1L, rig.Pipeline.Restarts);
        rig.Camera.Stall(0);
        Recovers(rig);
        rig.Stop();
    }

    [TestMethod]
    public void A_DMA_error_costs_one_frame()
    {
        foreach (RigSpec spec in new[] { VideoRig.Disco, VideoRig.S3 })
        {
            var rig = new VideoRig(spec).Start();
            rig.Play(Frames);
            rig.Camera.FailFrame(3);
            rig.Play(Frames);
            Assert.AreEqual(1L, rig.Pipeline.Damaged);
            Assert.AreEqual(1L, rig.Camera.BusErrors);
            Assert.AreEqual(0L, rig.Pipeline.Dropped + rig.Pictures.Wrong);
            Assert.AreEqual(1L, rig.Pictures.Jumps, "the one that was not shown");
            rig.Stop();
        }
    }

    [TestMethod]
    public void A_DMA_error_of_the_display_is_counted_and_the_buffer_comes_back()
    {
        var rig = new VideoRig(VideoRig.Cam).Start();
        rig.Play(Frames);
        rig.Spi!.FailFrame(2);
        rig.Play(Frames);
        Assert.AreEqual(1L, rig.Pipeline.DisplayErrors);
        Assert.AreEqual(0L, rig.Pipeline.Dropped + rig.Pictures.Wrong);
        rig.Stop();
    }

    [TestMethod]
    public void A_damaged_scan_is_counted_and_the_next_one_is_whole()
    {
        var rig = new VideoRig(VideoRig.Disco).Start();
        rig.Play(Frames);
        rig.Scanout!.FailScan(2);
        rig.Play(Frames);
        Assert.AreEqual(1L, rig.Output.Underruns);
        Assert.IsLessThanOrEqualTo(1L, rig.Pictures.Wrong);
        Assert.AreEqual(0L, rig.Pipeline.Dropped);
        rig.Stop();
    }

    [TestMethod]
    public void Lost_interrupts_are_found_by_asking()
    {
        // In the direct pipeline, one of the display's buffers comes back at its next vsync. An SPI display sends nothing more until it is
        // asked.
        foreach (RigSpec spec in new[] { VideoRig.Disco, VideoRig.S3, VideoRig.Cam })
        {
            var rig = new VideoRig(spec).Start();
            rig.Play(Frames);
            for (int lost = 1; lost <= 5; lost++)
            {
                rig.Camera.Interrupt.Lose(lost);
                rig.Play(Frames);
                (rig.Scanout?.Interrupt ?? rig.Spi!.Interrupt).Lose(lost);
                rig.Play(Frames);
            }
            Assert.AreEqual(5L, rig.Camera.Interrupt.Lost);
            Assert.AreEqual(5L, (rig.Scanout?.Interrupt ?? rig.Spi!.Interrupt).Lost);
            Assert.AreEqual(0L, rig.Pictures.Wrong + rig.TornFrames);
            Assert.IsTrue(rig.Spi is null || rig.Output.Recovered > 0, "nobody asked the display");
            Recovers(rig);
            rig.Stop();
        }
    }

    [TestMethod]
    public void A_late_consumer_loses_frames_and_catches_up()
    {
        foreach (RigSpec spec in new[] { VideoRig.Disco, VideoRig.S3, VideoRig.Cam })
        {
            var rig = new VideoRig(spec).Start();
            rig.Play(Frames);
            rig.Machine.RunFor(500_000);
            rig.Play(Frames);
            Assert.IsInRange(5L, 15L, rig.Pipeline.Dropped);
            Assert.AreEqual(0L, rig.Pictures.Wrong + rig.TornFrames);
            Recovers(rig);
            rig.Stop();
        }
    }

    [TestMethod]
    public void A_late_consumer_of_a_camera_that_grabs_the_latest_sees_recent_frames()
    {
        var rig = new VideoRig(VideoRig.S3);
        rig.Capture.Mode = CaptureMode.GrabLatest;
        rig.Start().Play(Frames);
        rig.Machine.RunFor(500_000);
        rig.Play(Frames);
        Assert.IsInRange(5L, 15L, rig.Capture.Recycled);
        Assert.AreEqual(rig.Capture.Recycled, rig.Pipeline.Dropped);
        Assert.AreEqual(0L, rig.Camera.Dropped, "the camera always had a buffer");
        Recovers(rig);
        rig.Stop();
    }

    [TestMethod]
    public void A_device_that_is_pulled_out_stops_the_pipeline_and_it_starts_again_when_it_is_back()
    {
        foreach (RigSpec spec in new[] { VideoRig.Disco, VideoRig.S3, VideoRig.Cam })
        {
            foreach (bool camera in new[] { true, false })
            {
                var rig = new VideoRig(spec).Start();
                rig.Play(Frames);
                rig.Machine.RunFor(5000);
                Plug(rig, camera, false);
                VideoResult result = VideoResult.Ok;
                for (int i = 0; i < 10 && result != VideoResult.ENODEV; i++)
                {
                    result = rig.Pipeline.Step(200);
                }
                Assert.AreEqual(VideoResult.ENODEV, result);
                Assert.AreEqual((camera ? "camera" : "lcd") + " was pulled out", rig.Pipeline.Refusal);
                rig.ExpectAsAtBoot();
                Assert.AreEqual(VideoResult.EINVAL, rig.Pipeline.Step(10));
                Assert.AreEqual(VideoResult.ENODEV, rig.Pipeline.Start());
                Assert.AreEqual((camera ? "camera" : "lcd") + " does not answer", rig.Pipeline.Refusal);
                rig.ExpectAsAtBoot();
                Plug(rig, camera, true);
                rig.Start();
                Recovers(rig);
                rig.Stop();
            }
        }
    }

    [TestMethod]
    public void Whichever_allocation_of_a_start_fails_it_is_refused_and_nothing_is_lost()
    {
        foreach (RigSpec spec in new[] { VideoRig.Disco, VideoRig.CachedDisco, VideoRig.S3, VideoRig.Cam })
        {
            var rig = new VideoRig(spec);
            long before = rig.Given;
            rig.Start();
            int allocations = (int)(rig.Given - before);
            Assert.AreEqual(rig.Pipeline.IsDirect ? spec.Buffers : 2 * spec.Buffers, allocations);
            rig.Stop();
            for (int failing = 0; failing < allocations; failing++)
            {
                foreach (RefusingMap map in rig.Maps)
                {
                    map.Left = int.MaxValue;
                }
                rig.Maps[0].Left = failing;
                foreach (RefusingMap map in rig.Maps.Skip(1))
                {
                    map.Left = 0;
                }
                Assert.AreEqual(VideoResult.ENOBUFS, rig.Pipeline.Start(), $"allocation {failing + 1}");
                Assert.StartsWith((failing < spec.Buffers ? "camera: 4" : "lcd: 4") + " buffers of ", rig.Pipeline.Refusal);
                Assert.Contains("the allocator refused", rig.Pipeline.Refusal);
                rig.ExpectAsAtBoot();
            }
            foreach (RefusingMap map in rig.Maps)
            {
                map.Left = int.MaxValue;
            }
            rig.Start();
            Recovers(rig);
            rig.Stop();
        }
    }

    [TestMethod]
    public void What_the_board_cannot_hold_is_refused_by_the_byte()
    {
        var rig = new VideoRig(VideoRig.Cam with { Width = 160, Height = 120 });
        Assert.AreEqual(VideoResult.ENOBUFS, rig.Pipeline.Start());
        Assert.AreEqual("camera: 4 buffers of 38400 bytes need 163840 bytes in DMA, 81920 are free: 81920 bytes are missing",
            rig.Pipeline.Refusal);
        rig.ExpectAsAtBoot();
    }

    [TestMethod]
    public void Bytes_that_are_there_in_pieces_are_refused_as_fragmented()
    {
        var rig = new VideoRig(VideoRig.Cam with { Buffers = 2 });
        uint[] pages = [.. Enumerable.Range(0, 20).Select(_ => rig.Pages.AllocPages(GfpFlags.Dma, 0, PageOwner.Unknown))];
        for (int i = 0; i < pages.Length; i += 2)
        {
            rig.Pages.FreePages(pages[i]);
        }
        Assert.AreEqual(VideoResult.ENOBUFS, rig.Pipeline.Start());
        Assert.AreEqual("camera: 2 buffers of 18432 bytes need 40960 bytes in DMA, 40960 are free, in pieces of at most 4096: "
            + "the memory is fragmented", rig.Pipeline.Refusal);
        for (int i = 1; i < pages.Length; i += 2)
        {
            rig.Pages.FreePages(pages[i]);
        }
        rig.ExpectAsAtBoot();
        rig.Start();
        rig.Play(Frames);
        rig.Stop();
    }

    private static void Recovers(VideoRig rig)
    {
        long good = rig.Pictures.New, dropped = rig.Pipeline.Dropped, wrong = rig.Pictures.Wrong;
        rig.Play(Frames);
        Assert.IsGreaterThanOrEqualTo(good + Frames - 4, rig.Pictures.New);
        Assert.AreEqual(dropped, rig.Pipeline.Dropped);
        Assert.AreEqual(wrong, rig.Pictures.Wrong);
    }

    private static void Plug(VideoRig rig, bool camera, bool isIn)
    {
        Action plug = camera ? (isIn ? rig.Camera.Plug : rig.Camera.Unplug)
            : rig.Scanout is { } scanout ? (isIn ? scanout.Plug : scanout.Unplug)
            : isIn ? rig.Spi!.Plug : rig.Spi!.Unplug;
        plug();
    }
}
