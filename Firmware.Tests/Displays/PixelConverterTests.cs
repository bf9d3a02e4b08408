using System;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video
{
    /// <summary>The conversion to RGB565: known colours, offsets and misuse.</summary>
    [TestClass]
    public class PixelConverterTests
    {
        private static PixelConverter s_converter;

        /// <summary>The eight colour bars, and values outside the range, each of which is clamped.</summary>
        [TestMethod]
        [DataRow(235, 128, 128, 0xFFFF)]
        [DataRow(16, 128, 128, 0x0000)]
        [DataRow(210, 16, 146, 0xFFE0)]
        [DataRow(170, 166, 16, 0x07FF)]
        [DataRow(145, 54, 34, 0x07E0)]
        [DataRow(106, 202, 222, 0xF81F)]
        [DataRow(81, 90, 240, 0xF800)]
        [DataRow(41, 240, 110, 0x001F)]
        [DataRow(126, 128, 128, 0x8410)]
        [DataRow(0, 128, 128, 0x0000)]
        [DataRow(255, 128, 128, 0xFFFF)]
        [DataRow(0, 0, 0, 0x0440)]
        [DataRow(255, 255, 255, 0xFBFF)]
        public void Limited_range_is_that_of_broadcast(int y, int u, int v, int pixel)
        {
            AssertConverted(Quantization.LimitedRange, y, u, v, pixel);
        }

        [TestMethod]
        [DataRow(255, 128, 128, 0xFFFF)]
        [DataRow(0, 128, 128, 0x0000)]
        [DataRow(76, 85, 255, 0xF800)]
        [DataRow(29, 255, 107, 0x001F)]
        [DataRow(128, 128, 128, 0x8410)]
        public void Full_range_is_that_of_sensors(int y, int u, int v, int pixel)
        {
            AssertConverted(Quantization.FullRange, y, u, v, pixel);
        }

        [TestMethod]
        [DataRow((int)Quantization.LimitedRange)]
        [DataRow((int)Quantization.FullRange)]
        public void Grey_is_the_same_as_neutral_chroma(int quantization)
        {
            Quantization range = (Quantization)quantization;
            var converter = new PixelConverter(range, PixelFormat.RGB565);
            byte[] grey = new byte[256], yuyv = new byte[512], of = new byte[512], expected = new byte[512];
            for (int i = 0; i < 256; i++)
            {
                grey[i] = (byte)i;
                yuyv[2 * i] = (byte)i;
                yuyv[2 * i + 1] = 128;
            }
            converter.GreyLine(grey, 0, of, 0, 256);
            converter.YuyvLine(yuyv, 0, expected, 0, 256);
            CollectionAssert.AreEqual(expected, of);
        }

        [TestMethod]
        public void The_other_byte_order_has_the_same_bytes_the_other_way_round()
        {
            byte[] yuyv = new byte[4096], low = new byte[4096], high = new byte[4096];
            for (int i = 0; i < yuyv.Length; i++)
            {
                yuyv[i] = (byte)(i * 151 + (i >> 5));
            }
            new PixelConverter(Quantization.LimitedRange, PixelFormat.RGB565).YuyvLine(yuyv, 0, low, 0, 2048);
            new PixelConverter(Quantization.LimitedRange, PixelFormat.RGB565X).YuyvLine(yuyv, 0, high, 0, 2048);
            for (int i = 0; i < low.Length; i += 2)
            {
                Assert.AreEqual(low[i], high[i + 1]);
                Assert.AreEqual(low[i + 1], high[i]);
            }
        }

        [TestMethod]
        public void Writes_at_the_offset_and_nowhere_else()
        {
            s_converter = new PixelConverter(Quantization.LimitedRange, PixelFormat.RGB565);
            byte[] yuyv = { 0, 235, 128, 16, 128, 0 }, to = { 1, 2, 3, 4, 5, 6, 7 };
            s_converter.YuyvLine(yuyv, 1, to, 2, 2);
            CollectionAssert.AreEqual(new byte[] { 1, 2, 0xFF, 0xFF, 0, 0, 7 }, to);
            byte[] planes = { 9, 16, 235, 128, 128 };
            s_converter.Yuv420Line(planes, 1, planes, 3, planes, 4, to, 1, 2);
            CollectionAssert.AreEqual(new byte[] { 1, 0, 0, 0xFF, 0xFF, 0, 7 }, to);
            s_converter.GreyLine(planes, 2, to, 5, 1);
            CollectionAssert.AreEqual(new byte[] { 1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, to);
            s_converter.YuyvLine(yuyv, 6, to, 7, 0);
            s_converter.GreyLine(planes, 5, to, 7, 0);
            CollectionAssert.AreEqual(new byte[] { 1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, to);
        }

        [TestMethod]
        [DataRow(-1, 0, 2)]
        [DataRow(0, -1, 2)]
        [DataRow(0, 0, 3)]
        [DataRow(0, 0, -2)]
        [DataRow(0, 0, 6)]
        [DataRow(1, 0, 4)]
        [DataRow(0, 1, 4)]
        [DataRow(int.MaxValue, 0, 2)]
        [DataRow(0, int.MaxValue, 2)]
        [DataRow(0, 0, 0x40000002)]
        public void Refuses_pixels_that_are_not_in_the_arrays(int from, int to, int width)
        {
            s_converter = new PixelConverter(Quantization.LimitedRange, PixelFormat.RGB565);
            byte[] source = { 235, 128, 235, 128, 235, 128, 235, 128 }, target = new byte[8];
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_converter.YuyvLine(source, from, target, to, width));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => s_converter.Yuv420Line(new byte[4], from, source, 0, source, 0, target, to, width));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => s_converter.GreyLine(new byte[4], from, target, to, width == 3 ? 5 : width));
            CollectionAssert.AreEqual(new byte[8], target);
        }

        [TestMethod]
        public void Refuses_chroma_that_is_too_short()
        {
            s_converter = new PixelConverter(Quantization.LimitedRange, PixelFormat.RGB565);
            byte[] bytes = new byte[8];
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => s_converter.Yuv420Line(bytes, 0, new byte[1], 0, bytes, 0, bytes, 0, 4));
            Assert.Contains("2 bytes from offset 7 do not lie in an array of 8",
                Thrown.By(() => s_converter.Yuv420Line(bytes, 0, bytes, 0, bytes, 7, bytes, 0, 4)).Message);
        }

        [TestMethod]
        public void Refuses_to_make_anything_but_RGB565()
        {
            Assert.Contains("YUYV: expected RGB565",
                Thrown.By(() => new PixelConverter(Quantization.LimitedRange, PixelFormat.YUYV)).Message);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => new PixelConverter((Quantization)2, PixelFormat.RGB565));
        }

        /// <summary>Converts by all three methods, in both places of a pair.</summary>
        private static void AssertConverted(Quantization range, int y, int u, int v, int pixel)
        {
            var converter = new PixelConverter(range, PixelFormat.RGB565);
            byte[] to = new byte[4];
            byte[] expected = { (byte)pixel, (byte)(pixel >> 8), (byte)pixel, (byte)(pixel >> 8) };
            converter.YuyvLine(new byte[] { (byte)y, (byte)u, (byte)y, (byte)v }, 0, to, 0, 2);
            CollectionAssert.AreEqual(expected, to);
            to = new byte[4];
            converter.Yuv420Line(new byte[] { (byte)y, (byte)y }, 0, new byte[] { (byte)u }, 0, new byte[] { (byte)v }, 0, to, 0, 2);
            CollectionAssert.AreEqual(expected, to);
        }
    }
}
