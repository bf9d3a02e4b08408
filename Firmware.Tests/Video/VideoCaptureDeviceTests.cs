using System;
using Carveout.Firmware.Tests.Video.Devices;
using Carveout.Video;
using Carveout.Video.Devices;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video
{
    /// <summary>Frames of a camera through V4L2's calls.</summary>
    [TestClass]
    public class VideoCaptureDeviceTests
    {
        private static VideoBench s_bench;
        private static VideoCaptureDevice s_device;

        [TestMethod]
        public void Frames_come_in_their_order_with_number_and_time()
        {
            New(false, 3);
            VideoBench.Is(VideoResult.Ok, s_device.StreamOn());
            Assert.AreEqual((int)VideoState.On, (int)s_device.State);
            s_bench.Camera.Frame();
            s_bench.Camera.Frame();
            VideoBuffer buffer = VideoBench.Take(s_device);
            Assert.AreEqual(0, buffer.Index);
            Assert.AreEqual(0, buffer.Sequence);
            Assert.AreEqual((long)FakeCamera.Period, buffer.Timestamp);
            Assert.AreEqual(VideoBench.FrameSize, buffer.BytesUsed);
            VideoBench.HasFlags(buffer, VideoBufferFlags.Mapped);
            VideoBench.HasFlags(s_device.QueryBuffer(1), VideoBufferFlags.Mapped | VideoBufferFlags.Done);
            VideoBench.HasFlags(s_device.QueryBuffer(2), VideoBufferFlags.Mapped | VideoBufferFlags.Queued);
            Assert.AreEqual(1, VideoBench.Take(s_device).Index);
            VideoBench.Is(VideoResult.EAGAIN, VideoBench.TryTake(s_device, 0));
            Assert.AreEqual(2L, s_device.Frames);
            Assert.AreEqual("camera", s_device.Name);
        }

        [TestMethod]
        public void The_camera_always_has_the_next_buffer_before_vsync()
        {
            New(false, 3);
            s_device.StreamOn();
            Assert.AreEqual(1, s_bench.Camera.QueuedCount);
            s_bench.Camera.BeginFrame();
            Assert.AreEqual(1, s_bench.Camera.QueuedCount);
            s_bench.Camera.EndFrame(VideoBench.FrameSize, FrameResult.Complete);
            s_bench.Camera.BeginFrame();
            Assert.AreEqual(1, s_bench.Camera.QueuedCount);
            s_bench.Camera.EndFrame(VideoBench.FrameSize, FrameResult.Complete);
            s_bench.Camera.BeginFrame();
            Assert.AreEqual(0, s_bench.Camera.QueuedCount, "two wait to be dequeued");
            s_device.Queue(VideoBench.Take(s_device).Index);
            Assert.AreEqual(1, s_bench.Camera.QueuedCount);
        }

        [TestMethod]
        public void Frames_that_find_no_buffer_count_as_dropped_and_keep_their_number()
        {
            New(false, 2);
            s_device.StreamOn();
            for (int i = 0; i < 5; i++)
            {
                s_bench.Camera.Frame();
            }
            Assert.AreEqual(3L, s_device.Dropped);
            Assert.AreEqual(0L, s_device.Recycled);
            Assert.AreEqual(0, VideoBench.Take(s_device).Sequence);
            s_device.Queue(0);
            s_bench.Camera.Frame();
            Assert.AreEqual(1, VideoBench.Take(s_device).Sequence);
            Assert.AreEqual(5, VideoBench.Take(s_device).Sequence);
        }

        [TestMethod]
        public void Grab_latest_recycles_the_oldest()
        {
            New(false, 3);
            s_device.Mode = CaptureMode.GrabLatest;
            s_device.StreamOn();
            for (int i = 0; i < 10; i++)
            {
                s_bench.Camera.Frame();
            }
            Assert.IsTrue(s_device.Dropped == s_device.Recycled && s_device.Recycled >= 7);
            VideoBuffer buffer = VideoBench.Take(s_device);
            Assert.IsTrue(buffer.Sequence >= 8, buffer.Sequence.ToString());
            VideoBuffer later = VideoBench.Take(s_device);
            Assert.IsTrue(later == null || later.Sequence == 9);
        }

        [TestMethod]
        public void Grab_latest_keeps_the_one_that_is_done_while_the_camera_has_another()
        {
            New(false, 2);
            s_device.Mode = CaptureMode.GrabLatest;
            s_device.StreamOn();
            s_bench.Camera.Frame();
            s_bench.Camera.BeginFrame();
            VideoBench.HasFlags(s_device.QueryBuffer(0), VideoBufferFlags.Mapped | VideoBufferFlags.Done);
            s_bench.Camera.EndFrame(VideoBench.FrameSize, FrameResult.Complete);
            Assert.AreEqual(1L, s_device.Recycled);
            Assert.AreEqual(1, VideoBench.Take(s_device).Sequence);
        }

        [TestMethod]
        public void Grab_latest_recycles_nothing_that_the_camera_has_no_room_for()
        {
            New(false, 5);
            s_device.Mode = CaptureMode.GrabLatest;
            s_device.StreamOn();
            for (int i = 0; i < 10; i++)
            {
                s_bench.Camera.Frame();
            }
            for (int i = 6; i < 10; i++)
            {
                Assert.AreEqual(i, VideoBench.Take(s_device).Sequence);
            }
            Assert.IsNull(VideoBench.Take(s_device));
            Assert.AreEqual(6L, s_device.Recycled);
        }

        [TestMethod]
        public void A_damaged_frame_is_flagged_until_it_is_queued_again()
        {
            New(false, 2);
            s_device.StreamOn();
            s_bench.Camera.BeginFrame();
            s_bench.Camera.EndFrame(1000, FrameResult.Overrun);
            VideoBuffer buffer = VideoBench.Take(s_device);
            VideoBench.HasFlags(buffer, VideoBufferFlags.Mapped | VideoBufferFlags.Error);
            Assert.AreEqual(1000, buffer.BytesUsed);
            Assert.AreEqual(1L, s_device.Errors);
            s_device.Queue(buffer.Index);
            VideoBench.HasFlags(buffer, VideoBufferFlags.Mapped | VideoBufferFlags.Queued);
            s_bench.Camera.BeginFrame();
            s_bench.Camera.EndFrame(0, FrameResult.BusError);
            Assert.AreEqual(2L, s_device.Errors);
        }

        [TestMethod]
        public void A_frame_that_says_to_be_longer_than_its_buffer_is_an_error()
        {
            New(false, 2);
            s_device.StreamOn();
            s_bench.Camera.BeginFrame();
            s_bench.Camera.EndFrame(1 << 20, FrameResult.Complete);
            VideoBuffer buffer = VideoBench.Take(s_device);
            VideoBench.HasFlags(buffer, VideoBufferFlags.Mapped | VideoBufferFlags.Error);
            Assert.IsTrue(buffer.BytesUsed <= buffer.Length);
            s_device.Queue(buffer.Index);
            s_bench.Camera.BeginFrame();
            s_bench.Camera.EndFrame(100, FrameResult.Overflow);
            Assert.AreEqual(2L, s_device.Errors);
        }

        [TestMethod]
        public void A_dequeue_waits_until_a_frame_comes_or_the_time_is_over()
        {
            New(false, 2);
            s_device.StreamOn();
            VideoBench.Is(VideoResult.ETIME, VideoBench.TryTake(s_device, 100));
            Assert.AreEqual(100000L, s_bench.Wait.Microseconds);
            s_bench.Wait.Next = () => s_bench.Camera.Frame();
            VideoBench.Is(VideoResult.Ok, VideoBench.TryTake(s_device, 100));
            Assert.AreEqual(101000L, s_bench.Wait.Microseconds);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => VideoBench.TryTake(s_device, -1));
        }

        [TestMethod]
        public void A_wake_for_somebody_else_does_not_end_the_wait()
        {
            New(false, 2);
            s_device.StreamOn();
            s_bench.Wait.Next = () => s_bench.Wait.Wake();
            VideoBench.Is(VideoResult.ETIME, VideoBench.TryTake(s_device, 100));
            Assert.AreEqual(100000L, s_bench.Wait.Microseconds);
            Assert.AreEqual(2, s_bench.Wait.Waits);
        }

        [TestMethod]
        public void A_lost_interrupt_is_found_when_the_time_is_over()
        {
            New(false, 2);
            s_device.StreamOn();
            s_bench.Camera.LosesInterrupt = true;
            s_bench.Camera.Frame();
            VideoBench.Is(VideoResult.EAGAIN, VideoBench.TryTake(s_device, 0));
            VideoBench.Is(VideoResult.Ok, VideoBench.TryTake(s_device, 10));
            Assert.AreEqual(1L, s_device.Recovered);
        }

        [TestMethod]
        public void A_pause_stops_the_camera_and_keeps_the_queue()
        {
            New(false, 3);
            VideoBench.Is(VideoResult.EINVAL, s_device.Pause());
            VideoBench.Is(VideoResult.EINVAL, s_device.Resume());
            s_device.StreamOn();
            s_bench.Camera.Frame();
            s_bench.Camera.BeginFrame();
            VideoBench.Is(VideoResult.Ok, s_device.Pause());
            VideoBench.Is(VideoResult.Ok, s_device.Pause());
            Assert.AreEqual((int)VideoState.Paused, (int)s_device.State);
            Assert.IsFalse(s_bench.Camera.IsStreaming);
            Assert.AreEqual(0, VideoBench.Take(s_device).Index);
            s_device.Queue(0);
            Assert.AreEqual(0, s_bench.Camera.QueuedCount);
            VideoBench.Is(VideoResult.Ok, s_device.Resume());
            s_bench.Camera.Frame();
            VideoBuffer buffer = VideoBench.Take(s_device);
            Assert.AreEqual(1, buffer.Index, "the one that was being filled goes first again");
            Assert.AreEqual(2, buffer.Sequence);
        }

        [TestMethod]
        public void A_camera_that_does_not_come_back_from_a_pause_stays_paused()
        {
            New(false, 2);
            s_device.StreamOn();
            s_device.Pause();
            s_bench.Camera.RefusesToStart = true;
            VideoBench.Is(VideoResult.EIO, s_device.StreamOn());
            Assert.AreEqual((int)VideoState.Paused, (int)s_device.State);
            s_bench.Camera.RefusesToStart = false;
            VideoBench.Is(VideoResult.Ok, s_device.StreamOn());
            s_bench.Camera.Frame();
            Assert.AreEqual(0, VideoBench.Take(s_device).Index);
        }

        [TestMethod]
        public void StreamOff_gives_every_buffer_back()
        {
            New(false, 4);
            s_device.StreamOn();
            s_bench.Camera.Frame();
            s_bench.Camera.BeginFrame();
            VideoBench.Is(VideoResult.Ok, s_device.StreamOff());
            Assert.IsFalse(s_bench.Camera.IsStreaming);
            for (int i = 0; i < 4; i++)
            {
                VideoBench.HasFlags(s_device.QueryBuffer(i), VideoBufferFlags.Mapped);
                VideoBench.Is(VideoResult.Ok, s_device.Queue(i));
            }
            VideoBench.Is(VideoResult.EINVAL, VideoBench.TryTake(s_device, 0));
            VideoBench.Is(VideoResult.Ok, s_device.StreamOff());
            VideoBench.HasFlags(s_device.QueryBuffer(0), VideoBufferFlags.Mapped);
            s_device.Queue(3);
            s_device.StreamOn();
            s_bench.Camera.Frame();
            VideoBuffer buffer = VideoBench.Take(s_device);
            Assert.AreEqual(3, buffer.Index);
            Assert.AreEqual(0, buffer.Sequence);
        }

        [TestMethod]
        public void A_stream_needs_buffers_and_a_camera_that_starts()
        {
            New(false, 0);
            VideoBench.Is(VideoResult.EINVAL, s_device.StreamOn());
            s_bench.Prepare(s_device, 2);
            s_bench.Camera.RefusesToStart = true;
            VideoBench.Is(VideoResult.EIO, s_device.StreamOn());
            Assert.AreEqual((int)VideoState.Off, (int)s_device.State);
            VideoBench.HasFlags(s_device.QueryBuffer(0), VideoBufferFlags.Mapped | VideoBufferFlags.Queued);
            s_bench.Camera.RefusesToStart = false;
            s_bench.Camera.IsPlugged = false;
            VideoBench.Is(VideoResult.ENODEV, s_device.StreamOn());
            s_bench.Camera.IsPlugged = true;
            VideoBench.Is(VideoResult.Ok, s_device.StreamOn());
            VideoBench.Is(VideoResult.Ok, s_device.StreamOn());
            Assert.AreEqual(1, s_bench.Camera.Starts);
            s_bench.Camera.Frame();
            Assert.AreEqual(0, VideoBench.Take(s_device).Index);
        }

        [TestMethod]
        public void A_camera_that_is_pulled_out_leaves_what_was_done()
        {
            New(false, 3);
            s_device.StreamOn();
            s_bench.Camera.Frame();
            s_bench.Camera.Unplug();
            Assert.IsTrue(s_device.IsRemoved);
            VideoBench.Is(VideoResult.Ok, VideoBench.TryTake(s_device, 0));
            VideoBench.Is(VideoResult.ENODEV, VideoBench.TryTake(s_device, 100));
            Assert.AreEqual(0L, s_bench.Wait.Microseconds, "nothing to wait for");
            VideoBench.Is(VideoResult.ENODEV, s_device.Queue(0));
            s_device.StreamOff();
            VideoBench.Is(VideoResult.ENODEV, s_device.StreamOn());
            s_bench.Camera.IsPlugged = true;
            s_device.Queue(0);
            VideoBench.Is(VideoResult.Ok, s_device.StreamOn());
            s_bench.Camera.Frame();
            Assert.AreEqual(0, VideoBench.Take(s_device).Index);
        }

        [TestMethod]
        public void A_removal_wakes_who_waits()
        {
            New(false, 2);
            s_device.StreamOn();
            s_bench.Wait.Next = () => s_bench.Camera.Unplug();
            VideoBench.Is(VideoResult.ENODEV, VideoBench.TryTake(s_device, 100));
            Assert.AreEqual(1000L, s_bench.Wait.Microseconds);
        }

        [TestMethod]
        public void A_device_that_is_none_is_refused()
        {
            New(false, 0);
            Assert.ThrowsException(typeof(ArgumentNullException), () => new VideoCaptureDevice(null, s_bench.CameraDma, s_bench.Dma,
                s_bench.Streaming, s_bench.Wait));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new VideoCaptureDevice(s_bench.Camera, null, s_bench.Dma,
                s_bench.Streaming, s_bench.Wait));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new VideoCaptureDevice(s_bench.Camera, s_bench.CameraDma, null,
                s_bench.Streaming, s_bench.Wait));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new VideoCaptureDevice(s_bench.Camera, s_bench.CameraDma, s_bench.Dma,
                null, s_bench.Wait));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new VideoCaptureDevice(s_bench.Camera, s_bench.CameraDma, s_bench.Dma,
                s_bench.Streaming, null));
            var loose = new Carveout.Memory.DmaDevice("loose", Carveout.Board.DmaEngines.General) { MaxSegment = 1 };
            Assert.ThrowsException(typeof(InvalidOperationException), () => new VideoCaptureDevice(s_bench.Camera, loose, s_bench.Dma,
                s_bench.Streaming, s_bench.Wait));
            s_bench.Dma.Attach(loose);
            Exception thrown = Thrown.By(() => new VideoCaptureDevice(s_bench.Camera, loose, s_bench.Dma, s_bench.Streaming, s_bench.Wait));
            Assert.IsTrue(thrown is ArgumentException);
            Assert.Contains("camera wants buffers at multiples of 4, DMA device 'loose' at multiples of 1", thrown.Message);
        }

        private static void New(bool cached, int buffers)
        {
            s_bench = new VideoBench(cached);
            s_device = s_bench.Capture;
            if (buffers != 0)
            {
                s_bench.Prepare(s_device, buffers);
            }
        }
    }
}
