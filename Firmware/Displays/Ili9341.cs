using Carveout.Board;

namespace Carveout.Video.Displays
{
    /// <summary>ILITEK ILI9341 with a TN panel of 240x320, whose subpixels are blue, green, red.</summary>
    /// <remarks>Commands follow the datasheet, V1.11. Power, timing and gamma have the values that the makers of common modules give. The frame
    /// memory is mounted mirrored, so an upright picture needs MX. The controller cannot be told the order of a pixel's bytes on the serial
    /// interface: use RGB565X. With RGB565 the driver swaps the bytes of each pixel. Not synchronized: one thread drives a display.</remarks>
    public sealed class Ili9341 : SpiPanel
    {
        private const byte FRMCTR1 = 0xB1, DISCTRL = 0xB6, PWCTRL1 = 0xC0, PWCTRL2 = 0xC1, VMCTRL1 = 0xC5, VMCTRL2 = 0xC7;
        private const byte PWCTRLA = 0xCB, PWCTRLB = 0xCF, DTCTRLA = 0xE8, DTCTRLB = 0xEA, PWSEQ = 0xED, GAM3 = 0xF2, PUMP = 0xF7;
        private const byte PGAMCTRL = 0xE0, NGAMCTRL = 0xE1;
        private const int ResetTime = 120, WakeTime = 120;

        /// <summary>Makes a driver for a panel that is still off, with a staging array of 16,384 bytes or less.</summary>
        /// <param name="pixelFormat">RGB565X; or RGB565, which costs a loop over every pixel.</param>
        /// <param name="stagingSize">Bytes of the staging array, a multiple of 4, to <see cref="DisplayBus.MaxTransfer"/>.</param>
        public Ili9341(DisplayBus bus, PhysicalMemory memory, Rotation rotation, PixelFormat pixelFormat, int stagingSize)
            : base("ILI9341", bus, memory, new PanelGeometry(rotation), pixelFormat, stagingSize)
        {
        }

        /// <inheritdoc/>
        protected override bool SwapsBytes { get { return Format.PixelFormat == PixelFormat.RGB565; } }

        /// <inheritdoc/>
        protected override void SetUp()
        {
            Command(MipiCommand.SWRESET);
            Delay(ResetTime);
            Command(MipiCommand.DISPOFF);
            Command(PWCTRLB, new byte[] { 0x00, 0xC1, 0x30 });
            Command(PWSEQ, new byte[] { 0x64, 0x03, 0x12, 0x81 });
            Command(DTCTRLA, new byte[] { 0x85, 0x00, 0x78 });
            Command(PWCTRLA, new byte[] { 0x39, 0x2C, 0x00, 0x34, 0x02 });
            Command(PUMP, 0x20);
            Command(DTCTRLB, 0x00, 0x00);
            Command(PWCTRL1, 0x23);
            Command(PWCTRL2, 0x10);
            Command(VMCTRL1, 0x3E, 0x28);
            Command(VMCTRL2, 0x86);
            Command(MipiCommand.MADCTL, AccessOf(Panel.Rotation));
            Command(MipiCommand.COLMOD, MipiCommand.Pixels16);
            Command(FRMCTR1, 0x00, 0x18);
            Command(DISCTRL, new byte[] { 0x08, 0x82, 0x27 });
            Command(GAM3, 0x00);
            Command(MipiCommand.GAMSET, 0x01);
            Command(PGAMCTRL, new byte[] { 0x0F, 0x31, 0x2B, 0x0C, 0x0E, 0x08, 0x4E, 0xF1, 0x37, 0x07, 0x10, 0x03, 0x0E, 0x09, 0x00 });
            Command(NGAMCTRL, new byte[] { 0x00, 0x0E, 0x14, 0x03, 0x11, 0x07, 0x31, 0xC1, 0x48, 0x08, 0x0F, 0x0C, 0x31, 0x36, 0x0F });
            Command(MipiCommand.SLPOUT);
            Delay(WakeTime);
            Command(MipiCommand.DISPON);
        }

        private static int AccessOf(Rotation rotation)
        {
            switch (rotation)
            {
                case Rotation.Clockwise90:
                    return MipiCommand.MV | MipiCommand.BGR;
                case Rotation.Clockwise180:
                    return MipiCommand.MY | MipiCommand.BGR;
                case Rotation.Clockwise270:
                    return MipiCommand.MX | MipiCommand.MY | MipiCommand.MV | MipiCommand.BGR;
                default:
                    return MipiCommand.MX | MipiCommand.BGR;
            }
        }
    }
}
