using Carveout.Emulator.Investigation;

namespace Carveout.Emulator.Timeline;

/// <summary>Writes an investigation as a timeline: a process for each run, with the samples of its report.</summary>
internal static class InvestigationTimeline
{
    private const double Microseconds = 1_000_000;
    private const string Memory = "memory", Loops = "loops";

    /// <summary>Every run of the story.</summary>
    public static void Write(StoryInvestigation found, TimelineOutput output)
    {
        foreach (SettingFinding setting in found.Settings)
        {
            foreach (RunFinding run in setting.Runs)
            {
                int process = output.Process($"{setting.Setting.Title}, seed {run.Options.Seed}");
                Write(output, process, run.Recorder.Samples, run.OwnerNames, Microseconds);
                if (run.Result.FailedAtSeconds is double failed)
                {
                    output.Instant(process, (long)(failed * Microseconds), Memory, run.Verdict);
                }
            }
        }
    }

    /// <summary>Every policy on a trace. If the trace has no times, an operation takes a millisecond.</summary>
    public static void Write(TraceInvestigation found, TimelineOutput output)
    {
        double unit = found.Ledger.Axis.IsTime ? Microseconds : TraceTimeline.MicrosecondsOfOperation;
        foreach (TraceFinding finding in found.Findings)
        {
            int process = output.Process(finding.Setting.Title);
            if (finding.Recorder is not { } recorder)
            {
                output.Instant(process, 0, Memory, finding.Verdict);
                continue;
            }
            Write(output, process, recorder.Samples, found.Ledger.Owners.Names, unit);
            if (finding.Failure is { } failure)
            {
                output.Instant(process, (long)(failure.At * unit), Memory, finding.Verdict);
            }
        }
    }

    private static void Write(TimelineOutput output, int process, IReadOnlyList<RunSample> samples, IReadOnlyList<string> owners, double unit)
    {
        var zones = new Dictionary<string, ZoneTracks>();
        int loop = 0;
        foreach (RunSample sample in samples.OrderBy(sample => sample.At))
        {
            long time = (long)(sample.At * unit);
            foreach (Scenario.ZoneState state in sample.Zones)
            {
                if (!zones.TryGetValue(state.Name, out ZoneTracks? tracks))
                {
                    zones.Add(state.Name, tracks = new ZoneTracks(output, process, state.Name));
                }
                tracks.Say(time, state);
            }
            for (int owner = 0; owner < sample.OwnerBytes.Count; owner++)
            {
                output.Counter(process, time, $"owner {owners[owner]}", "bytes", sample.OwnerBytes[owner]);
            }
            if (sample.Loop != loop)
            {
                loop = sample.Loop;
                output.Instant(process, time, Loops, string.Create(CultureInfo.InvariantCulture, $"loop {loop}"));
            }
        }
    }
}
