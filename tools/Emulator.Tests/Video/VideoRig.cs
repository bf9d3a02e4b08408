using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Video;
using Carveout.Video.Devices;

namespace Carveout.Emulator.Tests.Video;

/// <summary>The hardware of a test: a board, its camera, its display.</summary>
/// <param name="Board">A board of the catalog.</param>
/// <param name="Engine">The engine that moves its pixels.</param>
/// <param name="Camera">The camera's pixel format; the screen's is RGB565.</param>
/// <param name="Width">Pixels of camera and screen.</param>
/// <param name="Height">Lines of both.</param>
/// <param name="Buffers">Buffers of the pipeline.</param>
internal sealed record RigSpec(string Board, DmaEngines Engine, PixelFormat Camera, int Width, int Height, int Buffers)
{
    public int FramesPerSecond { get; init; } = 30;

    /// <summary>Bits a second of an SPI display; 0 for a display that scans memory, at 60 Hz.</summary>
    public int SpiClock { get; init; }

    /// <summary>Whether the MPU lets the data cache serve the SDRAM, which the board's firmware does not.</summary>
    public bool CachesSdram { get; init; }

    /// <summary>Whether the core takes time, and speculates.</summary>
    public bool HasBusyCore { get; init; } = true;
}

/// <summary>A board with a camera and a display, built from its memory map, and a pipeline over them.</summary>
internal sealed class VideoRig
{
    public VideoRig(RigSpec spec)
    {
        Spec = spec;
        MemoryMap map = BoardCatalog.Create(spec.Board, ZoneLayout.Split, PageMapKind.Runs, 0);
        Machine = new EmulatedMachine(spec.CachesSdram ? Cached(map) : map,
            new MachineSpec { SpeculationInterval = spec.HasBusyCore ? 31 : 0, NanosecondsPerBurst = 100 });
        if (spec.HasBusyCore)
        {
            (Machine.Cpu.NanosecondsPerOperation, Machine.Cpu.NanosecondsPerKilobyte) = (200, 2000);
        }
        Memory = new DeafMemory(Machine.CpuMemory);
        Maps = [.. Enumerable.Range(0, map.ZoneCount).Select(i => NewMap(map, i))];
        Pages = PageAllocator.Boot(Machine.Map, [.. Maps], Memory, new InterruptMask(Machine.Interrupts));
        Machine.Allocator = Pages;
        Dma = new DmaAllocator(Pages, Machine.Map, Memory, null, 64, 64);
        var streaming = new DmaStreaming(Dma);
        CameraDma = new DmaDevice("camera-dma", spec.Engine) { Alignment = 32 };
        DisplayDma = new DmaDevice("display-dma", spec.Engine) { Alignment = 32 };
        Dma.Attach(CameraDma);
        Dma.Attach(DisplayDma);

        var cameraFormat = new VideoFormat(spec.Width, spec.Height, spec.Camera);
        var screenFormat = new VideoFormat(spec.Width, spec.Height, PixelFormat.RGB565);
        Pictures = new MovingPictures(cameraFormat, screenFormat);
        Camera = new EmulatedCamera(Machine,
            new CameraSpec("camera", spec.Engine, spec.Width, spec.Height, cameraFormat.LineSize, spec.FramesPerSecond), Pictures.FillLine);
        Camera.Port.AllowOwner(CameraDma.Name);
        Wait = new MachineWait(Machine);
        Capture = new VideoCaptureDevice(Camera, CameraDma, Dma, streaming, Wait);
        if (spec.SpiClock == 0)
        {
            Scanout = new EmulatedScanout(Machine, new ScanoutSpec("lcd", spec.Engine, spec.Width, spec.Height, screenFormat.LineSize, 60));
            Scanout.FrameShown = screen => Pictures.Look(screen.LastFrame);
            Output = new VideoOutputDevice(Scanout, DisplayDma, Dma, streaming, Wait);
        }
        else
        {
            Spi = new EmulatedSpiDisplay(Machine,
                new SpiDisplaySpec("lcd", spec.Engine, spec.Width, spec.Height, screenFormat.LineSize, spec.SpiClock));
            Spi.FrameShown = screen => Pictures.Look(screen.LastFrame);
            Output = new VideoOutputDevice(Spi, DisplayDma, Dma, streaming, Wait);
        }
        DmaPort port = Scanout?.Port ?? Spi!.Port;
        port.AllowOwner(DisplayDma.Name);
        port.AllowOwner(CameraDma.Name);
        Assert.AreEqual(VideoResult.Ok, Capture.SetFormat(cameraFormat));
        Assert.AreEqual(VideoResult.Ok, Output.SetFormat(screenFormat));
        Pipeline = new Pipeline(Capture, Output, spec.Buffers, Quantization.LimitedRange, ScaleFit.Letterbox);
        BuddyInfo = ProcText.BuddyInfo(Pages);
    }

    /// <summary>16 MB of uncached SDRAM; camera and LTDC use the same pixel format, so nothing is copied.</summary>
    public static RigSpec Disco { get; } = new(Stm32F769Disco.Name, DmaEngines.General, PixelFormat.RGB565, 320, 240, 4);

    /// <summary>The same with a camera that sends YUYV, and cached SDRAM.</summary>
    public static RigSpec CachedDisco { get; } = Disco with { Camera = PixelFormat.YUYV, CachesSdram = true };

    /// <summary>PSRAM behind a cache; a QVGA panel on 80 MHz of SPI.</summary>
    public static RigSpec S3 { get; } = new(Esp32S3.Name, DmaEngines.Gdma, PixelFormat.YUYV, 320, 240, 4) { SpiClock = 80_000_000 };

    /// <summary>Frames of a page, two for the camera and two for the screen. All of them fit into the cache of 16 KB in 4 ways, so lines
    /// survive until their buffer has the next frame. With QVGA not one line does.</summary>
    public static RigSpec Thumbnails { get; } = CachedDisco with { Width = 64, Height = 32, Buffers = 2 };

    /// <summary>80 KB that engines reach: small frames, in internal memory, without a copy.</summary>
    public static RigSpec Cam { get; } = new(Esp32Cam.Name, DmaEngines.General, PixelFormat.RGB565, 96, 96, 4) { SpiClock = 40_000_000 };

    public RigSpec Spec { get; }

    public EmulatedMachine Machine { get; }

    public DeafMemory Memory { get; }

    public RefusingMap[] Maps { get; }

    public PageAllocator Pages { get; }

    public DmaAllocator Dma { get; }

    public DmaDevice CameraDma { get; }

    public DmaDevice DisplayDma { get; }

    public MovingPictures Pictures { get; }

    public EmulatedCamera Camera { get; }

    public EmulatedScanout? Scanout { get; }

    public EmulatedSpiDisplay? Spi { get; }

    public MachineWait Wait { get; }

    public VideoCaptureDevice Capture { get; }

    public VideoOutputDevice Output { get; }

    public Pipeline Pipeline { get; }

    /// <summary>The zones before anything was allocated.</summary>
    public string BuddyInfo { get; }

    public long TornFrames => Scanout?.TornFrames ?? Spi!.TornFrames;

    /// <summary>How many blocks the zones have allocated.</summary>
    public long Given => Maps.Sum(map => map.Given);

    /// <summary>Starts the pipeline.</summary>
    public VideoRig Start()
    {
        Assert.AreEqual(VideoResult.Ok, Pipeline.Start(), Pipeline.Refusal);
        return this;
    }

    /// <summary>Moves frames.</summary>
    public void Play(int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            Assert.AreEqual(VideoResult.Ok, Pipeline.Step(1000), $"frame {i}: {Pipeline.ToText()}");
        }
    }

    /// <summary>Moves frames until some virtual milliseconds are over; returns how many waits ended without a frame.</summary>
    public int PlayFor(int milliseconds, int timeout = 100)
    {
        int vain = 0;
        for (long end = Wait.Microseconds + (milliseconds * 1000L); Wait.Microseconds < end && Pipeline.IsRunning;)
        {
            vain += Pipeline.Step(timeout) == VideoResult.ETIME ? 1 : 0;
        }
        return vain;
    }

    /// <summary>Stops, and expects every byte back.</summary>
    public void Stop()
    {
        Pipeline.Stop();
        ExpectAsAtBoot();
    }

    /// <summary>Nobody has any memory, and the zones are as before.</summary>
    public void ExpectAsAtBoot()
    {
        Assert.IsFalse(Pipeline.IsRunning);
        Assert.AreEqual(BuddyInfo, ProcText.BuddyInfo(Pages));
        Assert.AreEqual(0L, Dma.BlockBytes);
        Assert.AreEqual(0, Dma.BlockCount);
        Assert.AreEqual(0, Dma.MappingCount);
        Assert.AreEqual(0, Capture.Buffers.Count + Output.Buffers.Count);
        Assert.AreEqual(VideoState.Off, Capture.State);
        Assert.AreEqual(VideoState.Off, Output.State);
    }

    /// <summary>The screen showed all of the camera's pictures, whole and in order.</summary>
    public void ExpectEveryPicture()
    {
        Assert.AreEqual(0L, Pictures.Wrong, "frames that are none of the pictures");
        Assert.AreEqual(0L, Pictures.Jumps, "pictures passed over");
        Assert.AreEqual(0L, TornFrames, "torn frames");
        Assert.AreEqual(0L, Machine.StaleLines, "stale lines");
        Assert.AreEqual(0L, Pipeline.Dropped + Pipeline.Damaged + Pipeline.DisplayErrors + Pipeline.Stalls, Pipeline.ToText());
        Assert.AreEqual(0L, Pipeline.Allocations);
    }

    /// <summary>There are as many pictures as frames, except for those still under way, and none of them is wrong.</summary>
    public void ExpectEveryPictureOf(long pictures, int frames)
    {
        Assert.IsInRange(frames - 3L, frames, pictures);
        Assert.AreEqual(0L, Pictures.Wrong + TornFrames + Machine.StaleLines);
        Assert.AreEqual(0L, Pipeline.Dropped + Pipeline.Damaged + Pipeline.DisplayErrors + Pipeline.Stalls, Pipeline.ToText());
        Assert.AreEqual(0L, Pipeline.Allocations);
    }

    private static MemoryMap Cached(MemoryMap map)
    {
        var cached = new MemoryMap(map.Name, map.PageSize);
        for (int i = 0; i < map.RegionCount; i++)
        {
            MemoryRegion region = map.RegionAt(i);
            int line = region.Kind == MemoryKind.Sdram ? 32 : region.CacheLine;
            cached.Add(new MemoryRegion(region.Name, region.Kind, region.Start, region.Size, region.Dma, line, region.BusStart));
        }
        for (int i = 0; i < map.ReservationCount; i++)
        {
            Reservation reservation = map.ReservationAt(i);
            cached.Add(new Reservation(reservation.Name, reservation.Start, reservation.Size));
        }
        for (int i = 0; i < map.ZoneCount; i++)
        {
            cached.Add(map.ZoneAt(i));
        }
        return cached;
    }

    private static RefusingMap NewMap(MemoryMap map, int zone) =>
        new(PageMap.Create(map.ZoneAt(zone).Map, (int)(map.ZoneAt(zone).Size / (uint)map.PageSize)));
}
