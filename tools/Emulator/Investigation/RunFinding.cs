using Carveout.Diagnostics;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Investigation;

/// <summary>What ended the movie.</summary>
internal enum Cause
{
    /// <summary>Nothing: it played on.</summary>
    None,

    /// <summary>There was memory for all its buffers, but not in such pieces.</summary>
    Fragmentation,

    /// <summary>There was none for all of them any more, and somebody is accused of it.</summary>
    Leak,

    /// <summary>There was none for all of them any more, and nobody is accused.</summary>
    Exhaustion,
}

/// <summary>What one run of a setting found.</summary>
internal sealed class RunFinding
{
    private readonly string[] _ownerNames;

    /// <summary>Judges a run that is over.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">What was run.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="recorder">What was written down.</param>
    public RunFinding(PlayRun run, PlayOptions options, PlayResult result, RunRecorder recorder)
    {
        Options = options;
        Result = result;
        Recorder = recorder;
        _ownerNames = [.. Enumerable.Range(0, run.Allocator.OwnerCount).Select(run.Allocator.OwnerName)];
        Suspects = LeakSuspects.Of(recorder, run.Allocator);
        FailedZone = result.FailedAtLoop is null ? null : result.Zones.FirstOrDefault(zone => zone.Name == recorder.FailedZone);
        Cause = FindCause();
        Verdict = FindVerdict();
    }

    /// <summary>What was run.</summary>
    public PlayOptions Options { get; }

    /// <summary>How it ended.</summary>
    public PlayResult Result { get; }

    /// <summary>What was written down.</summary>
    public RunRecorder Recorder { get; }

    /// <summary>Owners by their number.</summary>
    public IReadOnlyList<string> OwnerNames => _ownerNames;

    /// <summary>Who is accused of leaking, the fastest growing first.</summary>
    public IReadOnlyList<LeakSuspect> Suspects { get; }

    /// <summary>The zone that the failing request looked into first; null where none failed.</summary>
    public ZoneState? FailedZone { get; }

    /// <summary>What ended the movie.</summary>
    public Cause Cause { get; }

    /// <summary>The same in a sentence.</summary>
    public string Verdict { get; }

    /// <summary>Bytes that the movie asks for in each loop.</summary>
    private long MovieBytes => (long)Options.Movie.FrameSize * Options.Movie.Buffers;

    private Cause FindCause()
    {
        if (Result.FailedAtLoop is null)
        {
            return Cause.None;
        }
        int movie = Array.IndexOf(_ownerNames, PlayRun.MovieOwner);
        long held = Recorder.Samples[^1].OwnerBytes[movie];
        return FailedZone is not null && FailedZone.FreeBytes + held >= MovieBytes ? Cause.Fragmentation
            : Suspects.Count > 0 ? Cause.Leak
            : Cause.Exhaustion;
    }

    private string FindVerdict()
    {
        LeakSuspect? leak = Suspects.Count > 0 ? Suspects[0] : null;
        if (Cause == Cause.None)
        {
            string refused = Result.Refused == 0 ? "" : $"; the application was refused {Result.Refused} times";
            return "plays on" + refused + (leak is null ? "" : $"; {leak.Owner} leaks {SizeText.Of((long)leak.BytesPerLoop)} a loop");
        }
        string facts = FailedZone is null
            ? Result.Why!
            : $"{SizeText.Of(FailedZone.FreeBytes)} free, largest {SizeText.Of(FailedZone.LargestFreeBytes)}, wanted {SizeText.Of(Options.Movie.FrameSize)}";
        return Cause switch
        {
            Cause.Fragmentation => $"fragmented: {facts}" + (Recorder.Torn is { Blockers.Count: > 0 } torn
                ? $"; {torn.Blocks.Count} blocks torn, most by {torn.Blockers[0].Owner}" : ""),
            Cause.Leak => $"leak: {leak!.Owner} has {SizeText.Of(leak.BytesAtEnd)}, {SizeText.Of((long)leak.BytesPerLoop)} more each loop; {facts}",
            _ => $"out of memory: {facts}",
        };
    }
}
