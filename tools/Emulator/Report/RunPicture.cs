using Carveout.Emulator.Investigation;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Report;

/// <summary>The data of one run's figures, for a movie or for the replay of a trace.</summary>
internal sealed class RunPicture
{
    private RunPicture(PictureAxis axis)
    {
        Axis = axis;
    }

    /// <summary>The horizontal axis.</summary>
    public PictureAxis Axis { get; }

    /// <summary>Free memory at each look.</summary>
    public required IReadOnlyList<RunSample> Samples { get; init; }

    /// <summary>The looks that show which owners grow.</summary>
    public required IReadOnlyList<RunSample> Growth { get; init; }

    /// <summary>Who had which memory.</summary>
    public required IReadOnlyList<MapSample> Maps { get; init; }

    /// <summary>The layout of the maps.</summary>
    public required MapLayout Layout { get; init; }

    /// <summary>The number of the zone whose free memory the figures show.</summary>
    public required int Zone { get; init; }

    /// <summary>Bytes of a page.</summary>
    public required int PageSize { get; init; }

    /// <summary>The owners' names, by number.</summary>
    public required IReadOnlyList<string> OwnerNames { get; init; }

    /// <summary>The numbers of the owners accused of a leak.</summary>
    public required IReadOnlyList<int> Accused { get; init; }

    /// <summary>The movie's owner number, which has its own colour and does not grow; -1 if there is no movie.</summary>
    public int Movie { get; private init; } = -1;

    /// <summary>The number of the owner for everybody without a name; -1 if there is none.</summary>
    public int Nobody { get; private init; } = -1;

    /// <summary>Bytes of the request that matters.</summary>
    public required int Wanted { get; init; }

    /// <summary>The name of that request: "a frame".</summary>
    public required string WantedName { get; init; }

    /// <summary>The place at which the run failed and went on; null if it did not fail, or ended there.</summary>
    public double? FailedAt { get; private init; }

    /// <summary>A run of the story.</summary>
    public static RunPicture Of(RunFinding run)
    {
        // The sample of the failure contains frame buffers, which would look like an owner's growth.
        RunSample[] samples = [.. run.Recorder.Samples];
        bool endsWithFailure = samples.Length > 1 && samples[^1].Loop == samples[^2].Loop;
        return new RunPicture(new PictureAxis(0, Math.Max(1, samples[^1].At), true))
        {
            Samples = samples, Growth = endsWithFailure ? samples[..^1] : samples, Maps = run.Recorder.Maps, Layout = run.Recorder.Layout,
            Zone = run.Recorder.FrameZone, PageSize = MemoryMap.DefaultPageSize, OwnerNames = run.OwnerNames,
            Accused = [.. run.Suspects.Select(suspect => suspect.Owner)], Movie = run.OwnerNames.ToList().IndexOf(PlayRun.MovieOwner),
            Nobody = 0, Wanted = run.Options.Movie.FrameSize, WantedName = "a frame",
        };
    }

    /// <summary>A replay of a trace.</summary>
    /// <param name="found">The investigation.</param>
    /// <param name="recorder">The recorder of one policy.</param>
    public static RunPicture Of(TraceInvestigation found, TraceRecorder recorder)
    {
        TraceAxis axis = found.Ledger.Axis;
        return new RunPicture(new PictureAxis(axis.Start, axis.End, axis.IsTime))
        {
            Samples = recorder.Samples, Growth = recorder.Samples, Maps = recorder.Maps, Layout = recorder.Layout, Zone = 0,
            PageSize = found.Arena.PageSize, OwnerNames = found.Ledger.Owners.Names,
            Accused = [.. found.Ledger.Suspects.Select(suspect => suspect.Owner)],
            Wanted = recorder.Failure?.Request.Size ?? found.Trace.Operations.Where(operation => operation.IsAllocation).Max(request => request.Size),
            WantedName = recorder.Failure is null ? "the largest request" : "the request that failed first", FailedAt = recorder.Failure?.At,
        };
    }
}
