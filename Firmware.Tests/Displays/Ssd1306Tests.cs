using System;
using Carveout.Board;
using Carveout.Video;
using Carveout.Video.Displays;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video.Displays
{
    /// <summary>What is sent to an SSD1306, and how colours become dots.</summary>
    [TestClass]
    public class Ssd1306Tests
    {
        private const uint Memory = 0x20000000;

        private static readonly ManagedMemory s_memory = new ManagedMemory(Memory, 320 * 240 * 2);
        private static RecordingBus s_bus;
        private static Ssd1306 s_oled;
        private static VideoFormat s_format;

        [TestMethod]
        [DataRow(64, "3F", "12", "07")]
        [DataRow(32, "1F", "02", "03")]
        public void Is_set_up_and_addressed_by_the_bytes_of_its_datasheet(int height, string ratio, string pins, string lastPage)
        {
            Oled(128, height, height, ScaleFit.Letterbox, 128);
            s_oled.Initialize();
            Assert.AreEqual("! AE A8 " + ratio + " D3 00 40 A1 C8 DA " + pins + " 81 7F A4 A6 D5 80 D9 F1 DB 20 20 00 8D 14 AF", s_bus.Log);
            s_bus.Forget();
            s_oled.Show(Memory);
            Assert.StartsWith("21 00 7F 22 00 " + lastPage + " =[128] =[128]", s_bus.Log);
            Assert.AreEqual(128 * height / 8, s_bus.PixelBytes);
        }

        [TestMethod]
        [DataRow(1)]
        [DataRow(16)]
        [DataRow(31)]
        [DataRow(100)]
        [DataRow(128)]
        public void Chunks_of_any_size_carry_the_same_bytes(int chunk)
        {
            Oled(128, 64, 64, ScaleFit.Letterbox, chunk);
            Noise();
            Show();
            byte[] sent = s_bus.Pixels;
            Assert.IsTrue(s_bus.LongestTransfer <= chunk);
            Oled(128, 64, 64, ScaleFit.Letterbox, 128);
            Show();
            Assert.AreEqual(1024, s_bus.PixelBytes);
            CollectionAssert.AreEqual(s_bus.Pixels, sent);
        }

        /// <summary>Each of the 16 places is lit from its own grey on, so black is dark, white is lit, and half of the places are lit for
        /// half grey.</summary>
        [TestMethod]
        public void Every_grey_lights_its_share_of_dots()
        {
            var dither = new BayerDither();
            byte[] line = new byte[8], page = new byte[4];
            int before = -1;
            for (int grey = 0; grey < 32; grey++)
            {
                int pixel = grey << 11 | (grey << 1 | grey >> 4) << 5 | grey;
                for (int x = 0; x < 4; x++)
                {
                    line[2 * x] = (byte)pixel;
                    line[2 * x + 1] = (byte)(pixel >> 8);
                }
                for (int y = 0; y < 4; y++)
                {
                    dither.DitherLine(line, 0, y, page, 0, 4);
                }
                int lit = 0;
                for (int i = 0; i < 16; i++)
                {
                    lit += page[i / 4] >> (i % 4) & 1;
                }
                // Thresholds lie at odd 32nds of white.
                int expected = (16 * grey + 15) / 31;
                Assert.IsTrue(lit >= before && lit - expected <= 1 && expected - lit <= 1, "grey " + grey.ToString() + ": " + lit.ToString());
                before = lit;
                if (grey == 0 || grey == 31)
                {
                    Assert.AreEqual(grey == 0 ? 0 : 16, lit);
                }
            }
        }

        /// <summary>The thresholds of Bayer's matrix in order: the place of each rank.</summary>
        [TestMethod]
        public void Lights_the_places_in_the_order_of_the_matrix()
        {
            var dither = new BayerDither();
            byte[] page = new byte[4];
            // With a luma of 3/32 of white, only places of rank 0 are lit; with 5/32, those of ranks 0 and 1.
            Fill(dither, page, 2);
            CollectionAssert.AreEqual(new byte[] { 1, 0, 0, 0 }, page);
            Fill(dither, page, 4);
            CollectionAssert.AreEqual(new byte[] { 1, 0, 4, 0 }, page);
            Fill(dither, page, 6);
            CollectionAssert.AreEqual(new byte[] { 1, 0, 5, 0 }, page);
            Fill(dither, page, 8);
            CollectionAssert.AreEqual(new byte[] { 5, 0, 5, 0 }, page);
        }

        [TestMethod]
        [DataRow(0xF800, 299)]
        [DataRow(0x07E0, 587)]
        [DataRow(0x001F, 114)]
        [DataRow(0xFFFF, 1000)]
        [DataRow(0x0000, 0)]
        public void Colours_count_by_their_luma(int pixel, int share)
        {
            var dither = new BayerDither();
            byte[] page = new byte[4];
            FillWith(dither, page, pixel);
            int lit = 0;
            for (int i = 0; i < 16; i++)
            {
                lit += page[i / 4] >> (i % 4) & 1;
            }
            Assert.AreEqual((share * 16 + 500) / 1000, lit);
        }

        [TestMethod]
        public void A_line_changes_its_own_bit_alone()
        {
            var dither = new BayerDither();
            byte[] page = { 0xAA, 0x55, 0xFF, 0x00 }, black = new byte[6], white = { 0xFF, 0xFF, 0xFF, 0xFF };
            dither.DitherLine(white, 0, 8 + 2, page, 1, 2);
            CollectionAssert.AreEqual(new byte[] { 0xAA, 0x55, 0xFF, 0x00 }, page);
            dither.DitherLine(white, 0, 8 + 3, page, 1, 2);
            CollectionAssert.AreEqual(new byte[] { 0xAA, 0x5D, 0xFF, 0x00 }, page);
            dither.DitherLine(black, 2, 8 + 7, page, 1, 2);
            CollectionAssert.AreEqual(new byte[] { 0xAA, 0x5D, 0x7F, 0x00 }, page);
        }

        /// <summary>320x240 on 128x64: 85 columns in the middle show the picture, and the bars are dark.</summary>
        [TestMethod]
        public void A_larger_frame_is_scaled_and_letterboxed()
        {
            Oled(320, 240, 64, ScaleFit.Letterbox, 128);
            s_memory.Fill(Memory, s_format.SizeImage, 0xFF);
            Show();
            for (int i = 0; i < 1024; i++)
            {
                int column = i % 128;
                int expected = column >= 21 && column < 21 + 85 ? 0xFF : 0;
                if (s_bus.Pixels[i] != expected)
                {
                    Assert.AreEqual(expected, (int)s_bus.Pixels[i], "byte " + i.ToString());
                }
            }
            Oled(320, 240, 64, ScaleFit.Fill, 128);
            Show();
            for (int i = 0; i < 1024; i++)
            {
                Assert.AreEqual(0xFF, (int)s_bus.Pixels[i]);
            }
        }

        [TestMethod]
        public void Bars_above_and_below_stay_dark()
        {
            Oled(128, 32, 64, ScaleFit.Letterbox, 128);
            s_memory.Fill(Memory, s_format.SizeImage, 0xFF);
            Show();
            for (int i = 0; i < 1024; i++)
            {
                int page = i / 128;
                Assert.AreEqual(page >= 2 && page < 6 ? 0xFF : 0, (int)s_bus.Pixels[i]);
            }
        }

        [TestMethod]
        public void Refuses_what_it_cannot_be()
        {
            s_bus = new RecordingBus(1024);
            s_format = new VideoFormat(128, 64, PixelFormat.RGB565);
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Ssd1306(null, s_memory, 64, s_format, ScaleFit.Fill, 16));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Ssd1306(s_bus, null, 64, s_format, ScaleFit.Fill, 16));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Ssd1306(s_bus, s_memory, 64, null, ScaleFit.Fill, 16));
            Assert.Contains("expected 64 or 32",
                Thrown.By(() => new Ssd1306(s_bus, s_memory, 48, s_format, ScaleFit.Fill, 16)).Message);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => new Ssd1306(s_bus, s_memory, 64, s_format, ScaleFit.Fill, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => new Ssd1306(s_bus, s_memory, 64, s_format, ScaleFit.Fill, 129));
            Assert.Contains("cannot dither 128x64 GREY", Thrown.By(() => new Ssd1306(s_bus, s_memory, 64,
                new VideoFormat(128, 64, PixelFormat.GREY), ScaleFit.Fill, 16)).Message);
        }

        [TestMethod]
        public void Shows_nothing_before_it_is_initialized_and_nothing_from_nowhere()
        {
            Oled(128, 64, 64, ScaleFit.Fill, 16);
            Assert.ThrowsException(typeof(InvalidOperationException), () => s_oled.Show(Memory));
            s_oled.Initialize();
            s_bus.Forget();
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_oled.Show(0));
            Assert.AreEqual("", s_bus.Log);
        }

        [TestMethod]
        public void Dithering_refuses_what_is_not_in_the_arrays()
        {
            var dither = new BayerDither();
            byte[] line = new byte[8], page = new byte[4];
            Assert.ThrowsException(typeof(ArgumentNullException), () => dither.DitherLine(null, 0, 0, page, 0, 4));
            Assert.ThrowsException(typeof(ArgumentNullException), () => dither.DitherLine(line, 0, 0, null, 0, 4));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => dither.DitherLine(line, 0, -1, page, 0, 4));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => dither.DitherLine(line, 0, 0, page, 0, -1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => dither.DitherLine(line, 2, 0, page, 0, 4));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => dither.DitherLine(line, -1, 0, page, 0, 4));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => dither.DitherLine(line, 0, 0, page, 1, 4));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => dither.DitherLine(line, 0, 0, page, -1, 4));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => dither.DitherLine(line, 0, 0, page, 0, int.MaxValue));
        }

        private static void Oled(int width, int height, int panelHeight, ScaleFit fit, int chunk)
        {
            s_format = new VideoFormat(width, height, PixelFormat.RGB565);
            s_bus = new RecordingBus(1024);
            s_oled = new Ssd1306(s_bus, s_memory, panelHeight, s_format, fit, chunk);
        }

        private static void Show()
        {
            s_oled.Initialize();
            s_bus.Forget();
            s_bus.KeepAll = true;
            s_oled.Show(Memory);
        }

        private static void Noise()
        {
            byte[] bytes = new byte[s_format.SizeImage];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(i * 167 + (i >> 7) * 29);
            }
            s_memory.Write(Memory, bytes, 0, bytes.Length);
        }

        private static void Fill(BayerDither dither, byte[] page, int grey)
        {
            FillWith(dither, page, grey << 11 | grey << 6 | grey);
        }

        private static void FillWith(BayerDither dither, byte[] page, int pixel)
        {
            byte[] line = new byte[8];
            Array.Clear(page, 0, page.Length);
            for (int x = 0; x < 4; x++)
            {
                line[2 * x] = (byte)pixel;
                line[2 * x + 1] = (byte)(pixel >> 8);
            }
            for (int y = 0; y < 4; y++)
            {
                dither.DitherLine(line, 0, y, page, 0, 4);
            }
        }
    }
}
