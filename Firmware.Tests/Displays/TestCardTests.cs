using System;
using Carveout.Board;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video
{
    /// <summary>The generated movie, and the camera without a sensor.</summary>
    [TestClass]
    public class TestCardTests
    {
        private const uint Memory = 0x20000000;
        private const int White = 0xFFFF, Black = 0;

        private static TestCard s_card;
        private static PatternCamera s_camera;
        private static ManagedMemory s_memory;

        [TestMethod]
        public void Has_the_eight_bars_and_a_ramp()
        {
            s_card = new TestCard(320, 240, PixelFormat.RGB565);
            int[] bars = { 0xFFFF, 0xFFE0, 0x07FF, 0x07E0, 0xF81F, 0xF800, 0x001F, 0x0000 };
            byte[] line = LineOf(0, 150);
            for (int x = 0; x < 320; x++)
            {
                Assert.AreEqual(bars[x / 40], Pixel(line, x));
            }
            line = LineOf(0, 239);
            Assert.AreEqual(Black, Pixel(line, 0));
            Assert.AreEqual(White, Pixel(line, 319));
            for (int x = 1; x < 320; x++)
            {
                Assert.IsTrue((Pixel(line, x) & 0x7E0) >= (Pixel(line, x - 1) & 0x7E0));
            }
        }

        /// <summary>Reads the number from the picture, dot by dot, by the look of the digits and not by the code that draws them.</summary>
        [TestMethod]
        [DataRow(0, "00000000")]
        [DataRow(1234567, "01234567")]
        [DataRow(98765432, "98765432")]
        [DataRow(2147483647, "47483647")]
        public void Shows_the_number_of_the_frame(int frame, string number)
        {
            s_card = new TestCard(320, 240, PixelFormat.RGB565);
            Assert.AreEqual(8, s_card.Digits);
            // Zoom 4: cells of 24 by 36 pixels, from column (320 - 8 * 24) / 2 and line 15.
            for (int digit = 0; digit < 8; digit++)
            {
                string dots = "";
                for (int row = 0; row < 9; row++)
                {
                    byte[] line = LineOf(frame, 15 + row * 4 + 1);
                    for (int column = 0; column < 6; column++)
                    {
                        int pixel = Pixel(line, 64 + digit * 24 + column * 4 + 1);
                        Assert.IsTrue(pixel == White || pixel == Black);
                        dots += pixel == White ? "#" : ".";
                    }
                }
                Assert.AreEqual(Glyph(number.Substring(digit, 1)), dots);
            }
        }

        [TestMethod]
        public void The_box_moves()
        {
            s_card = new TestCard(64, 48, PixelFormat.YUYV);
            int moved = 0;
            for (int frame = 0; frame < 200; frame++)
            {
                moved += Sum(frame) != Sum(frame + 1) ? 1 : 0;
            }
            // For the rest of the time the box is among the lines of the counter, which are left out here.
            Assert.IsTrue(moved > 120, moved.ToString());
        }

        [TestMethod]
        public void A_frame_depends_on_its_number_alone()
        {
            s_card = new TestCard(64, 48, PixelFormat.RGB565X);
            int sum = Sum(1000000);
            Sum(5);
            Assert.AreEqual(sum, Sum(1000000));
            s_card = new TestCard(64, 48, PixelFormat.RGB565X);
            Assert.AreEqual(sum, Sum(1000000));
        }

        [TestMethod]
        [DataRow((int)PixelFormat.RGB565)]
        [DataRow((int)PixelFormat.RGB565X)]
        public void Every_format_shows_the_same_picture(int pixelFormat)
        {
            PixelFormat format = (PixelFormat)pixelFormat;
            var yuyv = new TestCard(70, 50, PixelFormat.YUYV);
            var rgb = new TestCard(70, 50, format);
            var converter = new PixelConverter(Quantization.LimitedRange, format);
            byte[] line = new byte[140], expected = new byte[140], of = new byte[140];
            for (int y = 0; y < 50; y++)
            {
                yuyv.FillLine(777, y, line, 0);
                converter.YuyvLine(line, 0, expected, 0, 70);
                rgb.FillLine(777, y, of, 0);
                CollectionAssert.AreEqual(expected, of);
            }
        }

        [TestMethod]
        [DataRow(16, 16, 2)]
        [DataRow(17, 19, 2)]
        [DataRow(48, 4096, 8)]
        [DataRow(4096, 16, 8)]
        [DataRow(47, 100, 7)]
        public void Any_size_has_as_many_digits_as_fit(int width, int height, int digits)
        {
            s_card = new TestCard(width, height, PixelFormat.RGB565);
            Assert.AreEqual(digits, s_card.Digits);
            byte[] line = new byte[2 * width + 2];
            for (int y = 0; y < height; y++)
            {
                line[0] = 0x5A;
                line[2 * width + 1] = 0x5A;
                s_card.FillLine(long.MaxValue / 4 + y, y, line, 1);
                Assert.AreEqual((byte)0x5A, line[0]);
                Assert.AreEqual((byte)0x5A, line[2 * width + 1]);
            }
        }

        [TestMethod]
        public void Refuses_what_it_cannot_draw()
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new TestCard(320, 240, PixelFormat.GREY));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new TestCard(15, 240, PixelFormat.RGB565));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new TestCard(320, 15, PixelFormat.RGB565));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new TestCard(321, 240, PixelFormat.YUYV));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new TestCard(int.MaxValue, 240, PixelFormat.RGB565));
            s_card = new TestCard(16, 16, PixelFormat.YUYV);
            byte[] line = new byte[32];
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_card.FillLine(-1, 0, line, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_card.FillLine(0, -1, line, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_card.FillLine(0, 16, line, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_card.FillLine(0, 0, line, 1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_card.FillLine(0, 0, line, -1));
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_card.FillLine(0, 0, null, 0));
            CollectionAssert.AreEqual(new byte[32], line);
        }

        [TestMethod]
        public void The_camera_takes_pictures_of_the_card()
        {
            s_memory = new ManagedMemory(Memory, 64 * 1024);
            s_memory.Fill(Memory, 64 * 1024, 0x5A);
            var format = new VideoFormat(64, 48, PixelFormat.YUYV, 160);
            s_camera = new PatternCamera(s_memory, format);
            Assert.AreSame(format, s_camera.Format);
            s_card = new TestCard(64, 48, PixelFormat.YUYV);
            for (int frame = 0; frame < 3; frame++)
            {
                Assert.AreEqual((long)frame, s_camera.Sequence);
                uint buffer = Memory + (uint)(frame * format.SizeImage);
                s_camera.Capture(buffer);
                byte[] seen = new byte[160];
                for (int y = 0; y < 48; y++)
                {
                    s_memory.Read(buffer + (uint)(160 * y), seen, 0, 160);
                    byte[] line = LineOf(frame, y);
                    for (int i = 0; i < 160; i++)
                    {
                        if (seen[i] != (i < 128 ? line[i] : 0x5A))
                        {
                            Assert.AreEqual(i < 128 ? line[i] : 0x5A, (int)seen[i], "line " + y.ToString() + ", byte " + i.ToString());
                        }
                    }
                }
            }
        }

        [TestMethod]
        public void A_picture_that_failed_does_not_count()
        {
            s_memory = new ManagedMemory(Memory, 1024);
            s_camera = new PatternCamera(s_memory, new VideoFormat(16, 16, PixelFormat.YUYV));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_camera.Capture(0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_camera.Capture(Memory + 1000));
            Assert.AreEqual(0L, s_camera.Sequence);
            Assert.ThrowsException(typeof(ArgumentNullException), () => new PatternCamera(null, s_camera.Format));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new PatternCamera(s_memory, null));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => new PatternCamera(s_memory, new VideoFormat(16, 16, PixelFormat.JPEG)));
        }

        private static byte[] LineOf(long frame, int y)
        {
            byte[] line = new byte[s_card.Format.LineSize];
            s_card.FillLine(frame, y, line, 0);
            return line;
        }

        private static int Pixel(byte[] line, int x)
        {
            return line[2 * x] | line[2 * x + 1] << 8;
        }

        private static int Sum(long frame)
        {
            int sum = 17;
            // Below the counter, whose digits would differ anyway.
            for (int y = 14; y < s_card.Format.Height; y++)
            {
                byte[] line = LineOf(frame, y);
                for (int i = 0; i < line.Length; i++)
                {
                    sum = sum * 31 + line[i];
                }
            }
            return sum;
        }

        private static string Glyph(string digit)
        {
            const string Blank = "......";
            switch (digit)
            {
                case "0":
                    return Blank + ".###.." + "#...#." + "#..##." + "#.#.#." + "##..#." + "#...#." + ".###.." + Blank;
                case "1":
                    return Blank + "..#..." + ".##..." + "..#..." + "..#..." + "..#..." + "..#..." + ".###.." + Blank;
                case "2":
                    return Blank + ".###.." + "#...#." + "....#." + "...#.." + "..#..." + ".#...." + "#####." + Blank;
                case "3":
                    return Blank + "#####." + "...#.." + "..#..." + "...#.." + "....#." + "#...#." + ".###.." + Blank;
                case "4":
                    return Blank + "...#.." + "..##.." + ".#.#.." + "#..#.." + "#####." + "...#.." + "...#.." + Blank;
                case "5":
                    return Blank + "#####." + "#....." + "####.." + "....#." + "....#." + "#...#." + ".###.." + Blank;
                case "6":
                    return Blank + "..##.." + ".#...." + "#....." + "####.." + "#...#." + "#...#." + ".###.." + Blank;
                case "7":
                    return Blank + "#####." + "....#." + "...#.." + "..#..." + ".#...." + ".#...." + ".#...." + Blank;
                case "8":
                    return Blank + ".###.." + "#...#." + "#...#." + ".###.." + "#...#." + "#...#." + ".###.." + Blank;
                default:
                    return Blank + ".###.." + "#...#." + "#...#." + ".####." + "....#." + "...#.." + ".##..." + Blank;
            }
        }
    }
}
