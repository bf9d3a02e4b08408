namespace Carveout.Emulator.Replay;

/// <summary>Watches a replay without taking part in it.</summary>
internal interface ITraceObserver
{
    /// <summary>Called before an operation.</summary>
    /// <param name="index">Its index in the trace, from 0.</param>
    /// <param name="operation">The operation.</param>
    void OnOperation(int index, TraceOperation operation);

    /// <summary>Called when a request is refused, before anything else happens.</summary>
    /// <param name="index">Its index in the trace, from 0.</param>
    /// <param name="operation">The operation.</param>
    void OnRefusal(int index, TraceOperation operation);

    /// <summary>Called after an operation, also after a refused one.</summary>
    /// <param name="index">Its index in the trace, from 0.</param>
    /// <param name="operation">The operation.</param>
    void OnDone(int index, TraceOperation operation);
}
