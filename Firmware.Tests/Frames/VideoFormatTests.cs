using System;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video
{
    /// <summary>Strides and sizes of formats, and formats that are not possible.</summary>
    [TestClass]
    public class VideoFormatTests
    {
        private static VideoFormat s_format;

        [TestMethod]
        public void Formats_of_the_same_layout_are_equal()
        {
            var format = new VideoFormat(320, 240, PixelFormat.YUYV);
            object other = new VideoFormat(320, 240, PixelFormat.YUYV, 640);
            Assert.IsTrue(format.Equals(other) && other.Equals(format));
            Assert.IsTrue(format == (VideoFormat)other && !(format != (VideoFormat)other));
            Assert.IsTrue(format != null && null != format && (VideoFormat)null == null);
            Assert.AreEqual(format.GetHashCode(), other.GetHashCode());
            Assert.IsFalse(format.Equals(new VideoFormat(322, 240, PixelFormat.YUYV)));
            Assert.IsFalse(format.Equals(new VideoFormat(320, 242, PixelFormat.YUYV)));
            Assert.IsFalse(format.Equals(new VideoFormat(320, 240, PixelFormat.RGB565)));
            Assert.IsFalse(format.Equals(new VideoFormat(320, 240, PixelFormat.YUYV, 644)));
            Assert.IsFalse(format.Equals(null));
            Assert.IsFalse(format.Equals("320x240"));
        }

        [TestMethod]
        [DataRow(320, 240, (int)PixelFormat.RGB565, 640, 153600)]
        [DataRow(320, 240, (int)PixelFormat.RGB565X, 640, 153600)]
        [DataRow(320, 240, (int)PixelFormat.YUYV, 640, 153600)]
        [DataRow(320, 240, (int)PixelFormat.YUV420, 320, 115200)]
        [DataRow(320, 240, (int)PixelFormat.GREY, 320, 76800)]
        [DataRow(320, 240, (int)PixelFormat.JPEG, 0, 15360)]
        [DataRow(800, 480, (int)PixelFormat.RGB565, 1600, 768000)]
        [DataRow(1, 1, (int)PixelFormat.RGB565, 2, 2)]
        [DataRow(1, 1, (int)PixelFormat.GREY, 1, 1)]
        [DataRow(2, 1, (int)PixelFormat.YUYV, 4, 4)]
        [DataRow(2, 2, (int)PixelFormat.YUV420, 2, 6)]
        [DataRow(1, 1, (int)PixelFormat.JPEG, 0, 1)]
        [DataRow(320, 240, (int)PixelFormat.RGB888, 960, 230400)]
        [DataRow(320, 240, (int)PixelFormat.XRGB8888, 1280, 307200)]
        [DataRow(320, 240, (int)PixelFormat.ARGB8888, 1280, 307200)]
        [DataRow(320, 240, (int)PixelFormat.UYVY, 640, 153600)]
        [DataRow(1280, 720, (int)PixelFormat.NV12, 1280, 1382400)]
        [DataRow(640, 480, (int)PixelFormat.SBGGR8, 640, 307200)]
        [DataRow(640, 480, (int)PixelFormat.SGBRG8, 640, 307200)]
        [DataRow(640, 480, (int)PixelFormat.SGRBG8, 640, 307200)]
        [DataRow(640, 480, (int)PixelFormat.SRGGB8, 640, 307200)]
        [DataRow(640, 480, (int)PixelFormat.SBGGR10, 1280, 614400)]
        [DataRow(640, 480, (int)PixelFormat.SGBRG10, 1280, 614400)]
        [DataRow(640, 480, (int)PixelFormat.SGRBG10, 1280, 614400)]
        [DataRow(640, 480, (int)PixelFormat.SRGGB10, 1280, 614400)]
        [DataRow(1280, 720, (int)PixelFormat.SBGGR10P, 1600, 1152000)]
        [DataRow(1280, 720, (int)PixelFormat.SGBRG10P, 1600, 1152000)]
        [DataRow(1280, 720, (int)PixelFormat.SGRBG10P, 1600, 1152000)]
        [DataRow(1280, 720, (int)PixelFormat.SRGGB10P, 1600, 1152000)]
        [DataRow(1, 1, (int)PixelFormat.RGB888, 3, 3)]
        [DataRow(2, 2, (int)PixelFormat.NV12, 2, 6)]
        [DataRow(2, 2, (int)PixelFormat.SRGGB8, 2, 4)]
        [DataRow(4, 2, (int)PixelFormat.SRGGB10P, 5, 10)]
        [DataRow(16384, 16384, (int)PixelFormat.ARGB8888, 65536, 1073741824)]
        [DataRow(16384, 16384, (int)PixelFormat.YUYV, 32768, 536870912)]
        [DataRow(16384, 16384, (int)PixelFormat.YUV420, 16384, 402653184)]
        [DataRow(16384, 16384, (int)PixelFormat.JPEG, 0, 53687092)]
        public void Lines_follow_each_other_without_a_gap(int width, int height, int pixelFormat, int stride, int size)
        {
            PixelFormat pixels = (PixelFormat)pixelFormat;
            var format = new VideoFormat(width, height, pixels);
            Assert.AreEqual(width, format.Width);
            Assert.AreEqual(height, format.Height);
            Assert.IsTrue(pixels == format.PixelFormat);
            Assert.AreEqual(stride, format.BytesPerLine);
            Assert.AreEqual(stride, format.LineSize);
            Assert.AreEqual(size, format.SizeImage);
        }

        [TestMethod]
        [DataRow((int)PixelFormat.RGB565, 1024, 245760)]
        [DataRow((int)PixelFormat.YUYV, 1024, 245760)]
        [DataRow((int)PixelFormat.GREY, 321, 77040)]
        [DataRow((int)PixelFormat.YUV420, 384, 138240)]
        [DataRow((int)PixelFormat.YUV420, 322, 115920)]
        [DataRow((int)PixelFormat.NV12, 384, 138240)]
        [DataRow((int)PixelFormat.SRGGB10P, 416, 99840)]
        public void Lines_may_be_padded(int pixelFormat, int stride, int size)
        {
            PixelFormat pixels = (PixelFormat)pixelFormat;
            var format = new VideoFormat(320, 240, pixels, stride);
            Assert.AreEqual(stride, format.BytesPerLine);
            Assert.AreEqual(size, format.SizeImage);
            Assert.AreEqual(new VideoFormat(320, 240, pixels).BytesPerLine, format.LineSize);
        }

        [TestMethod]
        public void Size_of_a_compressed_picture_is_an_estimate_or_the_callers()
        {
            var estimated = new VideoFormat(320, 240, PixelFormat.JPEG);
            Assert.IsTrue(estimated.IsEstimate);
            Assert.AreEqual("320x240 JPEG, 0 bytes a line, 15360 bytes, an estimate", estimated.ToString());
            VideoFormat sized = VideoFormat.Compressed(320, 240, 49152);
            Assert.IsFalse(sized.IsEstimate);
            Assert.AreEqual(49152, sized.SizeImage);
            Assert.IsFalse(sized == estimated);
            Assert.IsTrue(sized == VideoFormat.Compressed(320, 240, 49152));
            Assert.IsFalse(new VideoFormat(320, 240, PixelFormat.GREY).IsEstimate);
            Thrown.As(typeof(ArgumentOutOfRangeException), () => VideoFormat.Compressed(320, 240, 0), new[] { "0 bytes for a JPEG" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => VideoFormat.Compressed(320, 240, int.MaxValue), new[] { "expected 1 to 33554432" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => VideoFormat.Compressed(0, 240, 100), new[] { "expected a width" });
        }

        [TestMethod]
        public void Planes_follow_each_other()
        {
            s_format = new VideoFormat(320, 240, PixelFormat.YUV420, 384);
            Assert.AreEqual(384 * 240, s_format.UOffset);
            Assert.AreEqual(384 * 240 + 192 * 120, s_format.VOffset);
            Assert.AreEqual(s_format.VOffset + 192 * 120, s_format.SizeImage);
            Assert.AreEqual(192, s_format.ChromaBytesPerLine);
            s_format = new VideoFormat(320, 240, PixelFormat.NV12, 384);
            Assert.AreEqual(384 * 240, s_format.UOffset);
            Assert.AreEqual(384 * 240 + 1, s_format.VOffset);
            Assert.AreEqual(s_format.UOffset + 384 * 120, s_format.SizeImage);
            Assert.AreEqual(384, s_format.ChromaBytesPerLine);
            s_format = new VideoFormat(16384, 16384, PixelFormat.NV12, 65536);
            Assert.AreEqual(1073741824, s_format.UOffset);
            Assert.AreEqual(1610612736, s_format.SizeImage);
            s_format = new VideoFormat(320, 240, PixelFormat.YUYV);
            Assert.AreEqual(0, s_format.ChromaBytesPerLine);
            Assert.ThrowsException(typeof(InvalidOperationException), () => s_format.UOffset.ToString());
            Assert.Contains("320x240 YUYV", Thrown.By(() => s_format.VOffset.ToString()).Message);
        }

        [TestMethod]
        [DataRow(0, 240, (int)PixelFormat.RGB565)]
        [DataRow(-2, 240, (int)PixelFormat.RGB565)]
        [DataRow(320, 0, (int)PixelFormat.GREY)]
        [DataRow(320, -1, (int)PixelFormat.GREY)]
        [DataRow(16385, 240, (int)PixelFormat.GREY)]
        [DataRow(320, 16385, (int)PixelFormat.JPEG)]
        [DataRow(int.MaxValue, int.MaxValue, (int)PixelFormat.GREY)]
        [DataRow(0x40000001, 240, (int)PixelFormat.RGB565)]
        [DataRow(321, 240, (int)PixelFormat.YUYV)]
        [DataRow(321, 240, (int)PixelFormat.YUV420)]
        [DataRow(320, 241, (int)PixelFormat.YUV420)]
        [DataRow(321, 240, (int)PixelFormat.UYVY)]
        [DataRow(321, 240, (int)PixelFormat.NV12)]
        [DataRow(320, 241, (int)PixelFormat.NV12)]
        [DataRow(321, 240, (int)PixelFormat.SRGGB8)]
        [DataRow(320, 241, (int)PixelFormat.SRGGB10)]
        [DataRow(322, 240, (int)PixelFormat.SRGGB10P)]
        public void Refuses_sizes_that_no_picture_has(int width, int height, int pixelFormat)
        {
            PixelFormat pixels = (PixelFormat)pixelFormat;
            Exception e = Thrown.By(() => new VideoFormat(width, height, pixels));
            Assert.IsTrue(e.GetType() == typeof(ArgumentOutOfRangeException));
            Assert.Contains(width.ToString() + "x" + height.ToString() + " " + VideoFormat.NameOf(pixels) + ": ", e.Message);
            Assert.Contains("expected a", e.Message);
        }

        [TestMethod]
        [DataRow((int)PixelFormat.RGB565, 639)]
        [DataRow((int)PixelFormat.RGB565, 638)]
        [DataRow((int)PixelFormat.RGB565, 641)]
        [DataRow((int)PixelFormat.YUYV, 642)]
        [DataRow((int)PixelFormat.YUV420, 321)]
        [DataRow((int)PixelFormat.GREY, 319)]
        [DataRow((int)PixelFormat.GREY, 65537)]
        [DataRow((int)PixelFormat.RGB888, 959)]
        [DataRow((int)PixelFormat.XRGB8888, 1282)]
        [DataRow((int)PixelFormat.NV12, 321)]
        [DataRow((int)PixelFormat.SRGGB10, 641)]
        [DataRow((int)PixelFormat.SRGGB10P, 399)]
        [DataRow((int)PixelFormat.GREY, int.MaxValue)]
        [DataRow((int)PixelFormat.JPEG, 1)]
        [DataRow((int)PixelFormat.JPEG, -1)]
        public void Refuses_lines_that_are_too_short_or_not_aligned(int pixelFormat, int stride)
        {
            PixelFormat pixels = (PixelFormat)pixelFormat;
            Exception e = Thrown.By(() => new VideoFormat(320, 240, pixels, stride));
            Assert.IsTrue(e.GetType() == typeof(ArgumentOutOfRangeException));
            Assert.Contains(stride.ToString() + " bytes per line, expected ", e.Message);
        }

        [TestMethod]
        public void Refuses_a_pixel_format_that_is_none()
        {
            Assert.Contains("0: expected the four-character code of a PixelFormat", Thrown.By(() => new VideoFormat(320, 240, 0)).Message);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => VideoFormat.NameOf((PixelFormat)1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => VideoFormat.Nearest(320, 240, (PixelFormat)1, 1));
        }

        [TestMethod]
        [DataRow(321, 241, (int)PixelFormat.YUV420, 1, 320, 240, 320)]
        [DataRow(321, 241, (int)PixelFormat.YUYV, 64, 320, 241, 640)]
        [DataRow(100, 10, (int)PixelFormat.RGB565, 64, 100, 10, 256)]
        [DataRow(321, 241, (int)PixelFormat.GREY, 32, 321, 241, 352)]
        [DataRow(0, -5, (int)PixelFormat.YUV420, 1, 2, 2, 2)]
        [DataRow(int.MaxValue, int.MinValue, (int)PixelFormat.YUYV, 1, 16384, 1, 32768)]
        [DataRow(16384, 16384, (int)PixelFormat.ARGB8888, 1024, 16384, 16384, 65536)]
        [DataRow(321, 241, (int)PixelFormat.RGB888, 64, 321, 241, 1024)]
        [DataRow(1279, 719, (int)PixelFormat.NV12, 64, 1278, 718, 1280)]
        [DataRow(1279, 719, (int)PixelFormat.SRGGB10P, 32, 1276, 718, 1600)]
        [DataRow(5, 7, (int)PixelFormat.JPEG, 1024, 5, 7, 0)]
        public void Try_gives_the_nearest_format(int width, int height, int pixelFormat, int align, int across, int down, int stride)
        {
            PixelFormat pixels = (PixelFormat)pixelFormat;
            VideoFormat format = VideoFormat.Nearest(width, height, pixels, align);
            Assert.AreEqual(across, format.Width);
            Assert.AreEqual(down, format.Height);
            Assert.AreEqual(stride, format.BytesPerLine);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(3)]
        [DataRow(-4)]
        [DataRow(2048)]
        public void Try_refuses_an_alignment_that_is_no_power_of_two(int alignment)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => VideoFormat.Nearest(320, 240, PixelFormat.GREY, alignment));
        }

        [TestMethod]
        public void Says_what_it_is()
        {
            Assert.AreEqual("320x240 YUYV, 640 bytes a line, 153600 bytes", new VideoFormat(320, 240, PixelFormat.YUYV).ToString());
        }
    }
}
