namespace Carveout.Video.Displays
{
    /// <summary>The commands of MIPI's Display Command Set that ILI9341 and ST7789 share, by the names of their datasheets.</summary>
    internal static class MipiCommand
    {
        internal const byte SWRESET = 0x01;
        internal const byte SLPIN = 0x10;
        internal const byte SLPOUT = 0x11;
        internal const byte NORON = 0x13;
        internal const byte INVOFF = 0x20;
        internal const byte INVON = 0x21;
        internal const byte GAMSET = 0x26;
        internal const byte DISPOFF = 0x28;
        internal const byte DISPON = 0x29;
        internal const byte CASET = 0x2A;
        internal const byte RASET = 0x2B;
        internal const byte RAMWR = 0x2C;
        internal const byte MADCTL = 0x36;
        internal const byte COLMOD = 0x3A;

        /// <summary>COLMOD's parameter: 16 bits a pixel on both interfaces.</summary>
        internal const byte Pixels16 = 0x55;

        /// <summary>MADCTL: lines are counted from the bottom.</summary>
        internal const int MY = 0x80;

        /// <summary>MADCTL: columns are counted from the right.</summary>
        internal const int MX = 0x40;

        /// <summary>MADCTL: lines and columns are exchanged.</summary>
        internal const int MV = 0x20;

        /// <summary>MADCTL: the panel's subpixels are blue, green, red.</summary>
        internal const int BGR = 0x08;
    }
}
