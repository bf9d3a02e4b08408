using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Movies;
using Carveout.Video;

namespace Carveout.Emulator.Scenario;

/// <summary>A board's machine with a camera, a display, and the firmware's pipeline between them.</summary>
/// <remarks>The core's memory operations take as long as in native code. An interpreter needs more for a conversion
/// (docs/costs.md).</remarks>
internal sealed class PixelMachine : IDisposable
{
    private const string CameraName = "camera", DisplayName = "display";
    private const int NanosecondsPerOperation = 200, NanosecondsPerKilobyte = 2000;

    /// <summary>The alignment of buffers, in bytes: the longest cache line.</summary>
    private const int Alignment = 32;

    /// <summary>More mappings and blocks than two devices can have.</summary>
    private const int MostMappings = 64, MostBlocks = 128;

    private readonly EmulatedScanout? _scanout;
    private readonly EmulatedSpiDisplay? _spi;
    private readonly DmaDevice _cameraDma, _displayDma;
    private readonly DmaAllocator _dma;
    private readonly ReservedPool? _pool;
    private readonly IMovie _movie;
    private readonly PixelOptions _pixels;
    private long _stalls, _restarts, _copies;

    /// <summary>Connects the devices; nothing is started.</summary>
    /// <param name="options">The options, with pixels.</param>
    /// <param name="machine">The board.</param>
    /// <param name="allocator">Its zones.</param>
    /// <param name="pool">The pool of <see cref="DmaTail.Pool"/>, otherwise null.</param>
    /// <exception cref="UsageException">The movie cannot be read, or its format is not possible.</exception>
    public PixelMachine(PlayOptions options, EmulatedMachine machine, PageAllocator allocator, ReservedPool? pool)
    {
        _pixels = options.Pixels!;
        _pool = pool;
        Machine = machine;
        (machine.Cpu.NanosecondsPerOperation, machine.Cpu.NanosecondsPerKilobyte) = (NanosecondsPerOperation, NanosecondsPerKilobyte);
        MovieSpec movie = options.Movie;
        DmaEngines engine = options.Board.Engine;
        VideoFormat camera, screen;
        try
        {
            camera = new VideoFormat(movie.Width, movie.Height, _pixels.Format);
            screen = new VideoFormat(movie.Width, movie.Height, BoardDevices.ScreenFormat(_pixels.Display));
            _movie = _pixels.Movie is null
                ? new TestCardMovie(movie.Width, movie.Height, camera.PixelFormat, Math.Max(1, movie.FramesPerSecond / movie.Seconds))
                : Y4mMovie.Open(_pixels.Movie, camera, ScaleFit.Letterbox);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--frame {movie.Width}x{movie.Height}: {DeviceMessage.Of(e)}");
        }
        Source = new MovieSource(_movie, movie);
        FrameZone = allocator.ZoneAt(0);
        for (int i = allocator.ZoneCount - 1; i >= 0; i--)
        {
            FrameZone = allocator.ZoneAt(i).Kind == ZoneKind.Dma ? allocator.ZoneAt(i) : FrameZone;
        }
        _dma = new DmaAllocator(allocator, machine.Map, machine.CpuMemory, null, MostMappings, MostBlocks);
        var streaming = new DmaStreaming(_dma);
        _cameraDma = Attach(CameraName, engine, options.Tail);
        _displayDma = Attach(DisplayName, engine, options.Tail);
        var wait = new MachineWait(machine);
        Camera = new EmulatedCamera(machine,
            new CameraSpec(CameraName, engine, movie.Width, movie.Height, camera.SizeImage / movie.Height, movie.FramesPerSecond) { Seconds = movie.Seconds },
            Source.FillLine);
        Capture = new VideoCaptureDevice(Camera, _cameraDma, _dma, streaming, wait);
        if (_pixels.Display == BoardDevices.Spi)
        {
            _spi = new EmulatedSpiDisplay(machine, new SpiDisplaySpec(DisplayName, engine, movie.Width, movie.Height, screen.LineSize,
                options.Board.SpiClock));
            Output = new VideoOutputDevice(_spi, _displayDma, _dma, streaming, wait);
        }
        else
        {
            _scanout = new EmulatedScanout(machine, new ScanoutSpec(DisplayName, engine, movie.Width, movie.Height, screen.LineSize,
                BoardDevices.RefreshesPerSecond));
            Output = new VideoOutputDevice(_scanout, _displayDma, _dma, streaming, wait);
        }
        Allow(Camera.Port, _cameraDma);
        DmaPort display = _scanout?.Port ?? _spi!.Port;
        Allow(display, _displayDma);
        Allow(display, _cameraDma);
        Set(Capture, camera);
        Set(Output, screen);
        Pipeline = new Pipeline(Capture, Output, movie.Buffers, Quantization.LimitedRange, ScaleFit.Letterbox);
        long every = _pixels.PngEvery != 0 ? _pixels.PngEvery : Math.Max(1, 60L * movie.FramesPerSecond / movie.Seconds);
        Screen = new Screen(screen, _scanout, _spi, machine.Events, _pixels.PngFolder, every);
    }

    /// <summary>The board.</summary>
    public EmulatedMachine Machine { get; }

    /// <summary>The camera's picture.</summary>
    public MovieSource Source { get; }

    /// <summary>What is visible on the display.</summary>
    public Screen Screen { get; }

    /// <summary>The sensor.</summary>
    public EmulatedCamera Camera { get; }

    /// <summary>The display's interrupt.</summary>
    public InterruptLine DisplayInterrupt => _scanout?.Interrupt ?? _spi!.Interrupt;

    /// <summary>The camera's driver.</summary>
    public VideoCaptureDevice Capture { get; }

    /// <summary>The display's driver.</summary>
    public VideoOutputDevice Output { get; }

    /// <summary>The zone that frames come from first; with a pool, the zone that they would come from.</summary>
    public Zone FrameZone { get; }

    /// <summary>Moves the frames.</summary>
    public Pipeline Pipeline { get; }

    /// <summary>The movie in words.</summary>
    public string Movie => _movie.Description;

    /// <summary>Camera and display in words.</summary>
    public string Devices => $"{_pixels.Camera} {Capture.Format!.PixelFormat} {(Pipeline.IsDirect ? "->" : "-> CPU ->")} "
        + $"{_pixels.Display} {Output.Format!.PixelFormat}, {Output.Format.Width}x{Output.Format.Height}";

    /// <summary>How many frames nobody saw: dropped, damaged, or not sent to their end.</summary>
    public long FramesLost => Capture.Dropped + Capture.Errors + Output.Errors;

    /// <summary>The counts up to now.</summary>
    public PixelCounts Counts
    {
        get
        {
            long byCpu = 0, byDevices = 0;
            foreach (DataCache cache in Machine.Caches)
            {
                byCpu += cache.StaleLinesRead;
                byDevices += cache.StaleLinesReadByDevices;
            }
            bool runs = Pipeline.IsRunning;
            return new PixelCounts(Capture.Dropped, Capture.Errors, Camera.Overruns, _scanout?.TornFrames ?? _spi!.TornFrames, Output.Underruns,
                Output.Errors, _stalls + (runs ? Pipeline.Stalls : 0), _restarts + (runs ? Pipeline.Restarts : 0),
                Camera.Interrupt.Lost + DisplayInterrupt.Lost, Capture.Recovered + Output.Recovered,
                _copies + (runs ? Pipeline.Converted : 0), byCpu, byDevices);
        }
    }

    /// <summary>The bytes of camera and display: pages, buffers of a pool, or what the DMA allocator has recorded, whichever is
    /// more.</summary>
    public long BytesHeld(PageAllocator allocator)
    {
        long pages = allocator.OwnerPages(_cameraDma.Owner) + allocator.OwnerPages(_displayDma.Owner);
        long pooled = _pool is null ? 0 : (long)(_pool.Count - _pool.FreeCount) * _pool.BufferSize;
        return Math.Max((pages * allocator.PageSize) + pooled, _dma.BlockBytes);
    }

    /// <summary>Called when the pipeline has stopped; keeps its counts.</summary>
    public void OnStopped()
    {
        _stalls += Pipeline.Stalls;
        _restarts += Pipeline.Restarts;
        _copies += Pipeline.Converted;
    }

    /// <summary>Unplugs the display.</summary>
    public void UnplugDisplay()
    {
        _scanout?.Unplug();
        _spi?.Unplug();
    }

    /// <summary>Closes the movie's file.</summary>
    public void Dispose() => _movie.Dispose();

    private DmaDevice Attach(string name, DmaEngines engine, DmaTail tail)
    {
        var device = new DmaDevice(name, engine) { Alignment = Alignment };
        _dma.Attach(device, tail, _pool);
        return device;
    }

    private void Allow(DmaPort port, DmaDevice device)
    {
        port.AllowOwner(device.Name);
        if (_pool is not null)
        {
            port.AllowReservation(Board.Boards.BoardCatalog.PoolName);
        }
    }
    private static void Set(VideoDevice device, VideoFormat format)
    {
        VideoResult result = device.SetFormat(format);
        if (result != VideoResult.Ok)
        {
            throw new InvalidOperationException($"{device.Name} does not take {format}: {result}");
        }
    }

}
