using System;
using Carveout.Board;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video
{
    /// <summary>Whole frames, converted and scaled within physical memory.</summary>
    [TestClass]
    public class FrameConverterTests
    {
        private const uint Start = 0xC0000000, Target = 0xC0004000;
        private const byte Untouched = 0x5A;

        private static readonly ManagedMemory s_memory = new ManagedMemory(Start, 64 * 1024);
        private static FrameConverter s_converter;

        [TestMethod]
        public void Yuv420_shares_a_line_of_chroma_between_two()
        {
            // Red over blue, with padding: four pixels share each chroma sample.
            var source = new VideoFormat(4, 4, PixelFormat.YUV420, 6);
            byte[] image =
            {
                81, 81, 81, 81, 1, 1, 81, 81, 81, 81, 1, 1, 41, 41, 41, 41, 1, 1, 41, 41, 41, 235, 1, 1,
                90, 90, 1, 240, 240, 1, 240, 240, 1, 110, 110, 1,
            };
            ConvertWhole(source, image, new VideoFormat(4, 4, PixelFormat.RGB565, 10));
            Line(0, 0xF800, 0xF800, 0xF800, 0xF800);
            Line(1, 0xF800, 0xF800, 0xF800, 0xF800);
            Line(2, 0x001F, 0x001F, 0x001F, 0x001F);
            Assert.AreEqual(0x001F, PixelAt(3, 2));
            Assert.AreNotEqual(0x001F, PixelAt(3, 3));
            Assert.AreEqual((int)Untouched, PixelAt(0, 4) & 0xFF, "padding");
        }

        [TestMethod]
        public void Nv12_is_read_from_two_planes()
        {
            // As above: red over blue, with padding.
            var source = new VideoFormat(4, 4, PixelFormat.NV12, 6);
            byte[] image =
            {
                81, 81, 81, 81, 1, 1, 81, 81, 81, 81, 1, 1, 41, 41, 41, 41, 1, 1, 41, 41, 41, 235, 1, 1,
                90, 240, 90, 240, 1, 1, 240, 110, 240, 110, 1, 1,
            };
            ConvertWhole(source, image, new VideoFormat(4, 4, PixelFormat.RGB565));
            Line(1, 0xF800, 0xF800, 0xF800, 0xF800);
            Line(2, 0x001F, 0x001F, 0x001F, 0x001F);
            Assert.AreNotEqual(0x001F, PixelAt(3, 3));
        }

        [TestMethod]
        public void Uyvy_and_colours_of_eight_bits()
        {
            s_memory.Write(Start, new byte[] { 90, 81, 240, 16 }, 0, 4);
            AssertConverted(new VideoFormat(2, 1, PixelFormat.UYVY), new VideoFormat(2, 1, PixelFormat.RGB565), ScaleFit.Fill);
            Assert.AreEqual(0xF800, PixelAt(0, 0));
            Assert.AreNotEqual(0xF800, PixelAt(0, 1));
            s_memory.Write(Start, new byte[] { 0x2F, 0x93, 0xF8, 0xFF, 0xFF, 0xFF, 9, 9 }, 0, 8);
            AssertConverted(new VideoFormat(2, 1, PixelFormat.RGB888, 8), new VideoFormat(2, 1, PixelFormat.RGB565), ScaleFit.Fill);
            Line(0, 0xFC85, 0xFFFF);
            s_memory.Write(Start, new byte[] { 0x2F, 0x93, 0xF8, 0x55, 0, 0, 0xFF, 0x55 }, 0, 8);
            AssertConverted(new VideoFormat(2, 1, PixelFormat.XRGB8888), new VideoFormat(2, 1, PixelFormat.RGB565), ScaleFit.Fill);
            Line(0, 0xFC85, 0xF800);
            AssertConverted(new VideoFormat(2, 1, PixelFormat.ARGB8888), new VideoFormat(2, 1, PixelFormat.RGB565X), ScaleFit.Fill);
            Line(0, 0x85FC, 0x00F8);
        }

        [TestMethod]
        public void Yuyv_is_scaled_up_with_bars()
        {
            s_memory.Write(Start, new byte[] { 235, 128, 16, 128, 81, 90, 81, 240 }, 0, 8);
            AssertConverted(new VideoFormat(2, 2, PixelFormat.YUYV), new VideoFormat(8, 4, PixelFormat.RGB565), ScaleFit.Letterbox);
            for (int y = 0; y < 4; y++)
            {
                int left = y < 2 ? 0xFFFF : 0xF800, right = y < 2 ? 0 : 0xF800;
                Line(y, 0, 0, left, left, right, right, 0, 0);
            }
            AssertConverted(new VideoFormat(2, 2, PixelFormat.YUYV), new VideoFormat(2, 4, PixelFormat.RGB565X), ScaleFit.Letterbox);
            Line(0, 0, 0);
            Line(1, 0xFFFF, 0);
            Line(2, 0x00F8, 0x00F8);
            Line(3, 0, 0);
        }

        [TestMethod]
        public void Grey_and_pixels_as_they_are()
        {
            s_memory.Write(Start, new byte[] { 16, 235, 126, 16, 0, 0, 16, 16, 16, 235 }, 0, 10);
            AssertConverted(new VideoFormat(3, 2, PixelFormat.GREY, 6), new VideoFormat(3, 2, PixelFormat.RGB565), ScaleFit.Fill);
            Line(0, 0, 0xFFFF, 0x8410);
            Line(1, 0, 0, 0);
            s_memory.Write(Start, new byte[] { 0x34, 0x12, 0x78, 0x56 }, 0, 4);
            AssertConverted(new VideoFormat(2, 1, PixelFormat.RGB565), new VideoFormat(4, 2, PixelFormat.RGB565), ScaleFit.Fill);
            Line(0, 0x1234, 0x1234, 0x5678, 0x5678);
            Line(1, 0x1234, 0x1234, 0x5678, 0x5678);
        }

        [TestMethod]
        public void Says_what_it_converts()
        {
            var source = new VideoFormat(2, 2, PixelFormat.YUYV);
            var target = new VideoFormat(8, 4, PixelFormat.RGB565);
            s_converter = new FrameConverter(s_memory, source, target, Quantization.FullRange, ScaleFit.Letterbox);
            Assert.AreSame(source, s_converter.Source);
            Assert.AreSame(target, s_converter.Target);
        }

        [TestMethod]
        [DataRow(0u, Target)]
        [DataRow(Start, 0u)]
        [DataRow(Start, Start)]
        [DataRow(Start, Start + 7)]
        [DataRow(Start + 63, Start)]
        public void Refuses_frames_that_are_nowhere_or_overlap(uint source, uint target)
        {
            s_memory.Fill(Start, 128, Untouched);
            s_converter = new FrameConverter(s_memory, new VideoFormat(2, 2, PixelFormat.YUYV), new VideoFormat(8, 4, PixelFormat.RGB565),
                Quantization.LimitedRange, ScaleFit.Fill);
            Exception e = Thrown.By(() => s_converter.Convert(source, target));
            Assert.IsTrue(e.GetType() == typeof(ArgumentOutOfRangeException));
            byte[] seen = new byte[128];
            s_memory.Read(Start, seen, 0, seen.Length);
            for (int i = 0; i < seen.Length; i++)
            {
                Assert.AreEqual(Untouched, seen[i]);
            }
        }

        [TestMethod]
        public void Neighbours_do_not_overlap()
        {
            s_converter = new FrameConverter(s_memory, new VideoFormat(2, 2, PixelFormat.YUYV), new VideoFormat(8, 4, PixelFormat.RGB565),
                Quantization.LimitedRange, ScaleFit.Fill);
            s_converter.Convert(Start, Start + 8);
            s_converter.Convert(Start + 64, Start);
        }

        [TestMethod]
        public void Refuses_formats_that_it_cannot_convert()
        {
            var yuyv = new VideoFormat(2, 2, PixelFormat.YUYV);
            var rgb = new VideoFormat(2, 2, PixelFormat.RGB565);
            Assert.ThrowsException(typeof(ArgumentNullException), () => Make(null, yuyv, rgb));
            Assert.ThrowsException(typeof(ArgumentNullException), () => Make(s_memory, null, rgb));
            Assert.ThrowsException(typeof(ArgumentNullException), () => Make(s_memory, yuyv, null));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => Make(s_memory, rgb, yuyv));
            Exception e = Thrown.By(() => Make(s_memory, new VideoFormat(2, 2, PixelFormat.JPEG), rgb));
            Assert.IsTrue(e.GetType() == typeof(ArgumentException));
            Assert.Contains("cannot convert 2x2 JPEG", e.Message);
            Assert.ThrowsException(typeof(ArgumentException), () => Make(s_memory, new VideoFormat(2, 2, PixelFormat.RGB565X), rgb));
        }

        private static FrameConverter Make(PhysicalMemory memory, VideoFormat source, VideoFormat target)
        {
            return new FrameConverter(memory, source, target, Quantization.LimitedRange, ScaleFit.Fill);
        }

        /// <summary>Converts an image that has all bytes of its format.</summary>
        private static void ConvertWhole(VideoFormat source, byte[] image, VideoFormat target)
        {
            Assert.AreEqual(image.Length, source.SizeImage);
            s_memory.Write(Start, image, 0, image.Length);
            AssertConverted(source, target, ScaleFit.Letterbox);
        }

        private static void AssertConverted(VideoFormat source, VideoFormat target, ScaleFit fit)
        {
            s_memory.Fill(Target, target.SizeImage, Untouched);
            s_converter = new FrameConverter(s_memory, source, target, Quantization.LimitedRange, fit);
            s_converter.Convert(Start, Target);
        }

        private static int PixelAt(int y, int x)
        {
            byte[] pixel = new byte[2];
            s_memory.Read(Target + (uint)(y * s_converter.Target.BytesPerLine + 2 * x), pixel, 0, 2);
            return pixel[0] | pixel[1] << 8;
        }

        private static void Line(int y, params int[] pixels)
        {
            for (int x = 0; x < pixels.Length; x++)
            {
                Assert.AreEqual(pixels[x], PixelAt(y, x), "line " + y.ToString() + ", pixel " + x.ToString());
            }
        }
    }
}
