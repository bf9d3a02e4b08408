using Carveout.Diagnostics;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Timeline;

/// <summary>Writes a trace as a timeline while it is read: owners, blocks, loops, refusals, and the zone that serves it, if there is
/// one.</summary>
internal sealed class TraceTimeline
{
    /// <summary>Microseconds of an operation if the trace has no times.</summary>
    public const long MicrosecondsOfOperation = 1000;

    private const string Memory = "memory", Loops = "loops", Nobody = "(no owner)";

    private readonly TimelineOutput _output;
    private readonly Zone? _zone;
    private readonly ZoneTracks? _tracks;
    private readonly int _process, _pageSize;
    private readonly Dictionary<string, long> _ownerBytes = [];
    private readonly HashSet<string> _changed = [];
    private readonly List<(string Owner, int Size)> _blocks = [];
    private readonly OperationTimes _times = new();
    private long _count, _now, _taken;
    private bool _isTimed, _isRefusedByDevice;

    /// <summary>Begins the timeline of a trace.</summary>
    /// <param name="output">Receives the timeline.</param>
    /// <param name="title">What happens with the trace.</param>
    /// <param name="zone">The zone that serves it; null if there is none.</param>
    /// <param name="pageSize">Bytes of the zone's pages.</param>
    public TraceTimeline(TimelineOutput output, string title, Zone? zone = null, int pageSize = 0)
    {
        _output = output;
        _zone = zone;
        _pageSize = pageSize;
        _process = output.Process(title);
        _tracks = zone is null ? null : new ZoneTracks(output, _process, zone.Name);
    }

    /// <summary>Receives a comment of the trace.</summary>
    public void Note(string comment)
    {
        if (comment.StartsWith("# loop ", StringComparison.Ordinal))
        {
            _output.Instant(_process, _now, Loops, comment[2..]);
        }
        else if (comment == TraceFile.Restart)
        {
            _output.Instant(_process, _now, Memory, comment[2..]);
        }
        _isRefusedByDevice = comment == TraceFile.Refused;
    }

    /// <summary>Called before an operation; writes what has changed when time advances.</summary>
    public void Begin(TraceOperation operation)
    {
        _isTimed |= operation.Time is not null;
        long time = !_isTimed ? _count * MicrosecondsOfOperation : operation.Time is long milliseconds ? _times.Next(milliseconds) : _now;
        _count++;
        if (time != _now)
        {
            Say();
            _now = time;
        }
    }

    /// <summary>Called after an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="granted">For a request, whether it got memory.</param>
    public void Done(TraceOperation operation, bool granted)
    {
        string owner = operation.Owner ?? Nobody;
        while (_blocks.Count <= operation.Slot)
        {
            _blocks.Add((Nobody, 0));
        }
        (string Owner, int Size) block = _blocks[operation.Slot];
        if (operation.IsAllocation)
        {
            bool isRefused = !granted || _isRefusedByDevice;
            _isRefusedByDevice = false;
            _blocks[operation.Slot] = isRefused ? (owner, 0) : (owner, operation.Size);
            if (isRefused)
            {
                _output.Instant(_process, _now, Memory, $"{SizeText.Of(operation.Size)} refused to {owner}");
                return;
            }
            Change(owner, operation.Size);
            _output.Take(_process, _now, owner, operation.Slot, operation.Size);
        }
        else if (block.Size > 0)
        {
            Change(block.Owner, operation.Size - block.Size);
            _blocks[operation.Slot] = (block.Owner, operation.Size);
            if (!operation.IsTrim)
            {
                _output.Free(_process, _now, operation.Slot);
            }
        }
    }

    /// <summary>Writes that pages were moved for a request.</summary>
    public void Moved(long pages) =>
        _output.Instant(_process, _now, Memory, string.Create(CultureInfo.InvariantCulture, $"compaction moved {CountText.Of(pages, "page")}"));

    /// <summary>Called at the end of the trace.</summary>
    public void End()
    {
        Say();
        _output.End(_process, _now);
    }

    private void Change(string owner, int bytes)
    {
        _ownerBytes[owner] = _ownerBytes.GetValueOrDefault(owner) + bytes;
        _taken += bytes;
        _changed.Add(owner);
    }

    private void Say()
    {
        if (_zone is not null)
        {
            _tracks!.Say(_now, ZoneState.Of(_zone, _pageSize));
        }
        _output.Counter(_process, _now, "taken", "bytes", _taken);
        foreach (string owner in _changed)
        {
            _output.Counter(_process, _now, $"owner {owner}", "bytes", _ownerBytes[owner]);
        }
        _changed.Clear();
    }
}
