using System;
using Carveout.Board;
using Carveout.Firmware.Tests.Frames;
using Carveout.Video;
using Carveout.Video.Displays;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video.Displays
{
    /// <summary>What is sent to an ILI9341 and an ST7789; the expected bytes are those of the datasheets.</summary>
    [TestClass]
    public class SpiPanelTests
    {
        private const uint Memory = 0x3F900000;
        private const int MemorySize = 400 * 1024, LongestShort = 32767;

        private static readonly ManagedMemory s_memory = new ManagedMemory(Memory, MemorySize);
        private static RecordingBus s_bus;
        private static SpiPanel s_panel;

        [TestMethod]
        public void Ili9341_is_set_up_by_the_bytes_of_its_datasheet()
        {
            Ili9341(Rotation.None, PixelFormat.RGB565X, 16384);
            s_panel.Initialize();
            Assert.AreEqual("! 01 ~120 28 CF =00C130 ED =64031281 E8 =850078 CB =392C003402 F7 =20 EA =0000 C0 =23 C1 =10 C5 =3E28 C7 =86"
                + " 36 =48 3A =55 B1 =0018 B6 =088227 F2 =00 26 =01 E0 =0F312B0C0E084EF1370710030E0900"
                + " E1 =000E1403110731C148080F0C31360F 11 ~120 29", s_bus.Log);
        }

        [TestMethod]
        [DataRow((int)PixelFormat.RGB565, "F8")]
        [DataRow((int)PixelFormat.RGB565X, "F0")]
        public void St7789_is_set_up_by_the_bytes_of_its_datasheet(int pixelFormat, string endian)
        {
            PixelFormat pixels = (PixelFormat)pixelFormat;
            St7789(new PanelGeometry(Rotation.None), pixels, 16384);
            s_panel.Initialize();
            Assert.AreEqual("! 01 ~150 11 ~120 3A =55 B0 =00" + endian + " 36 =00 21 13 29", s_bus.Log);
        }

        [TestMethod]
        [DataRow((int)Rotation.None, "48", "00", 240, 320)]
        [DataRow((int)Rotation.Clockwise90, "28", "60", 320, 240)]
        [DataRow((int)Rotation.Clockwise180, "88", "C0", 240, 320)]
        [DataRow((int)Rotation.Clockwise270, "E8", "A0", 320, 240)]
        public void Rotation_goes_into_memory_access_control(int turn, string ili, string st, int width, int height)
        {
            Rotation rotation = (Rotation)turn;
            Ili9341(rotation, PixelFormat.RGB565X, 16384);
            s_panel.Initialize();
            Assert.Contains(" 36 =" + ili + " ", s_bus.Log);
            St7789(new PanelGeometry(rotation), PixelFormat.RGB565, 16384);
            s_panel.Initialize();
            Assert.Contains(" 36 =" + st + " ", s_bus.Log);
            Assert.AreEqual(width, s_panel.Format.Width);
            Assert.AreEqual(height, s_panel.Format.Height);
        }

        /// <summary>240x240 begins at the first line, or at line 80 if lines are counted from the other end; 135x240 is off
        /// centre.</summary>
        [TestMethod]
        [DataRow(240, 240, 0, 0, (int)Rotation.None, "2A =000000EF 2B =000000EF 2C")]
        [DataRow(240, 240, 0, 0, (int)Rotation.Clockwise90, "2A =000000EF 2B =000000EF 2C")]
        [DataRow(240, 240, 0, 0, (int)Rotation.Clockwise180, "2A =000000EF 2B =0050013F 2C")]
        [DataRow(240, 240, 0, 0, (int)Rotation.Clockwise270, "2A =0050013F 2B =000000EF 2C")]
        [DataRow(135, 240, 52, 40, (int)Rotation.None, "2A =003400BA 2B =00280117 2C")]
        [DataRow(135, 240, 52, 40, (int)Rotation.Clockwise90, "2A =00280117 2B =003500BB 2C")]
        [DataRow(135, 240, 52, 40, (int)Rotation.Clockwise180, "2A =003500BB 2B =00280117 2C")]
        [DataRow(135, 240, 52, 40, (int)Rotation.Clockwise270, "2A =00280117 2B =003400BA 2C")]
        public void A_small_panel_is_found_in_the_memory(int width, int height, int column, int row, int turn, string window)
        {
            Rotation rotation = (Rotation)turn;
            St7789(new PanelGeometry(width, height, column, row, rotation), PixelFormat.RGB565, 16384);
            s_panel.Initialize();
            s_bus.Forget();
            s_panel.Show(Memory);
            Assert.StartsWith(window + " =[16384]", s_bus.Log);
            Assert.AreEqual(2 * width * height, s_bus.PixelBytes);
        }

        [TestMethod]
        public void A_frame_goes_out_in_transfers_that_the_drivers_can_take()
        {
            Number(320 * 240 * 2);
            St7789(new PanelGeometry(Rotation.Clockwise90), PixelFormat.RGB565, 16384);
            s_panel.Initialize();
            s_bus.Forget();
            s_panel.Show(Memory);
            Assert.AreEqual("2A =0000013F 2B =000000EF 2C =[16384] =[16384] =[16384] =[16384] =[16384] =[16384] =[16384] =[16384] =[16384]"
                + " =[6144]", s_bus.Log);
            Assert.AreEqual(10L, s_panel.Transfers);
            Assert.AreEqual(DisplayBus.MaxTransfer, s_bus.LongestTransfer);
            Assert.IsTrue(s_bus.LargestOffset <= LongestShort);
            Pixels(0, 320 * 240 * 2, 0);
        }

        /// <summary>How many bytes of a frame are copied before they are sent: all if the memory has no arrays, none if the bus takes any
        /// offset, and with nanoFramework's driver all but the pieces that begin in the first 32,767 bytes of the array.</summary>
        [TestMethod]
        [DataRow(0, 32767, 120832)]
        [DataRow(16384, 32767, 137216)]
        [DataRow(32768, 32767, 153600)]
        [DataRow(200000, 32767, 153600)]
        [DataRow(0, int.MaxValue, 0)]
        [DataRow(200000, int.MaxValue, 0)]
        public void A_frame_is_not_copied_as_far_as_the_wires_reach(int place, int reach, int copied)
        {
            Number(320 * 240 * 2 + place);
            St7789(new PanelGeometry(Rotation.Clockwise90), PixelFormat.RGB565, 16384);
            s_panel.Initialize();
            s_bus.Forget();
            s_bus.Reach = reach;
            s_panel.Show(Memory + (uint)place);
            Assert.AreEqual((long)copied, s_panel.BytesStaged);
            Assert.AreEqual(10L, s_panel.Transfers);
            Assert.IsTrue(s_bus.LargestOffset <= reach);
            Pixels(0, 320 * 240 * 2, place);
        }

        [TestMethod]
        public void What_has_no_array_or_is_turned_round_or_has_gaps_is_copied()
        {
            s_bus = new RecordingBus(320 * 240 * 2) { Reach = int.MaxValue };
            var reserved = new FakeNativeMemory(Memory, MemorySize, 32);
            reserved.Write(Memory, Numbers(320 * 240 * 2), 0, 320 * 240 * 2);
            s_panel = new St7789(s_bus, reserved, new PanelGeometry(Rotation.Clockwise90), PixelFormat.RGB565, 16384);
            s_panel.Initialize();
            s_bus.Forget();
            s_panel.Show(Memory);
            Assert.AreEqual(153600L, s_panel.BytesStaged);
            Pixels(0, 320 * 240 * 2, 0);
            Number(320 * 240 * 2);
            Ili9341(Rotation.Clockwise90, PixelFormat.RGB565, 16384);
            s_panel.Initialize();
            s_bus.Reach = int.MaxValue;
            s_bus.Forget();
            s_panel.Show(Memory);
            Assert.AreEqual(153600L, s_panel.BytesStaged);
            s_bus.Forget();
            s_panel.ShowWindow(Memory, 640, 0, 0, 300, 10);
            Assert.AreEqual(153600L + 6000, s_panel.BytesStaged);
        }

        [TestMethod]
        [DataRow(4)]
        [DataRow(480)]
        [DataRow(1000)]
        [DataRow(16380)]
        [DataRow(16384)]
        public void Any_staging_array_sends_the_same_pixels(int staging)
        {
            Number(240 * 40 * 2);
            St7789(new PanelGeometry(240, 40, 0, 0, Rotation.None), PixelFormat.RGB565, staging);
            s_panel.Initialize();
            s_bus.Forget();
            s_bus.KeepAll = true;
            s_panel.Show(Memory);
            Assert.AreEqual((long)(240 * 40 * 2 + staging - 1) / staging, s_panel.Transfers);
            Assert.IsTrue(s_bus.LongestTransfer <= staging);
            // Eight bytes of the window's bounds come first.
            Pixels(8, 240 * 40 * 2, 0);
        }

        [TestMethod]
        public void Ili9341_gets_the_high_byte_first_from_both_formats()
        {
            s_memory.Write(Memory, new byte[] { 0x34, 0x12, 0x78, 0x56 }, 0, 4);
            Ili9341(Rotation.None, PixelFormat.RGB565, 16384);
            s_panel.Initialize();
            s_bus.Forget();
            s_panel.ShowWindow(Memory, 4, 0, 0, 2, 1);
            Assert.AreEqual("2A =00000001 2B =00000000 2C =12345678", s_bus.Log);
            Ili9341(Rotation.None, PixelFormat.RGB565X, 16384);
            s_panel.Initialize();
            s_bus.Forget();
            s_panel.ShowWindow(Memory, 4, 0, 0, 2, 1);
            Assert.AreEqual("2A =00000001 2B =00000000 2C =34127856", s_bus.Log);
        }

        [TestMethod]
        public void St7789_turns_bytes_round_itself()
        {
            s_memory.Write(Memory, new byte[] { 0x34, 0x12 }, 0, 2);
            St7789(new PanelGeometry(Rotation.None), PixelFormat.RGB565, 16384);
            s_panel.Initialize();
            s_bus.Forget();
            s_panel.ShowWindow(Memory, 2, 239, 319, 1, 1);
            Assert.AreEqual("2A =00EF00EF 2B =013F013F 2C =3412", s_bus.Log);
        }

        /// <summary>Lines with gaps share transfers, and the gaps are not sent.</summary>
        [TestMethod]
        public void A_window_of_a_wider_picture_leaves_the_rest_of_the_lines_out()
        {
            byte[] lines = new byte[24];
            for (int i = 0; i < lines.Length; i++)
            {
                lines[i] = (byte)i;
            }
            s_memory.Write(Memory, lines, 0, lines.Length);
            St7789(new PanelGeometry(Rotation.None), PixelFormat.RGB565, 8);
            s_panel.Initialize();
            s_bus.Forget();
            s_panel.ShowWindow(Memory, 8, 10, 20, 3, 3);
            Assert.AreEqual("2A =000A000C 2B =00140016 2C =0001020304050809 =0A0B0C0D10111213 =1415", s_bus.Log);
        }

        [TestMethod]
        public void After_a_failure_it_is_initialized_anew()
        {
            St7789(new PanelGeometry(240, 40, 0, 0, Rotation.None), PixelFormat.RGB565, 1024);
            s_panel.Initialize();
            s_bus.FailAfter = s_bus.Transfers + 4;
            Assert.ThrowsException(typeof(InvalidOperationException), () => s_panel.Show(Memory));
            Assert.ThrowsException(typeof(InvalidOperationException), () => s_panel.Initialize());
            Assert.Contains("expected Initialize", Thrown.By(() => s_panel.Show(Memory)).Message, "the second set-up failed as well");
            s_bus.FailAfter = -1;
            s_panel.Initialize();
            s_bus.Forget();
            s_panel.Show(Memory);
            Assert.AreEqual(240 * 40 * 2, s_bus.PixelBytes);
        }

        [TestMethod]
        public void Shows_nothing_before_it_is_initialized()
        {
            Ili9341(Rotation.None, PixelFormat.RGB565X, 16384);
            Exception e = Thrown.By(() => s_panel.Show(Memory));
            Assert.IsTrue(e.GetType() == typeof(InvalidOperationException));
            Assert.Contains("ILI9341 has not been initialized", e.Message);
            Assert.AreEqual("", s_bus.Log);
        }

        [TestMethod]
        [DataRow(-1, 0, 1, 1)]
        [DataRow(0, -1, 1, 1)]
        [DataRow(0, 0, 0, 1)]
        [DataRow(0, 0, 1, 0)]
        [DataRow(1, 0, 240, 1)]
        [DataRow(0, 1, 1, 320)]
        [DataRow(int.MaxValue, 0, 1, 1)]
        [DataRow(0, 0, int.MaxValue, int.MaxValue)]
        public void Refuses_a_window_that_is_not_on_the_display(int x, int y, int width, int height)
        {
            St7789(new PanelGeometry(Rotation.None), PixelFormat.RGB565, 16384);
            s_panel.Initialize();
            s_bus.Forget();
            Exception e = Thrown.By(() => s_panel.ShowWindow(Memory, 480, x, y, width, height));
            Assert.IsTrue(e.GetType() == typeof(ArgumentOutOfRangeException));
            Assert.Contains("240x320", e.Message);
            Assert.AreEqual("", s_bus.Log);
        }

        [TestMethod]
        public void Refuses_pixels_that_are_nowhere_or_overlap()
        {
            St7789(new PanelGeometry(Rotation.None), PixelFormat.RGB565, 16384);
            s_panel.Initialize();
            s_bus.Forget();
            Assert.Contains("0 is no address", Thrown.By(() => s_panel.Show(0)).Message);
            Assert.Contains("expected 480 to", Thrown.By(() => s_panel.ShowWindow(Memory, 479, 0, 0, 240, 1)).Message);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_panel.ShowWindow(Memory, 65537, 0, 0, 240, 1));
            Assert.AreEqual("", s_bus.Log);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_panel.Show(0xF0000000));
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(2)]
        [DataRow(6)]
        [DataRow(16386)]
        [DataRow(16388)]
        [DataRow(32768)]
        public void Refuses_a_staging_array_that_splits_pixels_or_is_too_long(int staging)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => new Ili9341(new RecordingBus(0), s_memory, Rotation.None, PixelFormat.RGB565X, staging));
        }

        [TestMethod]
        public void Refuses_what_is_missing()
        {
            var panel = new PanelGeometry(Rotation.None);
            s_bus = new RecordingBus(0);
            Assert.ThrowsException(typeof(ArgumentNullException), () => new St7789(null, s_memory, panel, PixelFormat.RGB565, 64));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new St7789(s_bus, null, panel, PixelFormat.RGB565, 64));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new St7789(s_bus, s_memory, null, PixelFormat.RGB565, 64));
            Assert.Contains("ST7789 shows no YUYV",
                Thrown.By(() => new St7789(s_bus, s_memory, panel, PixelFormat.YUYV, 64)).Message);
        }

        [TestMethod]
        [DataRow(0, 1, 0, 0)]
        [DataRow(1, 0, 0, 0)]
        [DataRow(240, 320, 1, 0)]
        [DataRow(240, 320, 0, 1)]
        [DataRow(10, 10, -1, 0)]
        [DataRow(10, 10, 0, -1)]
        [DataRow(int.MaxValue, 10, 1, 0)]
        public void Refuses_a_panel_that_the_memory_cannot_hold(int width, int height, int column, int row)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => new PanelGeometry(width, height, column, row, Rotation.None));
        }

        [TestMethod]
        public void Refuses_a_rotation_that_is_none()
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new PanelGeometry((Rotation)4));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new PanelGeometry((Rotation)(-1)));
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(16385)]
        [DataRow(32768)]
        public void The_bus_refuses_a_length_that_no_driver_takes(int length)
        {
            s_bus = new RecordingBus(0);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_bus.Data(new byte[40000], 0, length));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_bus.Data(new byte[16], 0, 17));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_bus.Data(new byte[16], 10, 7));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_bus.Data(new byte[16], -1, 1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_bus.Data(new byte[16], int.MaxValue, 1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_bus.Data(new byte[40000], 32768, 1));
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_bus.Data(null, 0, 1));
            Assert.AreEqual("", s_bus.Log);
        }

        private static void Ili9341(Rotation rotation, PixelFormat pixels, int staging)
        {
            s_bus = new RecordingBus(240 * 320 * 2);
            s_panel = new Ili9341(s_bus, s_memory, rotation, pixels, staging);
        }

        private static void St7789(PanelGeometry panel, PixelFormat pixels, int staging)
        {
            s_bus = new RecordingBus(240 * 320 * 2);
            s_panel = new St7789(s_bus, s_memory, panel, pixels, staging);
        }

        /// <summary>Writes bytes that depend on their address, with a period that is no transfer's length.</summary>
        private static void Number(int count)
        {
            s_memory.Write(Memory, Numbers(count), 0, count);
        }

        private static byte[] Numbers(int count)
        {
            byte[] bytes = new byte[count];
            for (int i = 0; i < count; i++)
            {
                bytes[i] = (byte)(i % 251);
            }
            return bytes;
        }

        private static void Pixels(int from, int count, int first)
        {
            Assert.AreEqual(from + count, s_bus.PixelBytes);
            for (int i = 0; i < count; i++)
            {
                if (s_bus.Pixels[from + i] != (byte)((first + i) % 251))
                {
                    Assert.AreEqual((first + i) % 251, (int)s_bus.Pixels[from + i], "byte " + i.ToString());
                }
            }
        }
    }
}
