using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Timeline;

/// <summary>Writes a replay as a timeline while it goes on.</summary>
internal sealed class ReplayTimeline : ITraceObserver
{
    private readonly TraceReplay _replay;
    private readonly TraceTimeline _timeline;
    private bool _isRefused;
    private long _moved;

    /// <summary>Observes a replay that has not begun.</summary>
    /// <param name="replay">The replay.</param>
    /// <param name="trace">Its trace, whose comments are received from now on.</param>
    /// <param name="title">What is replayed, and how.</param>
    /// <param name="output">Receives the timeline.</param>
    public ReplayTimeline(TraceReplay replay, TraceStream trace, string title, TimelineOutput output)
    {
        _replay = replay;
        _timeline = new TraceTimeline(output, title, replay.Allocator.ZoneAt(0), replay.Allocator.PageSize);
        replay.Observer = this;
        // The device's own refusals are not shown: the policy of this replay may serve those requests.
        trace.Noted = comment => _timeline.Note(comment == TraceFile.Refused ? "" : comment);
    }

    /// <inheritdoc/>
    public void OnOperation(int index, TraceOperation operation)
    {
        _isRefused = false;
        _timeline.Begin(operation);
    }

    /// <inheritdoc/>
    public void OnRefusal(int index, TraceOperation operation) => _isRefused = true;

    /// <inheritdoc/>
    public void OnDone(int index, TraceOperation operation)
    {
        long moved = MovablePages.Of(_replay.Allocator)?.PagesMigrated ?? 0;
        if (moved != _moved)
        {
            _timeline.Moved(moved - _moved);
            _moved = moved;
        }
        _timeline.Done(operation, !_isRefused);
    }

    /// <summary>Called when the replay has ended.</summary>
    public void End() => _timeline.End();
}
