namespace Carveout.DeviceRun;

/// <summary>Something is missing or refused; the message says what, and what to do.</summary>
internal sealed class DeviceRunException(string message) : Exception(message);
