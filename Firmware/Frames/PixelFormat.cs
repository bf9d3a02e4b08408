namespace Carveout.Video
{
    /// <summary>How a picture lies in memory, by the names of V4L2; the values are V4L2's four-character codes, low byte first.</summary>
    public enum PixelFormat
    {
        /// <summary>16 bits a pixel, red in the upper five, low byte first ("RGBP"). What LCD controllers scan out.</summary>
        RGB565 = 0x50424752,

        /// <summary>As RGB565 with the high byte first ("RGBR"): the order in which SPI displays take their pixels.</summary>
        RGB565X = 0x52424752,

        /// <summary>24 bits a pixel: blue, green, red, low byte first ("BGR3"; V4L2 calls it BGR24, DRM and LCD controllers RGB888).</summary>
        RGB888 = 0x33524742,

        /// <summary>32 bits a pixel: blue, green, red and a byte that nobody reads ("XR24"; V4L2's XBGR32, DRM's XRGB8888).</summary>
        XRGB8888 = 0x34325258,

        /// <summary>32 bits a pixel: blue, green, red, alpha ("AR24"; V4L2's ABGR32, DRM's ARGB8888).</summary>
        ARGB8888 = 0x34325241,

        /// <summary>4:2:2, packed: Y0 U Y1 V for two pixels ("YUYV").</summary>
        YUYV = 0x56595559,

        /// <summary>4:2:2, packed: U Y0 V Y1 for two pixels ("UYVY").</summary>
        UYVY = 0x59565955,

        /// <summary>4:2:0 in two planes: all Y, then U and V by turns at half the width and height ("NV12").</summary>
        NV12 = 0x3231564E,

        /// <summary>4:2:0 in three planes: all Y, then U, then V at half the width and height ("YU12").</summary>
        YUV420 = 0x32315559,

        /// <summary>Luma alone, a byte a pixel ("GREY").</summary>
        GREY = 0x59455247,

        /// <summary>Compressed ("JPEG"): opaque here, its size varies from frame to frame.</summary>
        JPEG = 0x4745504A,

        /// <summary>A byte a sample of a sensor behind its colour filter: blue, green; green, red ("BA81"). Opaque here.</summary>
        SBGGR8 = 0x31384142,

        /// <summary>A byte a sample of a sensor behind its colour filter: green, blue; red, green ("GBRG"). Opaque here.</summary>
        SGBRG8 = 0x47524247,

        /// <summary>A byte a sample of a sensor behind its colour filter: green, red; blue, green ("GRBG"). Opaque here.</summary>
        SGRBG8 = 0x47425247,

        /// <summary>A byte a sample of a sensor behind its colour filter: red, green; green, blue ("RGGB"). Opaque here.</summary>
        SRGGB8 = 0x42474752,

        /// <summary>Ten bits a sample, in two bytes, low byte first: blue, green; green, red ("BG10"). Opaque here.</summary>
        SBGGR10 = 0x30314742,

        /// <summary>Ten bits a sample, in two bytes, low byte first: green, blue; red, green ("GB10"). Opaque here.</summary>
        SGBRG10 = 0x30314247,

        /// <summary>Ten bits a sample, in two bytes, low byte first: green, red; blue, green ("BA10"). Opaque here.</summary>
        SGRBG10 = 0x30314142,

        /// <summary>Ten bits a sample, in two bytes, low byte first: red, green; green, blue ("RG10"). Opaque here.</summary>
        SRGGB10 = 0x30314752,

        /// <summary>Ten bits a sample, four in five bytes, as MIPI CSI-2 sends them: blue, green; green, red ("pBAA"). Opaque here.</summary>
        SBGGR10P = 0x41414270,

        /// <summary>Ten bits a sample, four in five bytes, as MIPI CSI-2 sends them: green, blue; red, green ("pGAA"). Opaque here.</summary>
        SGBRG10P = 0x41414770,

        /// <summary>Ten bits a sample, four in five bytes, as MIPI CSI-2 sends them: green, red; blue, green ("pgAA"). Opaque here.</summary>
        SGRBG10P = 0x41416770,

        /// <summary>Ten bits a sample, four in five bytes, as MIPI CSI-2 sends them: red, green; green, blue ("pRAA"). Opaque here.</summary>
        SRGGB10P = 0x41415270,
    }
}
