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

    /// <summary>No memory of that size would do: the request is larger than any block that there could ever be.</summary>
    TooLarge,

    /// <summary>There was none for all of them any more, and somebody is accused of it.</summary>
    Leak,

    /// <summary>There was none for all of them any more, and nobody is accused.</summary>
    Exhaustion,
}

/// <summary>What one run of a setting found.</summary>
internal sealed class RunFinding
{
    private readonly string[] _ownerNames;

    /// <summary>Judges a run that is over, and closes its recorder.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">What was run.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="recorder">What was written down.</param>
    public RunFinding(PlayRun run, PlayOptions options, PlayResult result, RunRecorder recorder)
    {
        Options = options;
        Result = result;
        Recorder = recorder;
        _ownerNames = [.. Enumerable.Range(0, run.Allocator.OwnerCount).Select(owner => run.Allocator.OwnerName((PageOwner)owner))];
        int loops = LoopsOfGrowth();
        Suspects = LeakSuspects.Of(recorder.Lives(), loops, [.. Enumerable.Range(1, loops).Select(loop => (double)loop)]);
        recorder.Close();
        FailedZone = result.FailedAtLoop is null ? null : result.Zones[recorder.FrameZone];
        Cause = FindCause(run.Allocator.LastFailure.Pages == 0 ? 0 : 1 << PageMap.OrderOf(run.Allocator.LastFailure.Pages));
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

    /// <summary>The zone that the failing request looked into first, as it stood then; null where none failed.</summary>
    public ZoneState? FailedZone { get; }

    /// <summary>What ended the movie.</summary>
    public Cause Cause { get; }

    /// <summary>The same in a sentence.</summary>
    public string Verdict { get; }

    /// <summary>What an owner had at the last look.</summary>
    public long BytesAtEnd(int owner) => Recorder.Samples[^1].OwnerBytes[owner];

    /// <summary>Loops that were over before the application began to be refused again and again.</summary>
    private int LoopsOfGrowth()
    {
        RunSample[] begins = [.. Recorder.Samples.Where((sample, i) => i == 0 || sample.Loop > Recorder.Samples[i - 1].Loop)];
        return Plateau.BeginIn([.. begins.Skip(1).Zip(begins, (next, sample) => next.Refused > sample.Refused)]);
    }

    /// <summary>Fragmentation if and only if what is free, with what the movie has already, would have held all its buffers.</summary>
    private Cause FindCause(int blockPages)
    {
        if (Result.FailedAtLoop is null)
        {
            return Cause.None;
        }
        long page = MemoryMap.DefaultPageSize;
        long buffer = Options.Tail == DmaTail.Keep ? blockPages * page : BufferLayout.RoundUp(Options.Movie.FrameSize, page);
        long has = (FailedZone?.FreeBytes ?? 0) + BytesAtEnd(Array.IndexOf(_ownerNames, PlayRun.MovieOwner)) - Recorder.FrameZoneKeeps;
        return has >= Options.Movie.Buffers * buffer ? Cause.Fragmentation : Suspects.Count > 0 ? Cause.Leak : Cause.Exhaustion;
    }

    private string FindVerdict()
    {
        LeakSuspect? leak = Suspects.Count > 0 ? Suspects[0] : null;
        if (Cause == Cause.None)
        {
            string refused = Result.Refused == 0 ? "" : $"; the application was refused {CountText.Of(Result.Refused, "time")}";
            return "plays on" + refused + (leak is null ? "" : $"; {_ownerNames[leak.Owner]} leaks {SizeText.Of((long)leak.BytesPerLoop)} a loop");
        }
        string facts = FailedZone is null
            ? Result.Why!
            : $"{SizeText.Of(FailedZone.FreeBytes)} free, largest {SizeText.Of(FailedZone.LargestFreeBytes)}, "
                + $"wanted {SizeText.Of(Options.Movie.FrameSize)}";
        string grows = leak is null
            ? ""
            : $"{_ownerNames[leak.Owner]} has {SizeText.Of(BytesAtEnd(leak.Owner))}, {SizeText.Of((long)leak.BytesPerLoop)} more each loop";
        return Cause switch
        {
            Cause.Fragmentation => $"fragmented: {facts}" + (grows == "" ? "" : "; " + grows),
            Cause.Leak => $"leak: {grows}; {facts}",
            _ => $"out of memory: {facts}",
        };
    }
}
