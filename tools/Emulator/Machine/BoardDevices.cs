using Carveout.Board.Boards;
using Carveout.Video;

namespace Carveout.Emulator.Machine;

/// <summary>The cameras and displays that a board can have, and the DMA engines that move their pixels.</summary>
internal static class BoardDevices
{
    /// <summary>A display that scans frames out of memory: STM32's LTDC, i.MX31's IPU.</summary>
    public const string Ltdc = "ltdc", Ipu = "ipu";

    /// <summary>A display with its own memory, behind SPI.</summary>
    public const string Spi = "spi";

    /// <summary>A camera that sends pixels as the display takes them, so that frames need no copy.</summary>
    public const string Rgb = "ov2640";

    /// <summary>A camera that sends YUYV, which the CPU converts.</summary>
    public const string Yuv = "ov7670";

    /// <summary>A sensor behind an image processor, as on an ESP32-P4, an STM32MP or a Raspberry Pi. It sends NV12 and all other formats
    /// that have pixels.</summary>
    public const string Processor = "isp";

    /// <summary>How often in a second a scan-out display refreshes.</summary>
    public const int RefreshesPerSecond = 60;

    private const int MHz = 1_000_000;

    /// <summary>All cameras; every board's interface takes each of them.</summary>
    public static string[] Cameras => [Rgb, Yuv, Processor];

    /// <summary>All displays.</summary>
    public static string[] AllDisplays => [Ltdc, Ipu, Spi];

    /// <summary>The displays of a board, the default first. The ESP32s have no controller that scans memory; i.MX31 needs no
    /// other.</summary>
    public static string[] Displays(string board) => board switch
    {
        Esp32Cam.Name or Esp32S3.Name => [Spi],
        Imx31Reference.Name => [Ipu],
        _ => [Ltdc, Spi],
    };

    /// <summary>The engine that moves a board's pixels.</summary>
    public static DmaEngines Engine(string board) => board == Esp32S3.Name ? DmaEngines.Gdma : DmaEngines.General;

    /// <summary>Bits a second of a board's fastest SPI.</summary>
    public static int SpiClock(string board) => board switch
    {
        Esp32Cam.Name => 40 * MHz,
        Esp32S3.Name => 80 * MHz,
        Stm32F429Disco.Name => 45 * MHz,
        _ => 50 * MHz,
    };

    /// <summary>Bytes of the data cache, for boards that have one.</summary>
    public static int CacheSize(string board) => board == Esp32S3.Name ? 32768 : 16384;

    /// <summary>The pixel format that a display takes: SPI displays need the upper byte first.</summary>
    public static PixelFormat ScreenFormat(string display) => display == Spi ? PixelFormat.RGB565X : PixelFormat.RGB565;

    /// <summary>The pixel formats that a camera can send for a display, the default first, by the data sheets of OV2640 and OV7670. Their raw
    /// samples make no picture here. Of 16 bits a pixel, the bytes come in the display's order.</summary>
    public static PixelFormat[] CameraFormats(string camera, string display) => camera switch
    {
        Yuv => [PixelFormat.YUYV, PixelFormat.UYVY, ScreenFormat(display)],
        Processor =>
        [
            PixelFormat.NV12, PixelFormat.YUV420, PixelFormat.YUYV, PixelFormat.UYVY, PixelFormat.GREY, ScreenFormat(display), PixelFormat.RGB888,
            PixelFormat.XRGB8888, PixelFormat.ARGB8888,
        ],
        _ => [ScreenFormat(display), PixelFormat.YUYV, PixelFormat.UYVY],
    };

    /// <summary>Whether camera and display can share a pool of frames. Their buffers are coherent, so the pool must lie in memory that DMA
    /// engines reach and the CPU does not cache.</summary>
    public static bool CanPool(string board) => board is Stm32F429Disco.Name or Stm32F769Disco.Name;
}
