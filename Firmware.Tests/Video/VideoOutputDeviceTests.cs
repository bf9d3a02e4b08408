using System;
using Carveout.Board;
using Carveout.Firmware.Tests.Video.Devices;
using Carveout.Memory;
using Carveout.Video;
using Carveout.Video.Devices;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video
{
    /// <summary>Frames to displays of both kinds through V4L2's calls.</summary>
    [TestClass]
    public class VideoOutputDeviceTests
    {
        private static VideoBench s_bench;

        [TestMethod]
        public void A_scan_begins_with_the_first_frame_and_gives_back_what_was_replaced()
        {
            s_bench = new VideoBench(false);
            VideoOutputDevice device = s_bench.Output;
            s_bench.Prepare(device, 3);
            Assert.IsFalse(s_bench.Scanout.IsRunning);
            VideoBench.Is(VideoResult.Ok, device.StreamOn());
            Assert.IsTrue(s_bench.Scanout.Shown == device.QueryBuffer(0).Handle && s_bench.Scanout.Pending == device.QueryBuffer(1).Handle);
            s_bench.Scanout.Vsync();
            VideoBuffer buffer = VideoBench.Take(device);
            Assert.AreEqual(0, buffer.Index);
            Assert.AreEqual(16666L, buffer.Timestamp);
            Assert.AreEqual(0, buffer.Sequence);
            Assert.IsTrue(s_bench.Scanout.Pending == device.QueryBuffer(2).Handle);
            s_bench.Scanout.Vsync();
            s_bench.Scanout.Vsync();
            Assert.AreEqual(1, VideoBench.Take(device).Index);
            VideoBench.Is(VideoResult.EAGAIN, VideoBench.TryTake(device, 0));
            device.Queue(1);
            Assert.IsTrue(s_bench.Scanout.Pending == device.QueryBuffer(1).Handle);
            s_bench.Scanout.Underrun();
            Assert.AreEqual(1L, device.Underruns);
            Assert.AreEqual(2L, device.Frames);
        }

        [TestMethod]
        public void A_panel_is_sent_frames_that_are_no_multiple_of_its_alignment()
        {
            s_bench = new VideoBench(false);
            var panel = new FakePanel("odd", 5, 3, 5, 4);
            var device = new VideoOutputDevice(panel, s_bench.DisplayDma, s_bench.Dma, s_bench.Streaming, s_bench.Wait);
            VideoBench.Is(VideoResult.Ok, device.SetFormat(new VideoFormat(5, 3, PixelFormat.GREY)));
            VideoBench.Is(VideoResult.Ok, device.RequestBuffers(2, VideoMemory.Mmap, out _));
            Assert.AreEqual(16, device.Buffers.BufferSize);
            VideoBench.Is(VideoResult.Ok, device.StreamOn());
            VideoBench.Is(VideoResult.Ok, device.Queue(1));
            Assert.AreEqual(device.QueryBuffer(1).Handle, panel.Sending);
            Assert.AreEqual(15, device.QueryBuffer(1).BytesUsed);
        }

        [TestMethod]
        public void A_stream_may_begin_without_a_frame()
        {
            s_bench = new VideoBench(false);
            VideoOutputDevice device = s_bench.Output;
            s_bench.Prepare(device, 2);
            device.StreamOff();
            VideoBench.Is(VideoResult.Ok, device.StreamOn());
            Assert.IsFalse(s_bench.Scanout.IsRunning);
            VideoBench.Is(VideoResult.Ok, device.Queue(1));
            Assert.IsTrue(s_bench.Scanout.Shown == device.QueryBuffer(1).Handle);
        }

        [TestMethod]
        public void A_display_that_does_not_start_keeps_the_queue()
        {
            s_bench = new VideoBench(false);
            VideoOutputDevice device = s_bench.Output;
            s_bench.Prepare(device, 2);
            s_bench.Scanout.RefusesToStart = true;
            VideoBench.Is(VideoResult.EIO, device.StreamOn());
            s_bench.Scanout.IsPlugged = false;
            VideoBench.Is(VideoResult.ENODEV, device.StreamOn());
            Assert.AreEqual((int)VideoState.Off, (int)device.State);
            VideoBench.HasFlags(device.QueryBuffer(0), VideoBufferFlags.Mapped | VideoBufferFlags.Queued);
            s_bench.Scanout.RefusesToStart = false;
            s_bench.Scanout.IsPlugged = true;
            VideoBench.Is(VideoResult.Ok, device.StreamOn());
            Assert.IsTrue(s_bench.Scanout.Shown == device.QueryBuffer(0).Handle);
        }

        [TestMethod]
        public void A_pause_keeps_the_picture()
        {
            s_bench = new VideoBench(false);
            VideoOutputDevice device = s_bench.Output;
            s_bench.Prepare(device, 4);
            device.StreamOn();
            device.Pause();
            s_bench.Scanout.Vsync();
            Assert.IsTrue(s_bench.Scanout.Shown == device.QueryBuffer(1).Handle && s_bench.Scanout.Pending == 0);
            Assert.AreEqual(0, VideoBench.Take(device).Index);
            VideoBench.Is(VideoResult.Ok, device.Resume());
            Assert.IsTrue(s_bench.Scanout.Pending == device.QueryBuffer(2).Handle);
        }

        [TestMethod]
        public void A_display_that_is_pulled_out_is_ENODEV()
        {
            s_bench = new VideoBench(false);
            VideoOutputDevice device = s_bench.Output;
            s_bench.Prepare(device, 3);
            device.StreamOn();
            s_bench.Scanout.Unplug();
            VideoBench.Is(VideoResult.ENODEV, VideoBench.TryTake(device, 10));
            device.StreamOff();
            VideoBench.Is(VideoResult.ENODEV, device.StreamOn());
            int given;
            VideoBench.Is(VideoResult.Ok, device.RequestBuffers(0, VideoMemory.Mmap, out given));
            Assert.AreEqual(VideoBench.Pages, s_bench.FreePages);
        }

        [TestMethod]
        public void A_panel_gets_one_frame_after_the_other()
        {
            s_bench = new VideoBench(true);
            VideoOutputDevice device = s_bench.PanelOutput;
            s_bench.Prepare(device, 2);
            Assert.AreEqual(2 * VideoBench.FrameSize, s_bench.Memory.Cleaned);
            device.StreamOn();
            Assert.IsTrue(s_bench.Panel.Sending == device.QueryBuffer(0).Handle);
            s_bench.Panel.Finish(DmaResult.Done);
            Assert.IsTrue(s_bench.Panel.Sending == device.QueryBuffer(1).Handle);
            VideoBench.HasFlags(VideoBench.Take(device), VideoBufferFlags.Mapped);
            s_bench.Panel.Finish(DmaResult.BusError);
            VideoBench.HasFlags(VideoBench.Take(device), VideoBufferFlags.Mapped | VideoBufferFlags.Error);
            Assert.AreEqual(1L, device.Errors);
            Assert.AreEqual(0, s_bench.Memory.Discarded, "what the display only read is nobody's to discard");
            device.Queue(0);
            Assert.AreEqual(3 * VideoBench.FrameSize, s_bench.Memory.Cleaned);
        }

        [TestMethod]
        public void A_panel_that_is_done_before_the_call_returns_gets_the_rest()
        {
            s_bench = new VideoBench(false);
            VideoOutputDevice device = s_bench.PanelOutput;
            s_bench.Panel.IsImmediate = true;
            s_bench.Prepare(device, 5);
            device.StreamOn();
            Assert.AreEqual(5, s_bench.Panel.Sent);
            for (int i = 0; i < 5; i++)
            {
                Assert.AreEqual(i, VideoBench.Take(device).Index);
            }
        }

        [TestMethod]
        public void An_end_that_comes_while_the_next_frame_is_refused_is_not_missed()
        {
            s_bench = new VideoBench(false);
            VideoOutputDevice device = s_bench.PanelOutput;
            s_bench.Prepare(device, 2);
            device.StreamOff();
            device.Queue(0);
            device.StreamOn();
            s_bench.Panel.EndsWhileAsked = true;
            device.Queue(1);
            Assert.IsTrue(s_bench.Panel.Sending == device.QueryBuffer(1).Handle, "frame 1 waits for ever");
            Assert.AreEqual(0, VideoBench.Take(device).Index);
        }

        [TestMethod]
        public void StreamOff_aborts_the_frame_on_the_wire()
        {
            s_bench = new VideoBench(false);
            VideoOutputDevice device = s_bench.PanelOutput;
            s_bench.Prepare(device, 2);
            device.StreamOn();
            VideoBench.Is(VideoResult.Ok, device.StreamOff());
            Assert.IsFalse(s_bench.Panel.IsBusy);
            Assert.AreEqual(0L, device.Errors);
            VideoBench.HasFlags(device.QueryBuffer(0), VideoBufferFlags.Mapped);
            device.Queue(1);
            device.StreamOn();
            Assert.IsTrue(s_bench.Panel.Sending == device.QueryBuffer(1).Handle);
        }

        [TestMethod]
        public void A_panel_that_is_pulled_out_is_noticed_idle_or_busy()
        {
            for (int busy = 0; busy < 2; busy++)
            {
                s_bench = new VideoBench(false);
                VideoOutputDevice device = s_bench.PanelOutput;
                s_bench.Prepare(device, 2);
                device.StreamOn();
                if (busy == 0)
                {
                    s_bench.Panel.Finish(DmaResult.Done);
                    s_bench.Panel.Finish(DmaResult.Done);
                    s_bench.Panel.Unplug();
                    VideoBench.Take(device);
                    device.Queue(0);
                }
                else
                {
                    s_bench.Panel.Unplug();
                }
                Assert.IsTrue(device.IsRemoved);
                VideoBench.Is(VideoResult.Ok, VideoBench.TryTake(device, 10));
                VideoBench.Is(VideoResult.ENODEV, VideoBench.TryTake(device, 10));
            }
        }

        [TestMethod]
        public void A_format_is_the_displays()
        {
            s_bench = new VideoBench(false);
            VideoBench.Is(VideoResult.EINVAL, s_bench.Output.SetFormat(new VideoFormat(64, 32, PixelFormat.JPEG)));
            VideoBench.Is(VideoResult.EINVAL, s_bench.Output.SetFormat(new VideoFormat(64, 32, PixelFormat.GREY)));
            VideoBench.Is(VideoResult.EINVAL, s_bench.PanelOutput.SetFormat(new VideoFormat(32, 64, PixelFormat.RGB565)));
            VideoBench.Is(VideoResult.Ok, s_bench.Output.SetFormat(new VideoFormat(64, 32, PixelFormat.RGB565X)));
        }

        [TestMethod]
        public void A_callers_frame_has_a_frames_bytes()
        {
            s_bench = new VideoBench(true);
            VideoOutputDevice device = s_bench.Output;
            device.SetFormat(s_bench.Format);
            int given;
            device.RequestBuffers(2, VideoMemory.UserPtr, out given);
            VideoBench.Is(VideoResult.EINVAL, device.Queue(0, VideoBench.User, VideoBench.FrameSize, 100));
            VideoBench.Is(VideoResult.Ok, device.Queue(0, VideoBench.User, VideoBench.FrameSize, VideoBench.FrameSize));
            VideoBench.Is(VideoResult.Ok, device.Queue(1, VideoBench.User + 4096, VideoBench.FrameSize, 0));
            Assert.AreEqual(2 * VideoBench.FrameSize, s_bench.Memory.Cleaned);
            device.StreamOff();
            Assert.AreEqual(0, s_bench.Dma.MappingCount);
        }

        [TestMethod]
        public void Another_devices_buffer_is_cleaned_if_the_CPU_had_it()
        {
            s_bench = new VideoBench(true);
            VideoOutputDevice device = s_bench.Output;
            s_bench.Prepare(s_bench.Capture, 3);
            device.SetFormat(s_bench.Format);
            int given;
            VideoBench.Is(VideoResult.Ok, device.RequestBuffers(3, VideoMemory.Dmabuf, out given));
            s_bench.Capture.StreamOn();
            s_bench.Camera.Frame();
            VideoBuffer source = s_bench.Capture.QueryBuffer(0);
            VideoBench.Is(VideoResult.EINVAL, device.Queue(0, source));
            VideoBench.Take(s_bench.Capture);
            int cleaned = s_bench.Memory.Cleaned;
            VideoBench.Is(VideoResult.Ok, device.Queue(0, source));
            Assert.AreEqual(cleaned + VideoBench.FrameSize, s_bench.Memory.Cleaned);
            device.StreamOn();
            Assert.IsTrue(s_bench.Scanout.Shown == source.Handle);
            s_bench.Camera.Frame();
            VideoBench.Is(VideoResult.Ok, device.Queue(1, VideoBench.Take(s_bench.Capture)));
            s_bench.Scanout.Vsync();
            VideoBuffer done = VideoBench.Take(device);
            Assert.IsTrue(done.Index == 0 && done.Address == source.Address);
            VideoBench.Is(VideoResult.Ok, s_bench.Capture.Queue(0));
            Assert.AreEqual(cleaned + 2 * VideoBench.FrameSize, s_bench.Memory.Cleaned, "once for each frame");
        }

        [TestMethod]
        public void A_callers_memory_is_no_other_devices_buffer()
        {
            s_bench = new VideoBench(true);
            int given;
            s_bench.Capture.SetFormat(s_bench.Format);
            s_bench.Capture.RequestBuffers(2, VideoMemory.UserPtr, out given);
            s_bench.Capture.Queue(0, VideoBench.User, VideoBench.FrameSize, 0);
            s_bench.Capture.StreamOff();
            s_bench.Output.SetFormat(s_bench.Format);
            s_bench.Output.RequestBuffers(2, VideoMemory.Dmabuf, out given);
            VideoBench.Is(VideoResult.EINVAL, s_bench.Output.Queue(0, s_bench.Capture.QueryBuffer(0)));
        }

        [TestMethod]
        public void Another_devices_buffer_must_be_within_reach()
        {
            s_bench = new VideoBench(false);
            DmaDevice low = new DmaDevice("low", DmaEngines.General) { Mask = VideoBench.Start + 0x1000, Alignment = 32 };
            s_bench.Dma.Attach(low);
            var device = new VideoOutputDevice(s_bench.Scanout, low, s_bench.Dma, s_bench.Streaming, s_bench.Wait);
            device.SetFormat(s_bench.Format);
            int given;
            device.RequestBuffers(2, VideoMemory.Dmabuf, out given);
            s_bench.Prepare(s_bench.Capture, 3);
            s_bench.Capture.StreamOff();
            VideoBench.Is(VideoResult.EINVAL, device.Queue(0, s_bench.Capture.QueryBuffer(2)));
        }

        [TestMethod]
        public void A_display_that_is_none_is_refused()
        {
            s_bench = new VideoBench(false);
            Assert.ThrowsException(typeof(ArgumentNullException), () => new VideoOutputDevice((ScanoutDisplay)null, s_bench.DisplayDma,
                s_bench.Dma, s_bench.Streaming, s_bench.Wait));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new VideoOutputDevice((CommandDisplay)null, s_bench.DisplayDma,
                s_bench.Dma, s_bench.Streaming, s_bench.Wait));
        }
    }
}
