using System;
using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Firmware.Tests.Video.Displays;
using Carveout.Memory;
using Carveout.Video;
using Carveout.Video.Displays;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Frames
{
    /// <summary>Pixels of a frame, and what happens to those who use a frame too long.</summary>
    [TestClass]
    public class FrameBufferTests
    {
        private const uint Psram = 0x3D300000;

        private static CarveoutMemory s_memory;
        private static FrameBuffer s_frame;

        /// <summary>A frame of 16x16 pixels in one colour, with the 16 bytes behind its planes, which were 1 before.</summary>
        private static byte[] Filled(PixelFormat pixels, byte red, byte green, byte blue)
        {
            Frame(16, 16, pixels);
            s_memory.Memory.Fill(s_frame.Address, 4096, 1);
            s_frame.Fill(red, green, blue);
            var bytes = new byte[400];
            s_memory.Memory.Read(s_frame.Address, bytes, 0, 400);
            return bytes;
        }

        private static void Frame(int width, int height, PixelFormat pixels)
        {
            Frame(new VideoFormat(width, height, pixels));
        }

        private static void Frame(VideoFormat format)
        {
            s_memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name), 100000);
            s_frame = s_memory.AllocFrame(format, "camera");
        }

        private static byte[] Pattern(int size)
        {
            var bytes = new byte[size];
            for (int i = 0; i < size; i++)
            {
                bytes[i] = (byte)(i % 251 + 1);
            }
            return bytes;
        }

        [TestMethod]
        public void Lines_are_read_and_written_without_their_padding()
        {
            s_memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name), 0x20000);
            FrameBuffer frame = s_memory.AllocFrame(new VideoFormat(4, 3, PixelFormat.GREY, 8), "test");
            frame.Fill(0, 0, 0);
            var bytes = new byte[] { 9, 1, 2, 3, 4, 9 };
            frame.WriteLine(1, bytes, 1);
            var all = new byte[24];
            frame.CopyTo(all);
            for (int i = 0; i < all.Length; i++)
            {
                Assert.AreEqual(i >= 8 && i < 12 ? i - 7 : 0, (int)all[i], "byte " + i.ToString());
            }
            var line = new byte[6];
            frame.ReadLine(1, line, 2);
            Assert.AreEqual(1, (int)line[2]);
            Assert.AreEqual(4, (int)line[5]);
            Thrown.As(typeof(ArgumentOutOfRangeException), () => frame.WriteLine(3, bytes, 0), new[] { "frame 4x3 GREY", "has no line 3" });
            Assert.IsTrue(Thrown.By(() => frame.ReadLine(-1, line, 0)) is ArgumentOutOfRangeException);
            Assert.IsTrue(Thrown.By(() => frame.ReadLine(0, line, 3)) is ArgumentOutOfRangeException);
            Assert.IsTrue(Thrown.By(() => frame.WriteLine(0, null, 0)) is ArgumentNullException);
            FrameBuffer other = s_memory.AllocFrame(frame.Format, "test");
            other.CopyFrom(frame);
            other.ReadLine(1, line, 0);
            Assert.AreEqual(1, (int)line[0]);
            FrameBuffer jpeg = s_memory.AllocFrame(new VideoFormat(16, 16, PixelFormat.JPEG), "test");
            Thrown.As(typeof(ArgumentOutOfRangeException), () => jpeg.ReadLine(0, line, 0), new[] { "JPEG", "has no line 0" });
        }

        [TestMethod]
        public void On_managed_banks_a_frame_is_a_part_of_an_array()
        {
            Frame(20, 10, PixelFormat.RGB565);
            FrameBuffer other = s_memory.AllocFrame(s_frame.Format, "display");
            other.Fill(0, 0, 0);
            s_frame.Fill(0, 0, 0);
            Assert.IsTrue(s_frame.TryGetArray(out byte[] array, out int offset));
            Assert.IsTrue(other.TryGetArray(out byte[] sameArray, out int otherOffset));
            Assert.IsTrue(array == sameArray, "both lie in one bank");
            Assert.IsTrue(offset != otherOffset);
            // What is written to the array can be read by Read, and the other way round, at both ends of the picture.
            array[offset] = 1;
            array[offset + s_frame.Size - 1] = 2;
            var pixels = new byte[s_frame.Size];
            s_frame.CopyTo(pixels);
            Assert.AreEqual(1, (int)pixels[0]);
            Assert.AreEqual(2, (int)pixels[pixels.Length - 1]);
            other.Write(7, new byte[] { 3 }, 0, 1);
            Assert.AreEqual(3, (int)array[otherOffset + 7]);
            s_frame.Dispose();
            Thrown.As(typeof(ObjectDisposedException), () => s_frame.TryGetArray(out array, out offset), new[] { "of 'camera'", "was given back" });
        }

        [TestMethod]
        public void In_memory_that_the_firmware_reserved_there_is_no_array()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32S3.Name), new FakeNativeMemory(Psram, 0x10000, 32));
            FrameBuffer frame = memory.AllocFrame(new VideoFormat(20, 10, PixelFormat.GREY), "camera");
            Assert.IsFalse(frame.TryGetArray(out byte[] array, out int offset));
            Assert.IsNull(array);
            Assert.AreEqual(0, offset);
        }

        [TestMethod]
        public void Tells_what_it_is()
        {
            Frame(new VideoFormat(30, 20, PixelFormat.RGB565, 64));
            Assert.AreEqual(30, s_frame.Width);
            Assert.AreEqual(20, s_frame.Height);
            Assert.AreEqual(64, s_frame.Stride);
            Assert.AreEqual(1280, s_frame.Size);
            Assert.IsTrue(s_frame.PixelFormat == PixelFormat.RGB565);
            Assert.AreEqual("camera", s_frame.Owner);
            Assert.AreEqual("frame 30x20 RGB565 of 'camera' at 0x10000000", s_frame.ToString());
            Assert.IsFalse(s_frame.IsDisposed);
        }

        [TestMethod]
        public void Bytes_come_back_as_they_went()
        {
            Frame(33, 21, PixelFormat.GREY);
            byte[] pixels = Pattern(s_frame.Size), back = new byte[s_frame.Size + 10];
            s_frame.CopyFrom(pixels);
            s_frame.Read(33, back, 5, 66);
            for (int i = 0; i < back.Length; i++)
            {
                Assert.AreEqual(i >= 5 && i < 71 ? pixels[28 + i] : 0, back[i], "byte " + i.ToString());
            }
            s_frame.Write(s_frame.Size - 2, pixels, 7, 2);
            s_frame.CopyTo(back);
            Assert.AreEqual(pixels[7], back[s_frame.Size - 2]);
            Assert.AreEqual(pixels[8], back[s_frame.Size - 1]);
            Assert.AreEqual(pixels[s_frame.Size - 3], back[s_frame.Size - 3]);
        }

        [TestMethod]
        [DataRow(-1, 0, 1)]
        [DataRow(0, -1, 1)]
        [DataRow(0, 0, -1)]
        [DataRow(99, 0, 2)]
        [DataRow(0, 49, 2)]
        [DataRow(0, 0, 51)]
        [DataRow(int.MaxValue, 0, 2)]
        [DataRow(1, 0, int.MaxValue)]
        [DataRow(0, int.MaxValue, 1)]
        public void What_does_not_lie_in_the_picture_is_refused(int offset, int bufferOffset, int length)
        {
            Frame(10, 10, PixelFormat.GREY);
            byte[] buffer = Pattern(50);
            var words = new[] { "10x10 GREY of 'camera'", "array of 50" };
            Thrown.As(typeof(ArgumentOutOfRangeException), () => s_frame.Read(offset, buffer, bufferOffset, length), words);
            Thrown.As(typeof(ArgumentOutOfRangeException), () => s_frame.Write(offset, buffer, bufferOffset, length), words);
            Thrown.As(typeof(ArgumentOutOfRangeException), () => s_frame.CopyFrom(new byte[101]), new[] { "101" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => s_frame.CopyTo(buffer), words);
        }

        [TestMethod]
        [DataRow((int)PixelFormat.RGB565, 0x45, 0x8E, 0x45, 0x8E)]
        [DataRow((int)PixelFormat.RGB565X, 0x8E, 0x45, 0x8E, 0x45)]
        [DataRow((int)PixelFormat.GREY, 164, 164, 164, 164)]
        [DataRow((int)PixelFormat.YUYV, 157, 67, 157, 113)]
        [DataRow((int)PixelFormat.UYVY, 67, 157, 113, 157)]
        [DataRow((int)PixelFormat.XRGB8888, 40, 200, 140, 255)]
        [DataRow((int)PixelFormat.ARGB8888, 40, 200, 140, 255)]
        public void Fill_paints_every_pixel(int pixelFormat, int first, int second, int third, int fourth)
        {
            PixelFormat pixels = (PixelFormat)pixelFormat;
            // Red 140, green 200, blue 40: 0x8E45 in RGB565; BT.601 makes it 163.8 as luma, and 156.7, 66.6, 113.1 of limited range.
            Frame(14, 5, pixels);
            s_frame.Fill(140, 200, 40);
            var bytes = new byte[s_frame.Size];
            s_frame.CopyTo(bytes);
            var expected = new[] { first, second, third, fourth };
            for (int i = 0; i < bytes.Length; i++)
            {
                Assert.AreEqual(expected[i % 4], bytes[i], "byte " + i.ToString());
            }
        }

        [TestMethod]
        public void Fill_paints_all_three_planes_and_nothing_behind()
        {
            byte[] bytes = Filled(PixelFormat.YUV420, 255, 255, 255);
            for (int i = 0; i < bytes.Length; i++)
            {
                Assert.AreEqual(i < 256 ? 235 : i < 384 ? 128 : 1, bytes[i], "byte " + i.ToString());
            }
        }

        [TestMethod]
        public void Fill_paints_both_planes_of_NV12()
        {
            byte[] bytes = Filled(PixelFormat.NV12, 140, 200, 40);
            for (int i = 0; i < bytes.Length; i++)
            {
                Assert.AreEqual(i < 256 ? 157 : i >= 384 ? 1 : i % 2 == 0 ? 67 : 113, bytes[i], "byte " + i.ToString());
            }
        }

        /// <summary>The bytes of a pixel need not divide those of a line: each line begins anew.</summary>
        [TestMethod]
        public void Fill_paints_lines_of_three_bytes_a_pixel()
        {
            FrameBuffer frame = s_memory.AllocFrame(new VideoFormat(5, 3, PixelFormat.RGB888, 16), "test");
            s_memory.Memory.Fill(frame.Address, 64, 1);
            frame.Fill(140, 200, 40);
            var bytes = new byte[64];
            s_memory.Memory.Read(frame.Address, bytes, 0, 64);
            frame.Dispose();
            for (int i = 0; i < bytes.Length; i++)
            {
                int colour = i % 16 % 3;
                Assert.AreEqual(i >= 48 ? 1 : colour == 0 ? 40 : colour == 1 ? 200 : 140, bytes[i], "byte " + i.ToString());
            }
        }

        [TestMethod]
        public void A_compressed_picture_has_no_pixels_to_paint()
        {
            Frame(40, 40, PixelFormat.JPEG);
            Thrown.As(typeof(InvalidOperationException), () => s_frame.Fill(0, 0, 0), new[] { "40x40 JPEG" });
            s_frame.Dispose();
            Frame(40, 40, PixelFormat.SRGGB10P);
            Thrown.As(typeof(InvalidOperationException), () => s_frame.Fill(0, 0, 0), new[] { "40x40 SRGGB10P", "a sensor's samples" });
        }

        [TestMethod]
        public void A_picture_is_copied_to_another_of_its_format()
        {
            Frame(20, 10, PixelFormat.GREY);
            FrameBuffer other = s_memory.AllocFrame(s_frame.Format, "display");
            s_frame.CopyFrom(Pattern(200));
            other.CopyFrom(s_frame);
            var bytes = new byte[200];
            other.CopyTo(bytes);
            Assert.AreEqual((byte)200, bytes[199]);
            FrameBuffer wide = s_memory.AllocFrame(new VideoFormat(20, 10, PixelFormat.GREY, 24), "wide");
            Thrown.As(typeof(ArgumentException), () => wide.CopyFrom(s_frame), new[] { "'wide'", "'camera'", "same format" });
            CarveoutMemory another = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name), 65536);
            FrameBuffer far = another.AllocFrame(s_frame.Format, "far");
            Thrown.As(typeof(ArgumentException), () => far.CopyFrom(s_frame), new[] { "'far'", "another reservation" });
        }

        [TestMethod]
        public void A_test_card_is_drawn_line_by_line()
        {
            Frame(new VideoFormat(40, 32, PixelFormat.RGB565, 96));
            var card = new TestCard(40, 32, PixelFormat.RGB565);
            s_memory.Memory.Fill(s_frame.Address, s_frame.Size, 0xEE);
            card.DrawOn(s_frame, 7);
            byte[] line = new byte[80], bytes = new byte[s_frame.Size];
            s_frame.CopyTo(bytes);
            for (int y = 0; y < 32; y++)
            {
                card.FillLine(7, y, line, 0);
                for (int x = 0; x < 96; x++)
                {
                    Assert.AreEqual(x < 80 ? line[x] : 0xEE, bytes[96 * y + x], "line " + y.ToString() + ", byte " + x.ToString());
                }
            }
            var small = new TestCard(32, 32, PixelFormat.RGB565);
            Thrown.As(typeof(ArgumentException), () => small.DrawOn(s_frame, 0), new[] { "40x32", "32x32" });
        }

        [TestMethod]
        public void A_display_gets_the_pixels()
        {
            Frame(240, 135, PixelFormat.RGB565X);
            var bus = new RecordingBus(240 * 135 * 2);
            var panel = new St7789(bus, s_memory.Memory, new PanelGeometry(135, 240, 52, 40, Rotation.Clockwise90), PixelFormat.RGB565X, 4096);
            panel.Initialize();
            s_frame.CopyFrom(Pattern(s_frame.Size));
            panel.Show(s_frame);
            Assert.AreEqual(s_frame.Size, bus.PixelBytes);
            Assert.AreEqual(Pattern(s_frame.Size)[s_frame.Size - 1], bus.Pixels[s_frame.Size - 1]);
        }

        [TestMethod]
        public void A_display_of_another_format_is_refused_before_anything_is_sent()
        {
            Frame(240, 135, PixelFormat.RGB565);
            var bus = new RecordingBus(16);
            var oled = new Ssd1306(bus, s_memory.Memory, 64, new VideoFormat(240, 136, PixelFormat.RGB565), ScaleFit.Fill, 128);
            oled.Initialize();
            bus.Forget();
            Thrown.As(typeof(ArgumentException), () => oled.Show(s_frame), new[] { "240x135 RGB565 of 'camera'", "240x136 RGB565" });
            Assert.AreEqual("", bus.Log);
        }

        [TestMethod]
        public void A_display_over_another_memory_is_refused_before_anything_is_sent()
        {
            Frame(240, 136, PixelFormat.RGB565);
            CarveoutMemory another = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32Cam.Name), 65536);
            var bus = new RecordingBus(16);
            var oled = new Ssd1306(bus, another.Memory, 64, s_frame.Format, ScaleFit.Fill, 128);
            oled.Initialize();
            bus.Forget();
            Thrown.As(typeof(ArgumentException), () => oled.Show(s_frame), new[] { "240x136 RGB565 of 'camera'", "another memory" });
            Assert.AreEqual("", bus.Log);
        }

        [TestMethod]
        public void Whatever_is_done_after_Dispose_is_refused_by_name()
        {
            Frame(20, 10, PixelFormat.RGB565);
            FrameBuffer other = s_memory.AllocFrame(s_frame.Format, "display");
            var bus = new RecordingBus(16);
            var oled = new Ssd1306(bus, s_memory.Memory, 64, s_frame.Format, ScaleFit.Fill, 128);
            var card = new TestCard(20, 16, PixelFormat.RGB565);
            s_frame.Dispose();
            Assert.IsTrue(s_frame.IsDisposed);
            var buffer = new byte[400];
            Refused(() => s_frame.Read(0, buffer, 0, 1));
            Refused(() => s_frame.Write(0, buffer, 0, 1));
            Refused(() => s_frame.CopyTo(buffer));
            Refused(() => s_frame.CopyFrom(buffer));
            Refused(() => s_frame.CopyFrom(other));
            Refused(() => other.CopyFrom(s_frame));
            Refused(() => card.DrawOn(s_frame, 0));
            Refused(() => s_frame.Fill(0, 0, 0));
            Refused(() => oled.Show(s_frame));
            Refused(() => Assert.AreEqual(0u, s_frame.Address));
        }

        private static void Refused(Action use)
        {
            Thrown.As(typeof(ObjectDisposedException), use, new[] { "20x10 RGB565", "'camera'", "0x10000000" });
        }

        [TestMethod]
        public void Dispose_may_be_called_again_and_takes_nothing_from_the_next_owner()
        {
            Frame(20, 10, PixelFormat.RGB565);
            uint address = s_frame.Address;
            s_frame.Dispose();
            FrameBuffer next = s_memory.AllocFrame(s_frame.Format, "next");
            Assert.AreEqual(address, next.Address);
            s_frame.Dispose();
            Assert.AreEqual("owners: next 4 KB\n", s_memory.Owners());
            next.Fill(1, 2, 3);
        }

        [TestMethod]
        public void A_frame_that_a_device_has_is_not_disposed_of()
        {
            s_memory = CarveoutMemory.Reserve(BoardCatalog.Create(Esp32S3.Name), new FakeNativeMemory(Psram, 0x10000, 32));
            s_frame = s_memory.AllocFrame(new VideoFormat(80, 64, PixelFormat.RGB565), "camera");
            var dma = new DmaAllocator(s_memory.Pages, s_memory.Map, s_memory.Memory, null, 4, 16);
            var device = new DmaDevice("lcd", DmaEngines.Gdma) { Alignment = 32, MaxSegment = 4096 };
            dma.Attach(device);
            var streaming = new DmaStreaming(dma);
            uint handle = streaming.MapSingle(device, s_frame.Address, s_frame.Size, DmaDirection.ToDevice);
            Assert.IsTrue(handle != 0);
            Thrown.As(typeof(InvalidOperationException), () => s_frame.Dispose(), new[] { HexText.Of(Psram), "lcd" });
            Assert.IsFalse(s_frame.IsDisposed);
            streaming.UnmapSingle(device, handle, s_frame.Size, DmaDirection.ToDevice);
            s_frame.Dispose();
            Assert.AreEqual("owners: none\n", s_memory.Owners());
        }
    }
}
