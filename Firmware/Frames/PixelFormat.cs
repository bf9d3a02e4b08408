namespace Carveout.Video
{
    /// <summary>How a picture lies in memory, by the names of V4L2; the values are V4L2's four-character codes, low byte first.</summary>
    public enum PixelFormat
    {
        /// <summary>16 bits a pixel, red in the upper five, low byte first ("RGBP"). What LCD controllers scan out.</summary>
        RGB565 = 0x50424752,

        /// <summary>As RGB565 with the high byte first ("RGBR"): the order in which SPI displays take their pixels.</summary>
        RGB565X = 0x52424752,

        /// <summary>4:2:2, packed: Y0 U Y1 V for two pixels ("YUYV").</summary>
        YUYV = 0x56595559,

        /// <summary>4:2:0 in three planes: all Y, then U, then V at half the width and height ("YU12").</summary>
        YUV420 = 0x32315559,

        /// <summary>Luma alone, a byte a pixel ("GREY").</summary>
        GREY = 0x59455247,

        /// <summary>Compressed ("JPEG"): opaque here, its size varies from frame to frame.</summary>
        JPEG = 0x4745504A,
    }
}
