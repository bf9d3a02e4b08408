using Carveout.Diagnostics;
using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Scenario;

/// <summary>The console output of a device that makes the same run: its memory at boot, the owners in each loop, the report on a refused
/// frame and, now and then, the contents of its trace ring.</summary>
/// <param name="path">The file.</param>
/// <param name="option">The option that named it.</param>
internal sealed class DeviceLog(string path, string option) : RunLog(path, option)
{
    private TraceDump? _dump;

    /// <inheritdoc/>
    public override void OnBoot(PlayRun run)
    {
        _dump = new TraceDump(run.Allocator, run.Trace);
        Write($"carveout on {run.Map.Name}");
        Say(ProcText.IoMem(run.Map));
    }

    /// <inheritdoc/>
    public override void OnRequest(PlayRun run)
    {
        run.Trace.MarkLoop(run.Loops + 1);
        Write($"loop {run.Loops + 1} after {ClockText.Of(run.Seconds)}, owners: {ProcText.TopOwners(run.Allocator)}");
        Dump();
    }

    /// <inheritdoc/>
    public override void OnFailure(PlayRun run)
    {
        Write($"the movie was refused its frames in loop {run.Loops + 1} after {ClockText.Of(run.Seconds)}");
        Say(FailureReport.ToText(run.Allocator));
    }

    /// <inheritdoc/>
    public override void OnEnd(PlayRun run) => Dump();

    private void Dump()
    {
        for (string? line = _dump!.Next(); line is not null; line = _dump.Next())
        {
            Write(line);
        }
    }

    private void Say(string text)
    {
        foreach (string line in Lines(text))
        {
            Write(line);
        }
    }
}
