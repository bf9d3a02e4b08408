using Carveout.Emulator.Machine;
using Carveout.Emulator.Movies;
using Carveout.Video;

namespace Carveout.Emulator.Scenario;

/// <summary>Counts the frames that a display showed, and writes some of them to files.</summary>
/// <remarks>A display that scans shows a frame at every refresh, but the frame counts once. A frame counts when its last line is on the
/// screen.</remarks>
internal sealed class Screen
{
    private readonly EmulatedScanout? _scanout;
    private readonly EmulatedSpiDisplay? _spi;
    private readonly EventQueue _clock;
    private readonly string? _folder;
    private readonly long _every;
    private Func<bool> _isOver = () => false;
    private uint _latest;

    /// <summary>Watches a display.</summary>
    /// <param name="format">The format of its frames.</param>
    /// <param name="scanout">The display, if it scans; otherwise null.</param>
    /// <param name="spi">The display, if it does not scan; otherwise null.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="folder">An existing folder for PNGs; null to write none.</param>
    /// <param name="every">One in so many frames becomes a PNG.</param>
    public Screen(VideoFormat format, EmulatedScanout? scanout, EmulatedSpiDisplay? spi, EventQueue clock, string? folder, long every)
    {
        Format = format;
        _scanout = scanout;
        _spi = spi;
        _clock = clock;
        _folder = folder;
        _every = every;
        if (scanout is not null)
        {
            scanout.FrameShown = OnScan;
        }
        else
        {
            spi!.FrameShown = display => OnFrame(display.LastFrame);
        }
    }

    /// <summary>The format of what is shown.</summary>
    public VideoFormat Format { get; }

    /// <summary>How many frames were shown.</summary>
    public long Frames { get; private set; }

    /// <summary>How many PNGs were written.</summary>
    public long Files { get; private set; }

    /// <summary>Called for every frame that was shown.</summary>
    public Action? FrameShown { get; set; }

    /// <summary>When the last frame was shown, in microseconds of the machine's clock.</summary>
    public long LatestTime { get; private set; }

    /// <summary>Called before a display is started.</summary>
    /// <param name="isOver">Whether the loop has had its last frame. What the display shows after that, until it is stopped, does not
    /// count.</param>
    public void Begin(Func<bool> isOver)
    {
        _isOver = isOver;
        _latest = 0;
    }

    /// <summary>Copies the visible picture.</summary>
    public void CopyTo(byte[] image) => (_scanout is not null ? _scanout.LastFrame : _spi!.LastFrame).CopyTo(image);

    private void OnScan(EmulatedScanout display)
    {
        // A buffer cannot show a new frame unless another buffer was shown in between.
        if (display.LastBuffer != _latest)
        {
            _latest = display.LastBuffer;
            OnFrame(display.LastFrame);
        }
    }

    private void OnFrame(ReadOnlySpan<byte> image)
    {
        if (_isOver())
        {
            return;
        }
        if (_folder is not null && Frames % _every == 0)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"frame-{Frames + 1:000000}.png");
            PngWriter.Write(Path.Combine(_folder, name), Format, image);
            Files++;
        }
        Frames++;
        LatestTime = _clock.Now;
        FrameShown?.Invoke();
    }
}
