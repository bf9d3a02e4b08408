using System.Collections.Concurrent;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Investigation;

/// <summary>The story's settings and Carveout's, side by side on one board: every setting with every seed.</summary>
/// <param name="Board">The board.</param>
/// <param name="Hours">Virtual hours of each run.</param>
/// <param name="Seeds">The seeds of the runs.</param>
/// <param name="Settings">The findings of each setting.</param>
internal sealed record StoryInvestigation(EmulatedBoard Board, double Hours, IReadOnlyList<ulong> Seeds, IReadOnlyList<SettingFinding> Settings)
{
    /// <summary>Runs every setting with every seed, on all cores.</summary>
    /// <param name="board">The board.</param>
    /// <param name="hours">Virtual hours, above 0.</param>
    /// <param name="seeds">At least one.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="wantsMaps">Whether to record memory maps, for a report.</param>
    /// <param name="progress">Receives the share that is done, 0 to 1, from one thread at a time.</param>
    /// <param name="cancel">Ends the runs with an OperationCanceledException.</param>
    /// <exception cref="UsageException">There is no such board, or it cannot hold a setting.</exception>
    /// <exception cref="CorruptionException">A frame or a page of the application was overwritten.</exception>
    public static StoryInvestigation Run(EmulatedBoard board, double hours, IReadOnlyList<ulong> seeds, IReadOnlyList<InvestigationSetting> settings,
        bool wantsMaps, Action<double> progress, CancellationToken cancel)
    {
        // A run touches up to all of the board's memory. Clearing it for the next run costs less than new memory, and collections that stop all runs.
        var spare = new ConcurrentBag<byte[]>();
        RunFinding[] findings = ParallelRuns.Of(settings.Count * seeds.Count,
            (i, report) => RunOne(settings[i / seeds.Count].Options(board, hours, seeds[i % seeds.Count]), wantsMaps, report, cancel, spare),
            progress, e => e is CorruptionException or UsageException, cancel);
        return new StoryInvestigation(board, hours, seeds,
            [.. settings.Select((setting, i) => new SettingFinding(setting, findings[(i * seeds.Count)..((i + 1) * seeds.Count)]))]);
    }

    /// <summary>Makes one run, records and judges it.</summary>
    public static RunFinding RunOne(PlayOptions options, bool wantsMaps, Action<double> progress, CancellationToken cancel,
        ConcurrentBag<byte[]>? spare = null)
    {
        var run = PlayRun.Of(options, spare);
        var recorder = new RunRecorder(run, options.Movie.LoopSeconds, wantsMaps);
        try
        {
            PlayResult result = run.Run(() => progress(run.Progress), cancel);
            var finding = new RunFinding(run, options, result, recorder);
            run.Close();
            return finding;
        }
        catch (CorruptionException e)
        {
            throw new CorruptionException(
                $"{e.Message} (loop {run.Loops + 1}, {options.Allocator}, {options.Zones}, {options.Tail}, seed {options.Seed})");
        }
    }
}
