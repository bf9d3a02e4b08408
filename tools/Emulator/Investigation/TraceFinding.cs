using Carveout.Diagnostics;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>The finding of one policy on a trace.</summary>
internal sealed class TraceFinding
{
    /// <summary>Judges a replay that has ended.</summary>
    /// <param name="setting">The policy.</param>
    /// <param name="ledger">The trace's ledger.</param>
    /// <param name="result">The result of the replay.</param>
    /// <param name="recorder">The recorder of the replay.</param>
    public TraceFinding(TraceSetting setting, TraceLedger ledger, ReplayResult result, TraceRecorder recorder)
    {
        Setting = setting;
        Result = result;
        Recorder = recorder;
        Cause = FindCause(ledger);
        Verdict = FindVerdict(ledger);
    }

    /// <summary>The finding for a policy that cannot be set up in the arena.</summary>
    /// <param name="setting">The policy.</param>
    /// <param name="why">The reason, in a sentence.</param>
    public TraceFinding(TraceSetting setting, string why)
    {
        Setting = setting;
        Cause = Cause.Exhaustion;
        Verdict = why;
    }

    /// <summary>The policy.</summary>
    public TraceSetting Setting { get; }

    /// <summary>The result of the replay; null if the policy does not fit into the arena.</summary>
    public ReplayResult? Result { get; }

    /// <summary>The recorder of the replay; null if the policy does not fit into the arena.</summary>
    public TraceRecorder? Recorder { get; }

    /// <summary>The first request that was refused; null if none was, or none was made.</summary>
    public TraceFailure? Failure => Recorder?.Failure;

    /// <summary>How many requests were refused.</summary>
    public int Refused => Result is null ? 0 : Result.Allocations - Result.Succeeded;

    /// <summary>Why the first refused request failed.</summary>
    public Cause Cause { get; }

    /// <summary>The cause in a sentence.</summary>
    public string Verdict { get; }

    /// <summary>The cause is fragmentation if and only if as many bytes are free as the request would take from the zone.</summary>
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
