namespace Carveout.App
{
    /// <summary>The displays that the application can drive.</summary>
    public enum DisplayKind
    {
        /// <summary>No display: frames are drawn, but nobody sees them.</summary>
        None,

        /// <summary>An LCD of 320x240 on SPI.</summary>
        Ili9341,

        /// <summary>An OLED of 128x64 on I2C.</summary>
        Ssd1306,
    }
}
