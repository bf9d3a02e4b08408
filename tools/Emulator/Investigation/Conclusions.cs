using Carveout.Diagnostics;
using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Investigation;

/// <summary>Writes the conclusions of an investigation: sentences that rest only on the figures of its own runs.</summary>
internal static class Conclusions
{
    /// <summary>The time of a failure varies from run to run. If two settings differ by less than this factor, they are said to fail
    /// alike.</summary>
    private const double Alike = 1.25;

    /// <summary>All conclusions; at least one sentence.</summary>
    public static IReadOnlyList<string> Of(StoryInvestigation found)
    {
        SettingFinding? Find(string key) => found.Settings.FirstOrDefault(setting => setting.Setting.Key == key);
        var lines = new List<string?>();
        if (Find("kernel-trim") is { Died: > 0 } trim)
        {
            RunFinding first = trim.Earliest;
            lines.Add($"{trim.Setting.Title}: the movie dies after {ClockText.Of(first.Result.FailedAtSeconds!.Value)}: {first.Verdict}.");
            lines.Add(Tearing(first));
            lines.Add(Accusation(found));
            lines.Add(Compare(trim, Find("kernel-trim-no-leak"), found.Hours, "Without the leak", "it takes the leak to kill it",
                "it is not the leak that kills it"));
            lines.Add(Compare(trim, Find("kernel-trim-normal"), found.Hours, "With a NORMAL zone for the application", "that helps here",
                "that changes nothing"));
            lines.Add(Compare(trim, Find("kernel-keep"), found.Hours, "With whole blocks instead of trimmed ones",
                "giving tails back is what tears the blocks", "giving tails back is not the trouble"));
        }
        else
        {
            lines.Add(Accusation(found));
        }
        lines.AddRange(Survivors(found));
        return [.. lines.Where(line => line is not null).Select(line => line!)];
    }

    /// <summary>Whose pages tore the blocks in a run that failed; null if none did.</summary>
    public static string? Tearing(RunFinding run) =>
        run.Recorder.Torn is { Blocks.Count: > 0 } torn ? torn.InWords(Board.MemoryMap.DefaultPageSize, "a trimmed frame") : null;

    /// <summary>Which owners the runs accuse, and in how many runs; null if they accuse nobody.</summary>
    private static string? Accusation(StoryInvestigation found)
    {
        RunFinding[] leaking = [.. Runs(true)], clean = [.. Runs(false)];
        RunFinding? example = leaking.FirstOrDefault(run => run.Suspects.Count > 0);
        if (example is null)
        {
            return null;
        }
        LeakSuspect suspect = example.Suspects[0];
        string name = example.OwnerNames[suspect.Owner];
        int accused = leaking.Count(run => run.Suspects.Count > 0 && run.OwnerNames[run.Suspects[0].Owner] == name);
        return $"{name} leaks: it grows by {SizeText.Of((long)suspect.BytesPerLoop)} a loop, and {SizeText.Of(suspect.NeverFreed)} of what it "
            + $"took since loop {suspect.SinceLoop} were never given back. It is the first suspect in {accused} of {leaking.Length} runs"
            + (clean.Length == 0
                ? "."
                : $"; where nothing leaks, {CountText.Of(clean.Count(run => run.Suspects.Count > 0), "run")} of {clean.Length} accuse anybody.");

        IEnumerable<RunFinding> Runs(bool leaks) =>
            found.Settings.SelectMany(setting => setting.Runs).Where(run => run.Options.Application.LeakPerLoop > 0 == leaks);
    }

    private static string? Compare(SettingFinding trim, SettingFinding? other, double hours, string with, string cured, string same)
    {
        if (other is null)
        {
            return null;
        }
        if (other.Died == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{with} it plays on for {hours} h: {cured}.");
        }
        double factor = other.Seconds.Median / trim.Seconds.Median;
        if (double.IsInfinity(factor))
        {
            return $"{with} it dies with {other.Died} of {CountText.Of(other.Runs.Count, "seed")}.";
        }
        string when = $"{with} it dies after {ClockText.Of(other.Seconds.Median)}";
        return factor <= Alike
            ? $"{when}: {same}."
            : string.Create(CultureInfo.InvariantCulture, $"{when}, {factor:0.0} times as late: that delays it and cures nothing.");
    }

    /// <summary>Which settings play on beside the leak: for good, or only because the leak has not got that far.</summary>
    private static IEnumerable<string> Survivors(StoryInvestigation found)
    {
        SettingFinding[] lived = [.. found.Settings.Where(setting => setting.Setting.Leaks && setting.Died == 0)];
        SettingFinding[] cured =
            [.. lived.Where(setting => setting.Setting.Tail == DmaTail.Pool || setting.Runs.All(run => run.Result.Refused > 0))];
        SettingFinding[] pending = [.. lived.Except(cured)];
        string hours = string.Create(CultureInfo.InvariantCulture, $"{found.Hours} h");
        if (pending.Length > 0)
        {
            yield return $"Still playing after {hours}, but the leak goes on growing: {Titles(pending)}.";
        }
        yield return cured.Length == 0
            ? "Nothing that was tried keeps the application from the memory of the frames."
            : $"Playing on for {hours} with every seed, where the leak has met its limit or cannot reach the frames: {Titles(cured)}.";

        static string Titles(SettingFinding[] settings) => string.Join("; ", settings.Select(setting => setting.Setting.Title));
    }
}
