using System;
using Carveout.Firmware.Tests.Video.Devices;
using Carveout.Video;
using Carveout.Video.Devices;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video
{
    /// <summary>The pipeline, one event at a time. The emulator's tests run it with a clock.</summary>
    [TestClass]
    public class PipelineTests
    {
        /// <summary>After so many waits without a frame the camera is started again.</summary>
        private const int StallLimit = 3;

        private static VideoBench s_bench;
        private static Pipeline s_pipeline;

        [TestMethod]
        public void Equal_formats_share_buffers_that_no_CPU_touches()
        {
            New(PixelFormat.RGB565, 4);
            Assert.IsTrue(s_pipeline.IsDirect);
            VideoBench.Is(VideoResult.Ok, s_pipeline.Start());
            Assert.IsTrue(s_pipeline.IsRunning);
            Assert.AreEqual(VideoBench.Pages - 4, s_bench.FreePages);
            VideoBench.Is(VideoResult.EBUSY, s_pipeline.Start());
            int cleaned = s_bench.Memory.Cleaned;
            for (int i = 0; i < 20; i++)
            {
                s_bench.Wait.Next = () => s_bench.Camera.Frame();
                VideoBench.Is(VideoResult.Ok, s_pipeline.Step(100));
                s_bench.Scanout.Vsync();
            }
            Assert.AreEqual(20L, s_pipeline.Direct);
            Assert.AreEqual(0L, s_pipeline.Converted + s_pipeline.Dropped + s_pipeline.Allocations);
            Assert.AreEqual(cleaned, s_bench.Memory.Cleaned);
            Assert.AreEqual(0, s_bench.Memory.Discarded);
            Assert.IsTrue(s_bench.Scanout.Shown == s_bench.Capture.QueryBuffer(19 % 4).Handle);
            Assert.Contains("frames 20, copied 0, shown 18, dropped 0, damaged 0", s_pipeline.ToText());
            s_pipeline.Stop();
            AllIsBack();
            s_pipeline.Stop();
            VideoBench.Is(VideoResult.EINVAL, s_pipeline.Step(1));
        }

        [TestMethod]
        public void Other_formats_are_converted_and_synced_on_both_sides()
        {
            New(PixelFormat.YUYV, 3);
            Assert.IsFalse(s_pipeline.IsDirect);
            s_pipeline.Start();
            Assert.AreEqual(VideoBench.Pages - 6, s_bench.FreePages);
            Assert.AreEqual(2, s_pipeline.Contract.Count);
            int cleaned = s_bench.Memory.Cleaned;
            s_bench.Camera.Frame();
            VideoBench.Is(VideoResult.Ok, s_pipeline.Step(100));
            Assert.AreEqual(1L, s_pipeline.Converted);
            Assert.AreEqual(VideoBench.FrameSize, s_bench.Memory.Discarded);
            Assert.AreEqual(cleaned + 2 * VideoBench.FrameSize, s_bench.Memory.Cleaned);
            s_pipeline.Stop();
            AllIsBack();
        }

        [TestMethod]
        public void A_stall_is_waited_for_and_then_the_camera_is_started_again()
        {
            New(PixelFormat.RGB565, 4);
            s_pipeline.Start();
            for (int i = 0; i < StallLimit; i++)
            {
                Assert.AreEqual(1, s_bench.Camera.Starts);
                VideoBench.Is(VideoResult.ETIME, s_pipeline.Step(100));
            }
            Assert.AreEqual((long)StallLimit, s_pipeline.Stalls);
            Assert.AreEqual(1L, s_pipeline.Restarts);
            Assert.AreEqual(2, s_bench.Camera.Starts);
            Assert.AreEqual(100000L * StallLimit, s_bench.Wait.Microseconds);
            s_bench.Camera.Frame();
            VideoBench.Is(VideoResult.Ok, s_pipeline.Step(100));
            for (int i = 1; i < StallLimit; i++)
            {
                s_pipeline.Step(100);
            }
            s_bench.Camera.RefusesToStart = true;
            VideoBench.Is(VideoResult.EIO, s_pipeline.Step(100));
            Assert.AreEqual("camera did not start again after a stall", s_pipeline.Refusal);
            AllIsBack();
        }

        [TestMethod]
        public void A_lost_interrupt_costs_two_frame_times_at_most()
        {
            New(PixelFormat.RGB565, 4);
            s_pipeline.Start();
            s_bench.Camera.LosesInterrupt = true;
            s_bench.Camera.Frame();
            VideoBench.Is(VideoResult.Ok, s_pipeline.Step(1000));
            Assert.AreEqual(2L * FakeCamera.Period, s_bench.Wait.Microseconds);
            Assert.AreEqual(1, s_bench.Scanout.Polls);
            Assert.AreEqual(0L, s_pipeline.Stalls);
            s_pipeline.Stop();
        }

        [TestMethod]
        public void A_damaged_frame_is_passed_over()
        {
            New(PixelFormat.RGB565, 4);
            s_pipeline.Start();
            s_bench.Camera.BeginFrame();
            s_bench.Camera.EndFrame(100, FrameResult.BusError);
            s_bench.Camera.Frame();
            VideoBench.Is(VideoResult.Ok, s_pipeline.Step(100));
            Assert.AreEqual(1L, s_pipeline.Damaged);
            Assert.AreEqual(1L, s_pipeline.Direct);
            Assert.IsTrue(s_bench.Scanout.Shown == s_bench.Capture.QueryBuffer(1).Handle);
            s_pipeline.Stop();
        }

        [TestMethod]
        public void What_does_not_start_gives_everything_back_and_says_why()
        {
            New(PixelFormat.RGB565, 4);
            s_bench.Camera.RefusesToStart = true;
            VideoBench.Is(VideoResult.EIO, s_pipeline.Start());
            Assert.AreEqual("camera did not start", s_pipeline.Refusal);
            AllIsBack();
            s_bench.Camera.RefusesToStart = false;
            s_bench.Camera.IsPlugged = false;
            VideoBench.Is(VideoResult.ENODEV, s_pipeline.Start());
            Assert.AreEqual("camera does not answer", s_pipeline.Refusal);
            s_bench.Camera.IsPlugged = true;
            s_bench.Prepare(s_bench.Capture, 2);
            s_bench.Capture.StreamOn();
            VideoBench.Is(VideoResult.EBUSY, s_pipeline.Start());
            Assert.AreEqual(2, s_bench.Capture.Buffers.Count);
            s_bench.Capture.StreamOff();
            VideoBench.Is(VideoResult.Ok, s_pipeline.Start());
            Assert.AreEqual("", s_pipeline.Refusal);
            s_pipeline.Stop();
            AllIsBack();
        }

        [TestMethod]
        public void A_pause_holds_both_and_a_device_that_does_not_come_back_ends_it()
        {
            New(PixelFormat.RGB565, 4);
            VideoBench.Is(VideoResult.EINVAL, s_pipeline.Pause());
            VideoBench.Is(VideoResult.EINVAL, s_pipeline.Resume());
            s_pipeline.Start();
            VideoBench.Is(VideoResult.EINVAL, s_pipeline.Resume());
            VideoBench.Is(VideoResult.Ok, s_pipeline.Pause());
            Assert.IsFalse(s_bench.Camera.IsStreaming);
            VideoBench.Is(VideoResult.EINVAL, s_pipeline.Step(10));
            VideoBench.Is(VideoResult.Ok, s_pipeline.Resume());
            s_pipeline.Pause();
            s_bench.Camera.RefusesToStart = true;
            VideoBench.Is(VideoResult.EIO, s_pipeline.Resume());
            Assert.AreEqual("camera did not come back from a pause", s_pipeline.Refusal);
            AllIsBack();
        }

        [TestMethod]
        public void A_pipeline_of_devices_that_do_not_fit_is_refused()
        {
            New(PixelFormat.RGB565, 4);
            Assert.ThrowsException(typeof(ArgumentNullException), () => NewPipeline(null, s_bench.Output, 4));
            Assert.ThrowsException(typeof(ArgumentNullException), () => NewPipeline(s_bench.Capture, null, 4));
            Assert.ThrowsException(typeof(InvalidOperationException), () => NewPipeline(s_bench.Capture, s_bench.PanelOutput, 4));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => NewPipeline(s_bench.Capture, s_bench.Output, 1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => NewPipeline(s_bench.Capture, s_bench.Output, 31));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_pipeline.Step(0));
            var apart = new VideoOutputDevice(s_bench.Scanout, s_bench.DisplayDma, s_bench.Dma, s_bench.Streaming, new FakeWait());
            apart.SetFormat(s_bench.Format);
            Assert.Contains("camera and lcd wait apart", Thrown.By(() => NewPipeline(s_bench.Capture, apart, 4)).Message);
        }

        private static void New(PixelFormat camera, int buffers)
        {
            s_bench = new VideoBench(true);
            s_bench.Capture.SetFormat(new VideoFormat(64, 32, camera));
            s_bench.Output.SetFormat(s_bench.Format);
            s_pipeline = NewPipeline(s_bench.Capture, s_bench.Output, buffers);
        }

        private static Pipeline NewPipeline(VideoCaptureDevice capture, VideoOutputDevice output, int buffers)
        {
            return new Pipeline(capture, output, buffers, Quantization.LimitedRange, ScaleFit.Letterbox);
        }

        private static void AllIsBack()
        {
            Assert.IsFalse(s_pipeline.IsRunning);
            Assert.AreEqual(VideoBench.Pages, s_bench.FreePages);
            Assert.AreEqual(0, s_bench.Dma.BlockCount + s_bench.Dma.MappingCount);
        }
    }
}
