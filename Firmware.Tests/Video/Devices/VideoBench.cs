using Carveout.Board;
using Carveout.Memory;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Video.Devices
{
    /// <summary>A board of 36 pages with a camera and two displays, whose frames have a page each.</summary>
    internal sealed class VideoBench
    {
        internal const uint Start = 0x20000000, User = Start + 0x40000;
        internal const int FrameSize = 4096, Pages = 36, Mappings = 40;

        internal readonly FakeCamera Camera = new FakeCamera();
        internal readonly FakeScanout Scanout = new FakeScanout();
        internal readonly FakePanel Panel = new FakePanel();
        internal readonly FakeWait Wait = new FakeWait();
        internal readonly VideoFormat Format = new VideoFormat(64, 32, PixelFormat.RGB565);
        internal readonly SyncLog Memory;
        internal readonly PageAllocator Allocator;
        internal readonly DmaAllocator Dma;
        internal readonly DmaStreaming Streaming;
        internal readonly DmaDevice CameraDma, DisplayDma;
        internal readonly VideoCaptureDevice Capture;
        internal readonly VideoOutputDevice Output, PanelOutput;

        internal VideoBench(bool cached)
        {
            var map = new MemoryMap("bench", FrameSize);
            map.Add(new MemoryRegion("RAM", MemoryKind.Sram, Start, 0x80000, DmaEngines.General, cached ? 32 : 0));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, Start, Pages * FrameSize, DmaEngines.General, PageMapKind.Runs));
            map.Add(new Reservation("user", User, 0x40000));
            Memory = new SyncLog(new ManagedMemory(Start, 0x80000));
            Allocator = PageAllocator.Boot(map, Memory, new StrictLock());
            Allocator.SetWatermarks(0, 0);
            Dma = new DmaAllocator(Allocator, map, Memory, null, Mappings, 64);
            Streaming = new DmaStreaming(Dma);
            CameraDma = NewDevice("camera-dma", DmaEngines.General);
            DisplayDma = NewDevice("lcd-dma", DmaEngines.General);
            Dma.Attach(CameraDma);
            Dma.Attach(DisplayDma);
            Capture = new VideoCaptureDevice(Camera, CameraDma, Dma, Streaming, Wait);
            Output = new VideoOutputDevice(Scanout, DisplayDma, Dma, Streaming, Wait);
            PanelOutput = new VideoOutputDevice(Panel, DisplayDma, Dma, Streaming, Wait);
        }

        internal int FreePages { get { return Allocator.ZoneAt(0).FreePages; } }

        internal static DmaDevice NewDevice(string name, DmaEngines engine)
        {
            return new DmaDevice(name, engine) { Alignment = 32 };
        }

        /// <summary>Gives a device its format and buffers, and queues all of them if they are its own.</summary>
        internal VideoBench Prepare(VideoDevice device, int count)
        {
            int given;
            device.SetFormat(Format);
            device.RequestBuffers(count, VideoMemory.Mmap, out given);
            for (int i = 0; i < given; i++)
            {
                device.Queue(i);
            }
            return this;
        }

        internal static void Is(VideoResult expected, VideoResult actual)
        {
            Assert.AreEqual((int)expected, (int)actual);
        }

        internal static void HasFlags(VideoBuffer buffer, VideoBufferFlags expected)
        {
            Assert.AreEqual((int)expected, (int)buffer.Flags);
        }

        internal static VideoBuffer Take(VideoDevice device)
        {
            VideoBuffer buffer;
            device.Dequeue(out buffer);
            return buffer;
        }

        internal static VideoResult TryTake(VideoDevice device, int timeout)
        {
            VideoBuffer buffer;
            return device.Dequeue(timeout, out buffer);
        }
    }
}
