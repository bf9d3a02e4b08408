using Carveout.Board;

namespace Carveout.Video.Displays
{
    /// <summary>Sitronix ST7789 with an IPS panel: 240x320, or a part of that such as 240x240 or 135x240.</summary>
    /// <remarks>Commands follow the datasheet of the ST7789V, V1.6. The controller's defaults for power and gamma are kept. IPS panels need
    /// inverted colours. RAMCTRL makes the controller take RGB565 low byte first, so frames of both formats are sent as they lie in memory.
    /// Not synchronized: one thread drives a display.</remarks>
    public sealed class St7789 : SpiPanel
    {
        private const byte RAMCTRL = 0xB0;

        /// <summary>RAMCTRL's first parameter, its default: the memory is written through the serial interface.</summary>
        private const int ThroughMcu = 0x00;

        /// <summary>RAMCTRL's second parameter, its default: when 65,536 colours are widened, their most significant bits fill up.</summary>
        private const int HighByteFirst = 0xF0;

        private const int LowByteFirst = HighByteFirst | 0x08;

        private const int ResetTime = 150, WakeTime = 120;

        /// <summary>Makes a driver for a panel that is still off, with a staging array of 16,384 bytes or less.</summary>
        /// <inheritdoc cref="SpiPanel(string, DisplayBus, PhysicalMemory, PanelGeometry, PixelFormat, int)"/>
        public St7789(DisplayBus bus, PhysicalMemory memory, PanelGeometry panel, PixelFormat pixelFormat, int stagingSize)
            : base("ST7789", bus, memory, panel, pixelFormat, stagingSize)
        {
        }

        /// <inheritdoc/>
        protected override bool SwapsBytes { get { return false; } }

        /// <inheritdoc/>
        protected override void SetUp()
        {
            Command(MipiCommand.SWRESET);
            Delay(ResetTime);
            Command(MipiCommand.SLPOUT);
            Delay(WakeTime);
            Command(MipiCommand.COLMOD, MipiCommand.Pixels16);
            Command(RAMCTRL, ThroughMcu, Format.PixelFormat == PixelFormat.RGB565 ? LowByteFirst : HighByteFirst);
            Command(MipiCommand.MADCTL, AccessOf(Panel.Rotation));
            Command(MipiCommand.INVON);
            Command(MipiCommand.NORON);
            Command(MipiCommand.DISPON);
        }

        private static int AccessOf(Rotation rotation)
        {
            switch (rotation)
            {
                case Rotation.Clockwise90:
                    return MipiCommand.MX | MipiCommand.MV;
                case Rotation.Clockwise180:
                    return MipiCommand.MX | MipiCommand.MY;
                case Rotation.Clockwise270:
                    return MipiCommand.MY | MipiCommand.MV;
                default:
                    return 0;
            }
        }
    }
}
