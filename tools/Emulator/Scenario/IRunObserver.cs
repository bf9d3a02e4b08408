namespace Carveout.Emulator.Scenario;

/// <summary>Where a frame is.</summary>
internal enum FrameSide
{
    /// <summary>On its way from the sensor into memory.</summary>
    Camera,

    /// <summary>On the screen.</summary>
    Display,
}

/// <summary>Watches a run of the story without taking part in it.</summary>
internal interface IRunObserver
{
    /// <summary>Called when the board has booted and no request has been made.</summary>
    void OnBoot(PlayRun run)
    {
    }

    /// <summary>The player is about to request its buffers: it has none, and the application keeps its memory.</summary>
    void OnRequest(PlayRun run);

    /// <summary>A buffer was refused. The buffers that the same request did get have not been freed yet.</summary>
    void OnFailure(PlayRun run);

    /// <summary>A frame came from the camera, or was on the display.</summary>
    /// <param name="side">Camera or display.</param>
    /// <param name="begin">Since when, in virtual microseconds.</param>
    /// <param name="end">Until when.</param>
    void OnFrame(FrameSide side, long begin, long end)
    {
    }

    /// <summary>Called when the movie has ended, or has failed and given its buffers back.</summary>
    void OnEnd(PlayRun run)
    {
    }
}
