using System;
using Carveout.Board;
using Carveout.Video.Devices;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video.Devices
{
    /// <summary>What every camera refuses before it does anything, and what it accepts.</summary>
    [TestClass]
    public class CameraTests
    {
        private const uint Buffer = 0xC0000000;
        private const int FrameSize = 640 * 240;

        private static FakeCamera Qvga()
        {
            return new FakeCamera("ov2640", 320, 240, 640, 33333, 4);
        }

        [TestMethod]
        public void A_camera_says_what_its_frames_need()
        {
            FakeCamera camera = Qvga();
            Assert.AreEqual("ov2640", camera.Name);
            Assert.AreEqual(320, camera.Width);
            Assert.AreEqual(240, camera.Height);
            Assert.AreEqual(640, camera.LineSize);
            Assert.AreEqual(FrameSize, camera.FrameSize);
            Assert.AreEqual(33333, camera.FramePeriod);
            Assert.AreEqual(4, camera.Alignment);
        }

        [TestMethod]
        public void It_starts_once_and_again_after_a_stop()
        {
            FakeCamera camera = Qvga();
            Assert.IsTrue(camera.Start(new DeafCameraListener()));
            Assert.Contains("ov2640 streams already", Thrown.By(() => camera.Start(new DeafCameraListener())).Message);
            camera.Stop();
            Assert.IsTrue(camera.Start(new DeafCameraListener()));
            Assert.AreEqual(2, camera.Starts);
            Assert.ThrowsException(typeof(ArgumentNullException), () => camera.Start(null));
        }

        [TestMethod]
        public void One_that_does_not_answer_starts_nothing_and_takes_nothing()
        {
            FakeCamera camera = Qvga();
            camera.IsPlugged = false;
            Assert.IsFalse(camera.Start(new DeafCameraListener()));
            Assert.IsFalse(camera.QueueBuffer(Buffer, FrameSize, 0));
            Assert.AreEqual(0, camera.Starts + camera.QueuedCount);
        }

        [TestMethod]
        public void It_takes_as_many_buffers_as_it_has_places()
        {
            FakeCamera camera = Qvga();
            camera.Depth = 2;
            Assert.IsTrue(camera.QueueBuffer(Buffer, FrameSize, 0));
            Assert.IsTrue(camera.QueueBuffer(Buffer, FrameSize + 4096, 0));
            Assert.IsFalse(camera.QueueBuffer(Buffer, FrameSize, 0));
            Assert.AreEqual(2, camera.QueuedCount);
        }

        [TestMethod]
        public void A_buffer_that_cannot_hold_a_frame_is_refused_by_address()
        {
            FakeCamera camera = Qvga();
            Exception thrown = Thrown.By(() => camera.QueueBuffer(Buffer, FrameSize - 4, 0));
            Assert.IsTrue(thrown.GetType() == typeof(ArgumentException), thrown.Message);
            Assert.Contains("153596 bytes at " + HexText.Of(Buffer) + ": expected at least the 153600 bytes", thrown.Message);
            Assert.Contains("multiples of 4", Thrown.By(() => camera.QueueBuffer(Buffer + 2, FrameSize, 0)).Message);
            Assert.Contains("multiples of 4", Thrown.By(() => camera.QueueBuffer(Buffer, FrameSize + 2, 0)).Message);
            Assert.Contains("not at 0", Thrown.By(() => camera.QueueBuffer(0, FrameSize, 0)).Message);
            Assert.Contains("below 4 GiB", Thrown.By(() => camera.QueueBuffer(0xFFFFFFFC, FrameSize, 0)).Message);
            Assert.AreEqual(0, camera.QueuedCount);
        }

        [TestMethod]
        public void A_camera_that_is_none_is_refused()
        {
            Assert.Contains("0 x 240", Thrown.By(() => new FakeCamera("ov2640", 0, 240, 640, 33333, 4)).Message);
            Assert.Contains("320 x 0", Thrown.By(() => new FakeCamera("ov2640", 320, 0, 640, 33333, 4)).Message);
            Assert.Contains("0 bytes a line", Thrown.By(() => new FakeCamera("ov2640", 320, 240, 0, 33333, 4)).Message);
            Assert.Contains("65536 bytes a line", Thrown.By(() => new FakeCamera("ov2640", 320, 65536, 65536, 33333, 4)).Message);
            Assert.Contains("0 microseconds", Thrown.By(() => new FakeCamera("ov2640", 320, 240, 640, 0, 4)).Message);
            Assert.Contains("6: expected a power of two", Thrown.By(() => new FakeCamera("ov2640", 320, 240, 640, 33333, 6)).Message);
        }
    }
}
