using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Scenario;

/// <summary>Who loops the movie: requests its buffers, plays, gives them back, and begins again.</summary>
/// <remarks>There are three. <see cref="PipelineLoop"/> plays real pixels from an emulated camera through the video queues and DMA to an emulated
/// display. <see cref="MovieLoop"/> makes the same requests at the same times and draws but a row and two stamps of each frame: two hours of it
/// take seconds, where pixels take a minute, and it plays where no DMA engine reaches the frames, as on the ESP32-CAM.
/// <see cref="StreamLoops"/> plays several such movies, the streams of a plan.</remarks>
internal abstract class MoviePlayer
{
    /// <summary>Loops that were played to their end.</summary>
    public abstract int Loops { get; }

    /// <summary>Frames shown.</summary>
    public abstract long Frames { get; }

    /// <summary>The share that is over, 0 to 1.</summary>
    public abstract double Progress { get; }

    /// <summary>Virtual microseconds since the start.</summary>
    public abstract long Now { get; }

    /// <summary>Called with every frame that was shown: from when to when, in virtual microseconds.</summary>
    public virtual Action<long, long>? FrameShown { get; set; }

    /// <summary>Plays to the end, or until the movie dies.</summary>
    /// <param name="tick">Called now and then; what it throws ends the run.</param>
    /// <exception cref="CorruptionException">A frame was overwritten.</exception>
    public abstract void Play(Action tick);

    /// <summary>Lets events happen until a time, or until it is over.</summary>
    /// <param name="events">The machine's clock.</param>
    /// <param name="end">Virtual microseconds.</param>
    /// <param name="tick">Called now and then.</param>
    /// <param name="isOver">Asked after every event.</param>
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
