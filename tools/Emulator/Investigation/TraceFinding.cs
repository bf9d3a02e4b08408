using Carveout.Diagnostics;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>What one policy made of a trace.</summary>
internal sealed class TraceFinding
{
    /// <summary>Judges a replay that is over.</summary>
    /// <param name="setting">The policy.</param>
    /// <param name="ledger">What the trace says by itself.</param>
    /// <param name="result">How the replay ended.</param>
    /// <param name="recorder">What was written down.</param>
    public TraceFinding(TraceSetting setting, TraceLedger ledger, ReplayResult result, TraceRecorder recorder)
    {
        Setting = setting;
        Result = result;
        Recorder = recorder;
        Cause = FindCause(ledger);
        Verdict = FindVerdict(ledger);
    }

    /// <summary>A policy that cannot be set up in the arena.</summary>
    /// <param name="setting">The policy.</param>
    /// <param name="why">Why not, in a sentence.</param>
    public TraceFinding(TraceSetting setting, string why)
    {
        Setting = setting;
        Cause = Cause.Exhaustion;
        Verdict = why;
    }

    /// <summary>The policy.</summary>
    public TraceSetting Setting { get; }

    /// <summary>How the replay ended; null where the policy does not fit into the arena.</summary>
    public ReplayResult? Result { get; }

    /// <summary>What was written down; null where the policy does not fit into the arena.</summary>
    public TraceRecorder? Recorder { get; }

    /// <summary>The first request that got no memory; null where all did, or none was asked.</summary>
    public TraceFailure? Failure => Recorder?.Failure;

    /// <summary>Requests that got no memory.</summary>
    public int Refused => Result is null ? 0 : Result.Allocations - Result.Succeeded;

    /// <summary>Why the first of them failed.</summary>
    public Cause Cause { get; }

    /// <summary>The same in a sentence.</summary>
    public string Verdict { get; }

    /// <summary>Fragmentation if and only if as much is free as the request takes out of the zone.</summary>
    private Cause FindCause(TraceLedger ledger)
    {
        if (Failure is null)
        {
            return Cause.None;
        }
        if (Failure.BlockPages > Failure.MostPages)
        {
            return Cause.TooLarge;
        }
        long page = Setting.Options.PageSize, takes = page * (Setting.Options.Tail.BesidePool() == DmaTail.Keep
            ? 1 << PageMap.OrderOf(Failure.WantedPages)
            : Failure.WantedPages);
        return Failure.Zone.FreeBytes >= takes ? Cause.Fragmentation : ledger.Suspects.Count > 0 ? Cause.Leak : Cause.Exhaustion;
    }

    private string FindVerdict(TraceLedger ledger)
    {
        if (Failure is null)
        {
            return "serves every request";
        }
        int page = Setting.Options.PageSize;
        TraceOperation request = Failure.Request;
        string facts = $"{SizeText.Of(Failure.Zone.FreeBytes)} free, largest {SizeText.Of(Failure.Zone.LargestFreeBytes)}, wanted "
            + SizeText.Of(request.Size)
            + (Failure.BlockPages == Failure.WantedPages ? "" : $" out of a block of {SizeText.Of((long)Failure.BlockPages * page)}")
            + (request.Alignment > page ? $", aligned to {SizeText.Of(request.Alignment)}" : "");
        if (Cause == Cause.TooLarge)
        {
            return $"too large: {facts}; the zone never has a block of more than {SizeText.Of((long)Failure.MostPages * page)}";
        }
        if (Cause != Cause.Leak)
        {
            return $"{(Cause == Cause.Fragmentation ? "fragmented" : "out of memory")}: {facts}";
        }
        LeakSuspect leak = ledger.Suspects[0];
        return $"leak: {ledger.Owners.Names[leak.Owner]} grows by {SizeText.Of((long)leak.BytesPerLoop)} every {ledger.Windows.Noun}; {facts}";
    }
}
