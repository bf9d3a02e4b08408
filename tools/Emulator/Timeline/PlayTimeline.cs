using Carveout.Diagnostics;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Timeline;

/// <summary>Writes a run of the story as a timeline while it plays: zones, owners, blocks, refusals, loops, frames, compactions.</summary>
/// <remarks>The allocator's operations come from a trace ring. The zones' states are read so often that two of them are a pixel
/// apart.</remarks>
internal sealed class PlayTimeline : IRunObserver
{
    private const string Memory = "memory", Loops = "loops", Camera = "camera", Display = "display";

    /// <summary>How often the zones' states are read in a run.</summary>
    private const int Looks = 20_000;

    /// <summary>The least microseconds between two of these readings.</summary>
    private const long ShortestLook = 10_000;

    private readonly TimelineOutput _output;
    private readonly PlayRun _run;
    private readonly int _process;
    private readonly ZoneTracks[] _zones;
    private readonly TraceRecord _record = new();
    private readonly OperationTimes _times = new();
    private readonly Dictionary<uint, (long Id, PageOwner Owner, int Size)> _live = [];
    private readonly Dictionary<PageOwner, long> _ownerBytes = [];
    private readonly long _between;
    private long _read, _lost, _moved;

    /// <summary>Observes a run that has not begun.</summary>
    public PlayTimeline(PlayRun run, PlayOptions options, TimelineOutput output)
    {
        _run = run;
        _output = output;
        _process = output.Process($"play {options.Board}, {options.Tail.ToString().ToLowerInvariant()}, seed "
            + options.Seed.ToString(CultureInfo.InvariantCulture));
        PageAllocator allocator = run.Allocator;
        _zones = [.. Enumerable.Range(0, allocator.ZoneCount).Select(i => new ZoneTracks(output, _process, allocator.ZoneAt(i).Name))];
        _between = Math.Max(ShortestLook, (long)(options.Hours * 3600 * 1_000_000 / Looks));
        // Earlier operations are left out.
        _read = run.Trace.Recorded;
        run.Events.After(0, Look);
    }

    /// <inheritdoc/>
    public void OnRequest(PlayRun run)
    {
        Look(Now);
        _output.Instant(_process, Now, Loops, string.Create(CultureInfo.InvariantCulture, $"loop {run.Loops + 1}"));
    }

    /// <inheritdoc/>
    public void OnFailure(PlayRun run)
    {
        Look(Now);
        _output.Instant(_process, Now, Memory, "the movie dies");
    }

    /// <inheritdoc/>
    public void OnFrame(FrameSide side, long begin, long end)
    {
        _output.Slice(_process, begin, end, side == FrameSide.Camera ? Camera : Display, "frame");
    }

    /// <inheritdoc/>
    public void OnEnd(PlayRun run)
    {
        Look(Now);
        if (_lost > 0)
        {
            _output.Instant(_process, Now, Memory, string.Create(CultureInfo.InvariantCulture, $"nothing is told of {CountText.Of(_lost, "operation")} between two looks"));
        }
        _output.End(_process, Now);
    }

    private long Now => (long)(_run.Seconds * 1_000_000);

    private void Look()
    {
        Look(Now);
        _run.Events.After(_between, Look);
    }

    private void Look(long now)
    {
        while (_run.Trace.CopyFrom(_read + 1, _record))
        {
            _lost += _record.Sequence - _read - 1;
            _read = _record.Sequence;
            Take(_record);
        }
        IReadOnlyList<ZoneState> states = _run.ZoneStates();
        for (int i = 0; i < _zones.Length; i++)
        {
            _zones[i].Say(now, states[i]);
        }
        long moved = MovablePages.Of(_run.Allocator)?.PagesMigrated ?? 0;
        if (moved != _moved)
        {
            _output.Instant(_process, now, Memory, string.Create(CultureInfo.InvariantCulture, $"compaction moved {CountText.Of(moved - _moved, "page")}"));
            _moved = moved;
        }
    }

    private void Take(TraceRecord record)
    {
        long time = _times.Next(record.Time);
        switch (record.Kind)
        {
            case TraceKind.Block or TraceKind.Run:
                Forget(record.Address, time);
                _live[record.Address] = (record.Sequence, record.Owner, record.Size);
                Change(record.Owner, record.Size, time);
                _output.Take(_process, time, _run.Allocator.OwnerName(record.Owner), record.Sequence, record.Size);
                break;
            case TraceKind.Trim when _live.TryGetValue(record.Address, out (long Id, PageOwner Owner, int Size) block):
                Change(block.Owner, record.Size - block.Size, time);
                _live[record.Address] = block with { Size = record.Size };
                break;
            case TraceKind.Free:
                Forget(record.Address, time);
                break;
            case TraceKind.Failure:
                _output.Instant(_process, time, Memory, $"{SizeText.Of(record.Size)} refused to {_run.Allocator.OwnerName(record.Owner)}");
                break;
            default:
                break;
        }
    }

    private void Forget(uint address, long time)
    {
        if (_live.Remove(address, out (long Id, PageOwner Owner, int Size) block))
        {
            Change(block.Owner, -block.Size, time);
            _output.Free(_process, time, block.Id);
        }
    }

    private void Change(PageOwner owner, long bytes, long time)
    {
        long now = _ownerBytes.GetValueOrDefault(owner) + bytes;
        _ownerBytes[owner] = now;
        _output.Counter(_process, time, $"owner {_run.Allocator.OwnerName(owner)}", "bytes", now);
    }
}
