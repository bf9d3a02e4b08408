using System;
using Carveout.Board;
using Carveout.Video.Devices;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video.Devices
{
    /// <summary>What every display refuses before it does anything, and what it accepts.</summary>
    [TestClass]
    public class DisplayTests
    {
        private const uint A = 0xC0000000, B = 0xC0100000;
        private const int FrameSize = 640 * 240;

        private static FakeScanout Scanout()
        {
            return new FakeScanout("ltdc", 320, 240, 640, 64, 16666);
        }

        private static FakePanel Panel()
        {
            return new FakePanel("ili9341", 320, 240, 640, 4);
        }

        private static bool Send(FakePanel display, uint address)
        {
            return display.Send(address, 0, new DeafCommandListener());
        }

        [TestMethod]
        public void A_display_says_what_its_frames_need()
        {
            FakeScanout display = Scanout();
            Assert.AreEqual("ltdc", display.Name);
            Assert.AreEqual(320, display.Width);
            Assert.AreEqual(240, display.Height);
            Assert.AreEqual(640, display.LineSize);
            Assert.AreEqual(FrameSize, display.FrameSize);
            Assert.AreEqual(64, display.Alignment);
            Assert.AreEqual(16666, display.RefreshPeriod);
        }

        [TestMethod]
        public void A_scan_starts_once_and_again_after_a_stop()
        {
            FakeScanout display = Scanout();
            Assert.IsTrue(display.Start(A, 0, new DeafScanoutListener()));
            Assert.Contains("ltdc runs already, with the buffer at " + HexText.Of(A),
                Thrown.By(() => display.Start(B, 0, new DeafScanoutListener())).Message);
            Assert.AreEqual(A, display.Shown);
            display.Stop();
            Assert.IsTrue(display.Start(B, 0, new DeafScanoutListener()));
            Assert.ThrowsException(typeof(ArgumentNullException), () => Scanout().Start(A, 0, null));
        }

        [TestMethod]
        public void Another_buffer_waits_alone_and_the_shown_one_need_not()
        {
            FakeScanout display = Scanout();
            Assert.IsFalse(display.Show(A, 0), "it does not run");
            display.Start(A, 0, new DeafScanoutListener());
            Assert.IsTrue(display.Show(A, 0));
            Assert.AreEqual(0u, display.Pending);
            Assert.IsTrue(display.Show(B, 0));
            Assert.AreEqual(B, display.Pending);
            Assert.IsFalse(display.Show(A, 0));
            Assert.AreEqual(B, display.Pending);
        }

        [TestMethod]
        public void A_buffer_that_it_cannot_read_is_refused_by_address()
        {
            FakeScanout display = Scanout();
            Assert.Contains(HexText.Of(A + 32) + ": expected a multiple of 64",
                Thrown.By(() => display.Start(A + 32, 0, new DeafScanoutListener())).Message);
            Assert.IsFalse(display.IsRunning);
            display.Start(A, 0, new DeafScanoutListener());
            Assert.Contains("not 0", Thrown.By(() => display.Show(0, 0)).Message);
            Assert.Contains("below 4 GiB", Thrown.By(() => display.Show(0xFFFFFFC0, 0)).Message);
            Assert.AreEqual(0u, display.Pending);
            // The last frame of the address space ends at its end.
            Assert.IsTrue(display.Show(0xFFFDA800, 0));
        }

        [TestMethod]
        public void One_that_does_not_answer_starts_nothing()
        {
            FakeScanout scanout = Scanout();
            scanout.IsPlugged = false;
            Assert.IsFalse(scanout.Start(A, 0, new DeafScanoutListener()));
            Assert.IsFalse(scanout.IsRunning);
            FakePanel command = Panel();
            command.IsPlugged = false;
            Assert.IsFalse(Send(command, A));
            Assert.AreEqual(0u, command.Sending);
        }

        [TestMethod]
        public void A_frame_is_sent_when_the_one_before_is_over()
        {
            FakePanel display = Panel();
            Assert.IsTrue(Send(display, A));
            Assert.IsFalse(Send(display, B));
            display.Abort();
            display.Poll();
            Assert.IsTrue(Send(display, B));
            Assert.AreEqual(B, display.Sending);
        }

        [TestMethod]
        public void A_frame_that_it_cannot_send_is_refused_by_address()
        {
            FakePanel display = Panel();
            Assert.Contains(HexText.Of(A + 1) + ": expected a multiple of 4", Thrown.By(() => Send(display, A + 1)).Message);
            Assert.ThrowsException(typeof(ArgumentNullException), () => display.Send(A, 0, null));
            Assert.AreEqual(0u, display.Sending);
        }

        [TestMethod]
        public void A_display_that_is_none_is_refused()
        {
            Assert.Contains("0 x 240", Thrown.By(() => new FakeScanout("ltdc", 0, 240, 640, 64, 16666)).Message);
            Assert.Contains("0 bytes a line", Thrown.By(() => new FakeScanout("ltdc", 320, 240, 0, 64, 16666)).Message);
            Assert.Contains("48: expected a power of two", Thrown.By(() => new FakeScanout("ltdc", 320, 240, 640, 48, 16666)).Message);
            Assert.Contains("0 microseconds a refresh", Thrown.By(() => new FakeScanout("ltdc", 320, 240, 640, 64, 0)).Message);
        }
    }
}
