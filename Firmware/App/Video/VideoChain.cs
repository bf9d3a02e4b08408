using System;
using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Memory;
using Carveout.Video;
using Carveout.Video.Displays;

namespace Carveout.App
{
    /// <summary>The board's camera, its display, and the pipeline between them, whose frames lie in a pool.</summary>
    /// <remarks>Camera and display are software. They see memory as the CPU does: no cache lies in between, and they reach memory that no
    /// DMA engine reaches. So the DMA allocator gets a description of the memory as the CPU sees it.</remarks>
    internal sealed class VideoChain
    {
        private const int Second = 1000000, Mappings = 32, Blocks = 32, WordSize = 4, PixelSize = 2;
        private const string DisplayName = "display", CameraName = "camera";

        private readonly DmaAllocator _dma;
        private readonly ReservedPool _pool;
        private readonly DeviceWait _wait;

        /// <summary>Connects the devices; nothing is started.</summary>
        /// <param name="memory">The memory of the frames: the map's reservation for them or, if the heap had too little for that, pages of
        /// the zones.</param>
        internal VideoChain(Platform platform, BoardSetup setup, CarveoutMemory memory)
        {
            SoftwareDisplay display = OpenDisplay(platform, setup, memory.Memory);
            VideoFormat format = display.Format;
            SoftwareCamera camera = platform.OpenCamera(memory.Memory, format, Second / setup.FramesPerSecond);
            _pool = FindPool(memory.Map, setup);
            _dma = new DmaAllocator(memory.Pages, AsTheCpuHasIt(memory.Map), memory.Memory, null, Mappings, Blocks);
            var streaming = new DmaStreaming(_dma);
            _wait = new DeviceWait(platform);
            _wait.Serve(camera, display);
            var capture = new VideoCaptureDevice(camera, Attach(CameraName), _dma, streaming, _wait);
            var output = new VideoOutputDevice(display, Attach(DisplayName), _dma, streaming, _wait);
            Set(capture, format);
            Set(output, format);
            Pipeline = new Pipeline(capture, output, setup.Buffers, Quantization.LimitedRange, ScaleFit.Letterbox);
            Description = camera.Name + " (test card) -> " + display.Name + ", " + format.ToString();
        }

        internal Pipeline Pipeline { get; }
        internal string Description { get; }

        /// <summary>Why the board's display is not used; empty if it is used, or if there is none.</summary>
        internal string WhyHeadless { get; private set; } = "";

        /// <summary>Bytes of a board's frames, which are reserved for them.</summary>
        internal static int PoolSize(BoardSetup setup) => setup.Buffers * FrameSize(setup);

        /// <summary>How much of the frames' memory is in use, in words.</summary>
        internal string MemoryText() =>
            _pool == null
                ? "frames: " + _dma.BlockBytes.ToString() + " bytes of the zones"
                : "frames: " + (_pool.Count - _pool.FreeCount).ToString() + " of " + _pool.Count.ToString() + " buffers of the pool in use";

        private static void Set(VideoDevice device, VideoFormat format)
        {
            VideoResult result = device.SetFormat(format);
            if (result != VideoResult.Ok)
            {
                throw new InvalidOperationException(device.Name + " does not take " + format.ToString() + ": result "
                    + ((int)result).ToString());
            }
        }

        /// <summary>Whole pages, so that no frame shares one.</summary>
        private static int FrameSize(BoardSetup setup)
        {
            int size = setup.Width * setup.Height * PixelSize;
            return (size + MemoryMap.DefaultPageSize - 1) / MemoryMap.DefaultPageSize * MemoryMap.DefaultPageSize;
        }

        private static ReservedPool FindPool(MemoryMap map, BoardSetup setup)
        {
            Reservation reserved = map.FindReservation(BoardCatalog.PoolName);
            if (reserved == null || reserved.Size < (uint)PoolSize(setup))
            {
                return null;
            }
            reserved.Claim("the movie");
            return new ReservedPool("movie", reserved.Start, FrameSize(setup), setup.Buffers);
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
            var device = new DmaDevice(name, DmaEngines.General) { Alignment = WordSize, Snoops = true };
            if (_pool == null)
            {
                _dma.Attach(device);
            }
            else
            {
                _dma.Attach(device, DmaTail.Pool, _pool);
            }
            return device;
        }

        /// <summary>Opens the display. If it does not answer at boot, the application runs without it.</summary>
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
                return new PanelDisplay("SSD1306", platform, oled);
            }
            var lcd = new Ili9341(bus, memory, Rotation.Clockwise90, PixelFormat.RGB565X, DisplayBus.MaxTransfer);
            lcd.Initialize();
            return new PanelDisplay(lcd.Name, platform, lcd);
        }
    }
}
