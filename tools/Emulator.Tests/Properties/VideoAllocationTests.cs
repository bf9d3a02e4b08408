using Carveout.Video;
using Carveout.Video.Displays;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>Once constructed, the device's code for frames allocates nothing from the managed heap.</summary>
[TestClass]
public sealed class VideoAllocationTests
{
    private const uint Start = 0x20000000;

    private readonly ManagedMemory _memory = new(Start, 700_000);

    [TestMethod]
    public void Converting_allocates_nothing()
    {
        var target = new VideoFormat(320, 240, PixelFormat.RGB565);
        foreach (PixelFormat pixels in (PixelFormat[])[PixelFormat.YUYV, PixelFormat.YUV420, PixelFormat.GREY, PixelFormat.RGB565])
        {
            var converter = new FrameConverter(_memory, new VideoFormat(160, 120, pixels), target, Quantization.LimitedRange, ScaleFit.Fill);
            Nothing(() => converter.Convert(Start, Start + 200_000));
        }
    }

    [TestMethod]
    public void A_picture_allocates_nothing()
    {
        var camera = new PatternCamera(_memory, new VideoFormat(320, 240, PixelFormat.YUYV));
        Nothing(() => camera.Capture(Start));
    }

    [TestMethod]
    public void Displays_allocate_nothing()
    {
        var bus = new SilentBus();
        var st7789 = new St7789(bus, _memory, new PanelGeometry(Rotation.Clockwise90), PixelFormat.RGB565, 16384);
        var ili9341 = new Ili9341(bus, _memory, Rotation.Clockwise90, PixelFormat.RGB565, 4096);
        var frame = new VideoFormat(320, 240, PixelFormat.RGB565);
        var oled = new Ssd1306(bus, _memory, 64, frame, ScaleFit.Letterbox, 31);
        st7789.Initialize();
        ili9341.Initialize();
        oled.Initialize();
        Nothing(() => st7789.Show(Start));
        Nothing(() => st7789.ShowWindow(Start, 640, 1, 2, 30, 40));
        Nothing(() => ili9341.Show(Start));
        Nothing(() => oled.Show(Start));
    }

    private static void Nothing(Action frame) => Assert.AreEqual(0L, ManagedHeap.LeastTaken(frame));

    private sealed class SilentBus : DisplayBus
    {
        public override void Command(byte command)
        {
        }

        public override void Reset()
        {
        }

        public override void Delay(int milliseconds)
        {
        }

        protected override void Transfer(byte[] buffer, int offset, int length)
        {
        }
    }
}
