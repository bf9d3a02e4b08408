namespace Carveout.Emulator.Replay;

/// <summary>Watches a replay without taking part in it.</summary>
internal interface ITraceObserver
{
    /// <summary>An operation is about to be done.</summary>
    /// <param name="index">Its place in the trace, from 0.</param>
    /// <param name="operation">The operation.</param>
    void OnOperation(int index, TraceOperation operation);

    /// <summary>A request got no memory; nothing has happened since.</summary>
    /// <param name="index">Its place in the trace, from 0.</param>
    /// <param name="operation">The operation.</param>
    void OnRefusal(int index, TraceOperation operation);

    /// <summary>An operation was done, or refused.</summary>
    /// <param name="index">Its place in the trace, from 0.</param>
    /// <param name="operation">The operation.</param>
    void OnDone(int index, TraceOperation operation);
}
