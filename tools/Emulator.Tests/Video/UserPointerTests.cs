using Carveout.Board.Boards;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Video;

/// <summary>STM32F769I-DISCO with a caller's frames in SRAM1, which is cached. The program reads each frame of the camera and inverts it
/// into another buffer, which the display shows.</summary>
[TestClass]
public sealed class UserPointerTests
{
    private const uint Sram1 = 0x20020000;
    private const int Width = 64, Lines = 16, FrameSize = 2 * Width * Lines, Frames = 60;

    private readonly VideoFormat _format = new(Width, Lines, PixelFormat.RGB565);
    private readonly byte[] _seen = new byte[FrameSize];
    private readonly EmulatedMachine _machine;
    private readonly DeafMemory _memory;
    private readonly DmaAllocator _dma;
    private readonly VideoCaptureDevice _capture;
    private readonly VideoOutputDevice _output;
    private long _read, _shown, _wrong;

    public UserPointerTests()
    {
        MemoryMap map = BoardCatalog.Create(Stm32F769Disco.Name, ZoneLayout.Split, PageMapKind.Runs, 0);
        _machine = new EmulatedMachine(map, new MachineSpec { SpeculationInterval = 5 });
        _memory = new DeafMemory(_machine.CpuMemory);
        _dma = new DmaAllocator(_machine.Boot(), map, _memory, null, 16, 16);
        var streaming = new DmaStreaming(_dma);
        var wait = new MachineWait(_machine);
        DmaDevice cameraDma = Attached("dcmi"), displayDma = Attached("ltdc");
        var camera = new EmulatedCamera(_machine, new CameraSpec("camera", DmaEngines.General, Width, Lines, 2 * Width, 30),
            (frame, y, line) => line.Fill((byte)(frame + y + 1)));
        var display = new EmulatedScanout(_machine, new ScanoutSpec("lcd", DmaEngines.General, Width, Lines, 2 * Width, 60));
        // This is the runtime's memory, which these devices may access while it is mapped for them.
        camera.Port.AllowAccess(Sram1, 2 * FrameSize);
        display.Port.AllowAccess(Sram1 + (2 * FrameSize), 2 * FrameSize);
        display.FrameShown = screen =>
        {
            _shown++;
            int first = screen.LastFrame[0];
            for (int y = 0; y < Lines; y++)
            {
                _wrong += screen.LastFrame.Slice(y * 2 * Width, 2 * Width).IndexOfAnyExcept((byte)(first - y)) >= 0 ? 1 : 0;
            }
        };
        _capture = new VideoCaptureDevice(camera, cameraDma, _dma, streaming, wait);
        _output = new VideoOutputDevice(display, displayDma, _dma, streaming, wait);
    }

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Frames_are_mapped_and_unmapped_and_nothing_is_stale()
    {
        Play();
        Assert.AreEqual(0L, _read + _wrong + _machine.StaleLines);
        Assert.IsGreaterThan(Frames, _shown);
        Assert.AreEqual(0, _dma.MappingCount);
        Assert.IsGreaterThanOrEqualTo(2L * Frames, _dma.MappingsMade);
    }

    [TestMethod]
    public void Without_invalidating_the_program_reads_old_frames()
    {
        _memory.ForgetsToInvalidate = true;
        Play();
        Assert.IsGreaterThan(0L, _read);
        Assert.IsGreaterThan(0L, _machine.Caches[0].StaleLinesRead);
    }

    [TestMethod]
    public void Without_cleaning_the_display_shows_old_frames()
    {
        _memory.ForgetsToClean = true;
        Play();
        Assert.IsGreaterThan(0L, _wrong);
        Assert.IsGreaterThan(0L, _machine.Caches[0].StaleLinesReadByDevices);
    }

    private DmaDevice Attached(string name)
    {
        var device = new DmaDevice(name, DmaEngines.General) { Alignment = 32 };
        _dma.Attach(device);
        return device;
    }

    private void Play()
    {
        foreach (VideoDevice device in new VideoDevice[] { _capture, _output })
        {
            Assert.AreEqual(VideoResult.Ok, device.SetFormat(_format));
            Assert.AreEqual(VideoResult.Ok, device.RequestBuffers(2, VideoMemory.UserPtr, out _));
        }
        for (int i = 0; i < 2; i++)
        {
            Queue(_capture, i, Sram1 + (uint)(i * FrameSize));
        }
        Assert.AreEqual(VideoResult.Ok, _capture.StreamOn());
        Assert.AreEqual(VideoResult.Ok, _output.StreamOn());
        for (int frame = 0; frame < Frames; frame++)
        {
            Assert.AreEqual(VideoResult.Ok, _capture.Dequeue(100, out VideoBuffer? captured));
            _memory.Read(captured!.Address, _seen, 0, FrameSize);
            for (int i = 0; i < FrameSize; i++)
            {
                _read += _seen[i] == (byte)(captured.Sequence + (i / (2 * Width)) + 1) ? 0 : 1;
                _seen[i] = (byte)~_seen[i];
            }
            Queue(_capture, captured.Index, captured.Address);
            int index = frame;
            if (frame >= 2)
            {
                Assert.AreEqual(VideoResult.Ok, _output.Dequeue(100, out VideoBuffer? shown));
                index = shown!.Index;
            }
            uint target = Sram1 + (uint)((2 + index) * FrameSize);
            _memory.Write(target, _seen, 0, FrameSize);
            Queue(_output, index, target);
        }
        TestContext.WriteLine($"{_read} wrong bytes read, {_wrong} wrong lines in {_shown} scans, {_machine.StaleLines} stale lines");
        Assert.AreEqual(VideoResult.Ok, _capture.StreamOff());
        Assert.AreEqual(VideoResult.Ok, _output.StreamOff());
    }

    private static void Queue(VideoDevice device, int index, uint address) =>
        Assert.AreEqual(VideoResult.Ok, device.Queue(index, address, FrameSize, 0));
}
