using Carveout.Diagnostics;

namespace Carveout.Emulator.Scenario;

/// <summary>The log that an engineer would have who dumps /proc/buddyinfo whenever the movie is about to begin again.</summary>
/// <param name="path">The file.</param>
/// <param name="option">The option that named it.</param>
internal sealed class BuddyInfoLog(string path, string option) : RunLog(path, option)
{
    /// <inheritdoc/>
    public override void OnRequest(PlayRun run)
    {
        foreach (string line in Lines(ProcText.BuddyInfo(run.Allocator)))
        {
            Write(string.Create(CultureInfo.InvariantCulture, $"[{run.Seconds,12:0.000000}] {line}"));
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(PlayRun run)
    {
        // The failed request is in the run's own report; the kernel does not print buddyinfo by itself.
    }
}
