namespace Carveout.Emulator.Replay;

/// <summary>Watches a replay without taking part in it.</summary>
internal interface ITraceObserver
{
    /// <summary>An operation is about to be done.</summary>
    /// <param name="operation">Its index in the trace.</param>
    void OnOperation(int operation);

    /// <summary>A request got no memory; nothing has happened since.</summary>
    /// <param name="operation">Its index in the trace.</param>
    void OnRefusal(int operation);

    /// <summary>An operation was done, or refused.</summary>
    /// <param name="operation">Its index in the trace.</param>
    void OnDone(int operation);
}
