using System;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video
{
    /// <summary>Which pixel and which line a scaled picture shows where.</summary>
    [TestClass]
    public class LineScalerTests
    {
        private static LineScaler s_scaler;

        [TestMethod]
        [DataRow(4, 4, "0123")]
        [DataRow(4, 8, "00112233")]
        [DataRow(4, 12, "000111222333")]
        [DataRow(8, 4, "1357")]
        [DataRow(9, 3, "147")]
        [DataRow(4, 6, "011233")]
        [DataRow(6, 4, "0235")]
        [DataRow(3, 5, "00122")]
        [DataRow(5, 3, "024")]
        [DataRow(1, 4, "0000")]
        [DataRow(7, 1, "3")]
        public void Shows_the_nearest_pixel(int source, int target, string shown)
        {
            s_scaler = new LineScaler(source, source, target, target, ScaleFit.Letterbox);
            Assert.AreEqual(shown, Line());
            string lines = "";
            for (int y = 0; y < target; y++)
            {
                lines += s_scaler.SourceLine(y).ToString();
            }
            Assert.AreEqual(shown, lines);
        }

        [TestMethod]
        [DataRow(8, 4, 8, 8, 0, 2, 8, 4)]
        [DataRow(4, 8, 8, 8, 2, 0, 4, 8)]
        [DataRow(320, 240, 800, 480, 80, 0, 640, 480)]
        [DataRow(640, 360, 320, 240, 0, 30, 320, 180)]
        [DataRow(4096, 1, 16, 16, 0, 7, 16, 1)]
        [DataRow(1, 4096, 16, 16, 7, 0, 1, 16)]
        [DataRow(4096, 4096, 4096, 4096, 0, 0, 4096, 4096)]
        public void Letterbox_shows_all_of_it_in_the_middle(int sw, int sh, int tw, int th, int x, int y, int width, int height)
        {
            var scaler = new LineScaler(sw, sh, tw, th, ScaleFit.Letterbox);
            Assert.AreEqual(x, scaler.ShownX);
            Assert.AreEqual(y, scaler.ShownY);
            Assert.AreEqual(width, scaler.ShownWidth);
            Assert.AreEqual(height, scaler.ShownHeight);
            for (int line = 0; line < th; line++)
            {
                Assert.AreEqual(line < y || line >= y + height, scaler.SourceLine(line) < 0);
            }
            Assert.AreEqual(sh * 1 / (2 * height), scaler.SourceLine(y));
            Assert.AreEqual((2 * height - 1) * sh / (2 * height), scaler.SourceLine(y + height - 1));
        }

        [TestMethod]
        public void Fill_cuts_both_sides()
        {
            s_scaler = new LineScaler(8, 4, 4, 4, ScaleFit.Fill);
            Assert.AreEqual("2345", Line());
            Assert.AreEqual(0, s_scaler.SourceLine(0));
            Assert.AreEqual(3, s_scaler.SourceLine(3));
            s_scaler = new LineScaler(4, 8, 8, 8, ScaleFit.Fill);
            Assert.AreEqual("00112233", Line());
            Assert.AreEqual(2, s_scaler.SourceLine(0));
            Assert.AreEqual(5, s_scaler.SourceLine(7));
            s_scaler = new LineScaler(8, 4, 8, 8, ScaleFit.Fill);
            Assert.AreEqual("22334455", Line());
        }

        [TestMethod]
        public void Bars_are_left_alone()
        {
            s_scaler = new LineScaler(2, 4, 6, 4, ScaleFit.Letterbox);
            byte[] from = { 9, 10, 11, 20, 21 }, to = new byte[14];
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = 7;
            }
            s_scaler.Scale(from, 1, to, 1);
            CollectionAssert.AreEqual(new byte[] { 7, 7, 7, 7, 7, 10, 11, 20, 21, 7, 7, 7, 7, 7 }, to);
            s_scaler = new LineScaler(1, 2, 6, 4, ScaleFit.Letterbox);
            s_scaler.Scale(from, 3, to, 0);
            CollectionAssert.AreEqual(new byte[] { 7, 7, 7, 7, 20, 21, 20, 21, 21, 7, 7, 7, 7, 7 }, to);
        }

        [TestMethod]
        [DataRow(0, 4, 4, 4)]
        [DataRow(4, 0, 4, 4)]
        [DataRow(4, 4, 0, 4)]
        [DataRow(4, 4, 4, 0)]
        [DataRow(16385, 4, 4, 4)]
        [DataRow(4, int.MaxValue, 4, 4)]
        [DataRow(4, 4, -1, 4)]
        public void Refuses_sizes_that_no_picture_has(int sw, int sh, int tw, int th)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new LineScaler(sw, sh, tw, th, ScaleFit.Fill));
        }

        [TestMethod]
        public void Refuses_lines_that_are_not_there()
        {
            s_scaler = new LineScaler(4, 4, 8, 8, ScaleFit.Letterbox);
            byte[] from = new byte[8], to = new byte[16];
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new LineScaler(4, 4, 4, 4, (ScaleFit)2));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_scaler.SourceLine(-1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_scaler.SourceLine(8));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_scaler.Scale(from, 1, to, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_scaler.Scale(from, -1, to, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_scaler.Scale(from, 0, to, 1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_scaler.Scale(from, 0, new byte[14], 0));
        }

        /// <summary>The numbers of the source's pixels that a target line shows.</summary>
        private static string Line()
        {
            byte[] from = new byte[2 * s_scaler.SourceWidth], to = new byte[2 * s_scaler.TargetWidth];
            for (int x = 0; x < s_scaler.SourceWidth; x++)
            {
                from[2 * x] = (byte)x;
                from[2 * x + 1] = (byte)(100 + x);
            }
            s_scaler.Scale(from, 0, to, 0);
            string shown = "";
            for (int x = 0; x < s_scaler.TargetWidth; x++)
            {
                Assert.AreEqual(to[2 * x] + 100, (int)to[2 * x + 1]);
                shown += to[2 * x].ToString();
            }
            return shown;
        }
    }
}
