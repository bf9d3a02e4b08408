namespace Carveout.Emulator.Scenario;

/// <summary>Watches a run of the story without taking part in it.</summary>
internal interface IRunObserver
{
    /// <summary>The player is about to request its buffers: it has none, and the application has what it has.</summary>
    void OnRequest(PlayRun run);

    /// <summary>A buffer could not be had; the buffers that this request did get are not given back yet.</summary>
    void OnFailure(PlayRun run);
}
