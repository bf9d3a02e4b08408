using Carveout.Diagnostics;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Investigation;

/// <summary>What ended the movie.</summary>
internal enum Cause
{
    /// <summary>Nothing: the movie played on.</summary>
    None,

    /// <summary>Enough memory for all buffers was free, but not in large enough pieces.</summary>
    Fragmentation,

    /// <summary>The request was larger than any block of the zone, even of an empty one.</summary>
    TooLarge,

    /// <summary>Too little memory was free for all buffers, and an owner is accused of a leak.</summary>
    Leak,

    /// <summary>Too little memory was free for all buffers, and nobody is accused.</summary>
    Exhaustion,
}

/// <summary>The finding of one run of a setting.</summary>
internal sealed class RunFinding
{
    private readonly string[] _ownerNames;

    /// <summary>Judges a run that has ended, and closes its recorder.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">Its options.</param>
    /// <param name="result">Its result.</param>
    /// <param name="recorder">Its recorder.</param>
    public RunFinding(PlayRun run, PlayOptions options, PlayResult result, RunRecorder recorder)
    {
        Options = options;
        Result = result;
        Recorder = recorder;
        _ownerNames = [.. Enumerable.Range(0, run.Allocator.OwnerCount).Select(owner => run.Allocator.OwnerName((PageOwner)owner))];
        int loops = LoopsOfGrowth();
        Suspects = LeakSuspects.Of(recorder.Lives(), loops, [.. Enumerable.Range(1, loops).Select(loop => (double)loop)]).Accused;
        recorder.Close();
        FailedZone = result.FailedAtLoop is null ? null : result.Zones[recorder.FrameZone];
        Cause = FindCause(run.Allocator.LastFailure.Pages == 0 ? 0 : 1 << PageMap.OrderOf(run.Allocator.LastFailure.Pages));
        Verdict = FindVerdict();
    }

    /// <summary>The options of the run.</summary>
    public PlayOptions Options { get; }

    /// <summary>The result of the run.</summary>
    public PlayResult Result { get; }

    /// <summary>The recorder of the run.</summary>
    public RunRecorder Recorder { get; }

    /// <summary>The owners' names, by number.</summary>
    public IReadOnlyList<string> OwnerNames => _ownerNames;

    /// <summary>The owners accused of a leak, the fastest growing first.</summary>
    public IReadOnlyList<LeakSuspect> Suspects { get; }

    /// <summary>The zone that the failing request tried first, at the moment of the failure; null if none failed.</summary>
    public ZoneState? FailedZone { get; }

    /// <summary>What ended the movie.</summary>
    public Cause Cause { get; }

    /// <summary>The cause in a sentence.</summary>
    public string Verdict { get; }

    /// <summary>The bytes of an owner in the last sample.</summary>
    public long BytesAtEnd(int owner) => Recorder.Samples[^1].OwnerBytes[owner];

    /// <summary>How many loops ended before the application was refused again and again.</summary>
    private int LoopsOfGrowth()
    {
        RunSample[] begins = [.. Recorder.Samples.Where((sample, i) => i == 0 || sample.Loop > Recorder.Samples[i - 1].Loop)];
        return Plateau.BeginIn([.. begins.Skip(1).Zip(begins, (next, sample) => next.Refused > sample.Refused)]);
    }

    /// <summary>The cause is fragmentation if and only if the free bytes, with those that the movie has, would have held all its
    /// buffers.</summary>
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
