using System;
using Carveout.Board;
using Carveout.Memory;
using Carveout.Video;
using Carveout.Video.Displays;

namespace Carveout.App
{
    /// <summary>The board's camera, its display, and the pipeline between them, whose frames lie in a pool.</summary>
    /// <remarks>Camera and display are software, which sees memory as every program does: no cache stands between them and the CPU, and what
    /// no DMA engine reaches they do. So the DMA allocator is told of memory as the CPU has it.</remarks>
    internal sealed class VideoChain
    {
        private const int Second = 1000000, Mappings = 32, Blocks = 32, WordSize = 4;
        private const string DisplayName = "display", CameraName = "camera";

        private readonly DmaAllocator _dma;
        private readonly ReservedPool _pool;
        private readonly DeviceWait _wait;

        /// <summary>Connects the devices; nothing is started.</summary>
        /// <param name="platform">What they are on.</param>
        /// <param name="setup">Which they are.</param>
        /// <param name="memory">Where the frames are.</param>
        internal VideoChain(Platform platform, BoardSetup setup, BootMemory memory)
        {
            SoftwareDisplay display = OpenDisplay(platform, setup, memory.Memory);
            VideoFormat format = display.Format;
            SoftwareCamera camera = platform.OpenCamera(memory.Memory, format, Second / setup.FramesPerSecond);
            _pool = memory.Frames;
            _dma = new DmaAllocator(memory.Pages, AsTheCpuHasIt(memory.Map), memory.Memory, null, Mappings, Blocks);
            var streaming = new DmaStreaming(_dma);
            _wait = new DeviceWait(platform);
            _wait.Serve(camera, display);
            var capture = new VideoCaptureDevice(camera, Attach(CameraName), _dma, streaming, _wait);
            var output = new VideoOutputDevice(display, Attach(DisplayName), _dma, streaming, _wait);
            capture.SetFormat(format);
            output.SetFormat(format);
            Pipeline = new Pipeline(capture, output, setup.Buffers, Quantization.LimitedRange, ScaleFit.Letterbox);
            Description = camera.Name + " (test card) -> " + display.Name + ", " + format.ToString();
        }

        /// <summary>What moves the frames.</summary>
        internal Pipeline Pipeline { get; }

        /// <summary>Camera and display, in words.</summary>
        internal string Description { get; }

        /// <summary>Why the board's display is not used; empty where it is, or there is none.</summary>
        internal string WhyHeadless { get; private set; } = "";

        /// <summary>The pool, in words.</summary>
        internal string PoolText()
        {
            return "pool '" + _pool.Name + "': " + (_pool.Count - _pool.FreeCount).ToString() + " of " + _pool.Count.ToString()
                + " buffers out";
        }

        private static MemoryMap AsTheCpuHasIt(MemoryMap map)
        {
            var view = new MemoryMap(map.Name, map.PageSize);
            for (int i = 0; i < map.RegionCount; i++)
            {
                MemoryRegion region = map.RegionAt(i);
                view.Add(new MemoryRegion(region.Name, region.Kind, region.Start, region.Size, DmaEngines.General, 0));
            }
            return view;
        }

        private DmaDevice Attach(string name)
        {
            var device = new DmaDevice(name, DmaEngines.General, uint.MaxValue, WordSize, 0, int.MaxValue, true);
            _dma.Attach(device, DmaTail.Pool, _pool);
            return device;
        }

        /// <summary>A display that does not answer at boot is no reason not to run.</summary>
        private SoftwareDisplay OpenDisplay(Platform platform, BoardSetup setup, PhysicalMemory memory)
        {
            var plain = new VideoFormat(setup.Width, setup.Height, PixelFormat.RGB565);
            if (setup.Display.Kind != DisplayKind.None)
            {
                try
                {
                    DisplayBus bus = platform.OpenDisplay(setup.Display);
                    if (bus != null)
                    {
                        return Initialize(platform, setup.Display.Kind, bus, memory, plain);
                    }
                    WhyHeadless = "no wires to the board's display here";
                }
                catch (Exception e)
                {
                    WhyHeadless = "the display does not answer: " + Failure.Words(e);
                }
            }
            return new HeadlessDisplay(platform, plain);
        }

        private static SoftwareDisplay Initialize(Platform platform, DisplayKind kind, DisplayBus bus, PhysicalMemory memory, VideoFormat plain)
        {
            if (kind == DisplayKind.Ssd1306)
            {
                var oled = new Ssd1306(bus, memory, 64, plain, ScaleFit.Letterbox, Ssd1306.Width);
                oled.Initialize();
                return new OledDisplay(platform, oled);
            }
            var lcd = new Ili9341(bus, memory, Rotation.Clockwise90, PixelFormat.RGB565X, DisplayBus.MaxTransfer);
            lcd.Initialize();
            return new LcdDisplay(platform, lcd);
        }
    }
}
