using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Scenario;

/// <summary>Loops a movie: it requests its buffers, plays, frees them, and begins again.</summary>
/// <remarks>There are three players. <see cref="PipelineLoop"/> plays real pixels from an emulated camera, through the video queues and
/// DMA, to an emulated display. <see cref="MovieLoop"/> makes the same requests at the same times, but draws only one row and two stamps of
/// each frame. Two hours take it seconds, where pixels take a minute, and it also plays where no DMA engine reaches the frames, as on the
/// ESP32-CAM. <see cref="StreamLoops"/> plays several such movies, the streams of a plan.</remarks>
internal abstract class MoviePlayer
{
    /// <summary>How many loops were played to their end.</summary>
    public abstract int Loops { get; }

    /// <summary>How many frames were shown.</summary>
    public abstract long Frames { get; }

    /// <summary>The share of the run that is done, 0 to 1.</summary>
    public abstract double Progress { get; }

    /// <summary>Virtual microseconds since the start.</summary>
    public abstract long Now { get; }

    /// <summary>Called for every frame that was shown, with the beginning and end of its time in virtual microseconds.</summary>
    public virtual Action<long, long>? FrameShown { get; set; }

    /// <summary>Plays to the end, or until the movie fails.</summary>
    /// <param name="tick">Called now and then; if it throws, the run ends.</param>
    /// <exception cref="CorruptionException">A frame was overwritten.</exception>
    public abstract void Play(Action tick);

    /// <summary>Runs events until a time, or until <paramref name="isOver"/> is true.</summary>
    /// <param name="events">The machine's clock.</param>
    /// <param name="end">Virtual microseconds.</param>
    /// <param name="tick">Called now and then.</param>
    /// <param name="isOver">Checked after every event.</param>
    protected static void RunUntil(EventQueue events, long end, Action tick, Func<bool> isOver)
    {
        const int EventsPerTick = 4096;
        int count = 0;
        events.RunUntil(end, () =>
        {
            if (++count % EventsPerTick == 0)
            {
                tick();
            }
            return isOver();
        });
    }
}
