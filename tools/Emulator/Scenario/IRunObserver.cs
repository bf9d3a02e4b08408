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
    /// <summary>The board has booted, and nobody has asked for memory yet.</summary>
    void OnBoot(PlayRun run)
    {
    }

    /// <summary>The player is about to request its buffers: it has none, and the application has what it has.</summary>
    void OnRequest(PlayRun run);

    /// <summary>A buffer could not be had; the buffers that this request did get are not given back yet.</summary>
    void OnFailure(PlayRun run);

    /// <summary>A frame came from the camera, or was on the display.</summary>
    /// <param name="side">Where.</param>
    /// <param name="begin">From when, in virtual microseconds.</param>
    /// <param name="end">To when.</param>
    void OnFrame(FrameSide side, long begin, long end)
    {
    }

    /// <summary>The movie is over, or dead and its buffers given back.</summary>
    void OnEnd(PlayRun run)
    {
    }
}
