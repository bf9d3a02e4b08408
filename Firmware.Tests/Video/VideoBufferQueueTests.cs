using System;
using Carveout.Firmware.Tests.Video.Devices;
using Carveout.Memory;
using Carveout.Video;
using Carveout.Video.Devices;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video
{
    /// <summary>Formats, requests, and whether CPU or device may access a buffer.</summary>
    [TestClass]
    public class VideoBufferQueueTests
    {
        private static VideoBench s_bench;
        private static VideoCaptureDevice s_device;

        [TestMethod]
        public void A_format_is_the_cameras_and_stays_while_there_are_buffers()
        {
            New(false);
            Assert.IsNull(s_device.Format);
            VideoBench.Is(VideoResult.EINVAL, s_device.SetFormat(new VideoFormat(32, 64, PixelFormat.RGB565)));
            VideoBench.Is(VideoResult.EINVAL, s_device.SetFormat(new VideoFormat(64, 32, PixelFormat.GREY)));
            VideoBench.Is(VideoResult.EINVAL, s_device.SetFormat(new VideoFormat(64, 32, PixelFormat.RGB565, 130)));
            VideoBench.Is(VideoResult.Ok, s_device.SetFormat(new VideoFormat(64, 32, PixelFormat.JPEG)));
            VideoBench.Is(VideoResult.Ok, s_device.SetFormat(new VideoFormat(64, 32, PixelFormat.YUYV)));
            VideoBench.Is(VideoResult.Ok, s_device.SetFormat(s_bench.Format));
            Assert.AreSame(s_bench.Format, s_device.Format);
            Request(2, VideoResult.Ok, 2);
            VideoBench.Is(VideoResult.EBUSY, s_device.SetFormat(s_bench.Format));
            Request(0, VideoResult.Ok, 0);
            VideoBench.Is(VideoResult.Ok, s_device.SetFormat(s_bench.Format));
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_device.SetFormat(null));
        }

        [TestMethod]
        public void A_request_gives_2_to_30_buffers_and_frees_those_before()
        {
            New(false);
            Request(4, VideoResult.EINVAL, 0);
            s_device.SetFormat(s_bench.Format);
            Request(1, VideoResult.Ok, 2);
            Assert.AreEqual(VideoBench.Pages - 2, s_bench.FreePages);
            Request(5, VideoResult.Ok, 5);
            Assert.AreEqual(VideoBench.Pages - 5, s_bench.FreePages);
            Assert.AreEqual(5 * VideoBench.FrameSize, (int)s_bench.Dma.BlockBytes);
            Request(31, VideoResult.Ok, 30);
            Assert.AreEqual(VideoBench.Pages - 30, s_bench.FreePages);
            Assert.AreEqual(37L, s_device.Buffers.Allocations);
            Assert.AreEqual(VideoBench.FrameSize, s_device.Buffers.BufferSize);
            Request(0, VideoResult.Ok, 0);
            Assert.AreEqual(VideoBench.Pages, s_bench.FreePages);
            Assert.AreEqual(0, s_bench.Dma.BlockCount);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => Request(-1, VideoResult.Ok, 0));
        }

        /// <summary>A frame that is larger than any block that the device may ask for counts as a lack of memory, not as misuse.</summary>
        [TestMethod]
        [DataRow((int)DmaTail.Exact, 640, 115, 116)]
        [DataRow((int)DmaTail.Keep, 2048, 1024, 1025)]
        [DataRow((int)DmaTail.Trim, 2048, 1024, 1025)]
        [DataRow((int)DmaTail.Pool, 64, 32, 33)]
        public void A_frame_that_no_block_holds_is_refused(int tail, int width, int most, int height)
        {
            s_bench = new VideoBench(false);
            DmaDevice dma = VideoBench.NewDevice("wide-dma", Carveout.Board.DmaEngines.General);
            s_bench.Dma.Attach(dma, (DmaTail)tail, tail == (int)DmaTail.Pool ? new ReservedPool("frames", VideoBench.User, 4096, 2) : null);
            Assert.IsTrue(Refuses(dma, width, height), "one line more");
            bool fits = tail == (int)DmaTail.Pool;
            Assert.AreEqual(!fits, Refuses(dma, width, most), "as large as one may ask for, whether there is so much or not");
        }

        private static bool Refuses(DmaDevice dma, int width, int height)
        {
            var camera = new FakeCamera("wide", width, height, 2 * width, FakeCamera.Period, 4);
            var device = new VideoCaptureDevice(camera, dma, s_bench.Dma, s_bench.Streaming, s_bench.Wait);
            VideoBench.Is(VideoResult.Ok, device.SetFormat(new VideoFormat(width, height, PixelFormat.RGB565)));
            VideoResult result = device.RequestBuffers(1, VideoMemory.Mmap, out int given);
            device.RequestBuffers(0, VideoMemory.Mmap, out int none);
            return given == 0 && result != VideoResult.Ok;
        }

        [TestMethod]
        public void A_request_while_it_streams_or_for_no_memory_is_refused()
        {
            New(false);
            s_bench.Prepare(s_device, 3);
            s_device.StreamOn();
            Request(0, VideoResult.EBUSY, 3);
            VideoBench.Is(VideoResult.EBUSY, s_device.SetFormat(s_bench.Format));
            s_device.Pause();
            Request(4, VideoResult.EBUSY, 3);
            s_device.StreamOff();
            int given;
            VideoBench.Is(VideoResult.EINVAL, s_device.RequestBuffers(2, 0, out given));
            Assert.AreEqual(3, given);
            Request(0, VideoResult.Ok, 0);
        }

        [TestMethod]
        public void A_request_takes_queued_buffers_back_first()
        {
            New(true);
            s_bench.Prepare(s_device, 3);
            Request(3, VideoResult.Ok, 3);
            VideoBench.HasFlags(s_device.QueryBuffer(0), VideoBufferFlags.Mapped);
            Assert.AreEqual(0, s_device.Buffers.QueuedCount);
            VideoBench.Is(VideoResult.Ok, s_device.StreamOn());
            Assert.AreEqual(0, s_bench.Camera.QueuedCount);
            s_device.Queue(2);
            Assert.AreEqual(1, s_device.Buffers.ActiveCount);
            s_device.StreamOff();
            int given;
            s_device.RequestBuffers(2, VideoMemory.UserPtr, out given);
            s_device.Queue(0, VideoBench.User, VideoBench.FrameSize, 0);
            Assert.AreEqual(1, s_bench.Dma.MappingCount);
            Request(0, VideoResult.Ok, 0);
            Assert.AreEqual(0, s_bench.Dma.MappingCount);
            Assert.AreEqual(0, s_device.Buffers.DoneCount + s_device.Buffers.QueuedCount);
        }

        [TestMethod]
        public void A_request_that_cannot_be_met_gives_back_what_it_got()
        {
            New(true);
            uint held = s_bench.Allocator.AllocPagesExact((VideoBench.Pages - 3) * VideoBench.FrameSize, GfpFlags.Dma, 0, VideoBench.FrameSize);
            s_device.SetFormat(s_bench.Format);
            Request(4, VideoResult.ENOBUFS, 0);
            Assert.AreEqual(3, s_bench.FreePages);
            Assert.AreEqual(0, s_bench.Dma.MappingCount);
            Request(3, VideoResult.Ok, 3);
            Request(4, VideoResult.ENOBUFS, 0);
            Assert.AreEqual(3, s_bench.FreePages);
            s_bench.Allocator.FreePages(held);
            Request(4, VideoResult.Ok, 4);
        }

        [TestMethod]
        public void A_frame_larger_than_any_zone_is_want_of_memory_and_no_mistake()
        {
            New(false);
            s_device.SetFormat(new VideoFormat(64, 32, PixelFormat.RGB565));
            var large = new FakeCamera("large", 640, 480, 1280, 33333, 4);
            var device = new VideoCaptureDevice(large, s_bench.CameraDma, s_bench.Dma, s_bench.Streaming, s_bench.Wait);
            VideoBench.Is(VideoResult.Ok, device.SetFormat(new VideoFormat(640, 480, PixelFormat.RGB565)));
            int given;
            VideoBench.Is(VideoResult.ENOBUFS, device.RequestBuffers(2, VideoMemory.Mmap, out given));
            Assert.AreEqual(0, given);
        }

        [TestMethod]
        public void A_buffer_can_be_looked_at_and_only_those_that_there_are()
        {
            New(false);
            Assert.Contains("buffer 0: expected RequestBuffers first", Thrown.By(() => s_device.QueryBuffer(0)).Message);
            s_device.SetFormat(s_bench.Format);
            Request(2, VideoResult.Ok, 2);
            VideoBuffer buffer = s_device.QueryBuffer(1);
            Assert.AreEqual(1, buffer.Index);
            Assert.AreEqual(VideoBench.FrameSize, buffer.Length);
            Assert.IsTrue(buffer.Address - VideoBench.Start < VideoBench.Pages * VideoBench.FrameSize && buffer.Handle == buffer.Address);
            VideoBench.HasFlags(buffer, VideoBufferFlags.Mapped);
            Assert.Contains("buffer 2: expected 0 to 1", Thrown.By(() => s_device.QueryBuffer(2)).Message);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_device.QueryBuffer(-1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_device.Queue(2));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_device.Queue(2, VideoBench.User, 4096, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_device.Queue(2, buffer));
        }

        [TestMethod]
        public void A_buffer_is_queued_once_and_as_what_it_is()
        {
            New(false);
            s_device.SetFormat(s_bench.Format);
            Request(2, VideoResult.Ok, 2);
            VideoBench.Is(VideoResult.Ok, s_device.Queue(0));
            VideoBench.Is(VideoResult.EINVAL, s_device.Queue(0));
            VideoBench.Is(VideoResult.EINVAL, s_device.Queue(1, VideoBench.User, 4096, 0));
            VideoBench.Is(VideoResult.EINVAL, s_device.Queue(1, s_device.QueryBuffer(0)));
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_device.Queue(1, null));
            s_device.StreamOn();
            s_bench.Camera.Frame();
            VideoBench.Is(VideoResult.EINVAL, s_device.Queue(0));
        }

        [TestMethod]
        public void Cached_memory_is_cleaned_when_it_is_queued_and_discarded_when_it_is_dequeued()
        {
            New(true);
            s_bench.Prepare(s_device, 3);
            Assert.IsFalse(s_device.Buffers.IsCoherent);
            Assert.AreEqual(3 * VideoBench.FrameSize, s_bench.Memory.Cleaned);
            s_device.StreamOn();
            s_bench.Camera.Frame();
            Assert.AreEqual(0, s_bench.Memory.Discarded, "nobody looks yet");
            VideoBuffer buffer = VideoBench.Take(s_device);
            Assert.AreEqual(VideoBench.FrameSize, s_bench.Memory.Discarded);
            s_device.Queue(buffer.Index);
            Assert.AreEqual(4 * VideoBench.FrameSize, s_bench.Memory.Cleaned);
            s_device.StreamOff();
            Assert.AreEqual(4 * VideoBench.FrameSize, s_bench.Memory.Discarded, "all three are the CPU's");
        }

        [TestMethod]
        public void Coherent_memory_needs_no_maintenance()
        {
            New(false);
            s_bench.Prepare(s_device, 3);
            Assert.IsTrue(s_device.Buffers.IsCoherent);
            s_device.StreamOn();
            s_bench.Camera.Frame();
            VideoBench.Take(s_device);
            s_device.StreamOff();
            Assert.AreEqual(0, s_bench.Memory.Cleaned + s_bench.Memory.Discarded);
            Assert.AreEqual(0L, s_bench.Dma.MappingsMade);
        }

        [TestMethod]
        public void A_callers_memory_is_mapped_as_long_as_it_is_queued()
        {
            New(true);
            s_device.SetFormat(s_bench.Format);
            int given;
            VideoBench.Is(VideoResult.Ok, s_device.RequestBuffers(3, VideoMemory.UserPtr, out given));
            Assert.AreEqual(VideoBench.Pages, s_bench.FreePages);
            VideoBench.HasFlags(s_device.QueryBuffer(0), VideoBufferFlags.None);
            VideoBench.Is(VideoResult.EINVAL, s_device.Queue(0));
            VideoBench.Is(VideoResult.EINVAL, s_device.Queue(0, VideoBench.User, VideoBench.FrameSize - 1, 0));
            VideoBench.Is(VideoResult.Ok, s_device.Queue(0, VideoBench.User, VideoBench.FrameSize, 0));
            VideoBench.Is(VideoResult.Ok, s_device.Queue(1, VideoBench.User + 4096, VideoBench.FrameSize, 0));
            Assert.AreEqual(2, s_bench.Dma.MappingCount);
            Assert.ThrowsException(typeof(InvalidOperationException), () => s_device.Queue(2, VideoBench.User, VideoBench.FrameSize, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_device.Queue(2, 0x1000, VideoBench.FrameSize, 0));
            VideoBench.HasFlags(s_device.QueryBuffer(2), VideoBufferFlags.None);
            s_device.StreamOn();
            s_bench.Camera.Frame();
            VideoBuffer buffer = VideoBench.Take(s_device);
            Assert.AreEqual((int)VideoBench.User, (int)buffer.Address);
            Assert.AreEqual(1, s_bench.Dma.MappingCount);
            Assert.AreEqual(VideoBench.FrameSize, s_bench.Memory.Discarded);
            s_device.StreamOff();
            Assert.AreEqual(0, s_bench.Dma.MappingCount);
        }

        [TestMethod]
        public void A_callers_memory_that_cannot_be_mapped_is_ENOBUFS()
        {
            New(true);
            s_device.SetFormat(s_bench.Format);
            int given;
            s_device.RequestBuffers(3, VideoMemory.UserPtr, out given);
            for (int i = 0; i < VideoBench.Mappings; i++)
            {
                s_bench.Streaming.MapSingle(s_bench.DisplayDma, VideoBench.User + 0x20000 + (uint)i * 32, 32, DmaDirection.ToDevice);
            }
            VideoBench.Is(VideoResult.ENOBUFS, s_device.Queue(0, VideoBench.User, VideoBench.FrameSize, 0));
            VideoBench.HasFlags(s_device.QueryBuffer(0), VideoBufferFlags.None);
        }

        private static void New(bool cached)
        {
            s_bench = new VideoBench(cached);
            s_device = s_bench.Capture;
        }

        private static void Request(int count, VideoResult expected, int expectedCount)
        {
            int given;
            VideoBench.Is(expected, s_device.RequestBuffers(count, VideoMemory.Mmap, out given));
            Assert.AreEqual(expectedCount, given);
            Assert.AreEqual(expectedCount, s_device.Buffers.Count);
        }
    }
}
