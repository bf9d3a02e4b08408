namespace Carveout.Emulator.Capture;

/// <summary>An operation as a device recorded it.</summary>
/// <param name="Sequence">Its number, from 1.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Time">The device's milliseconds; they wrap at 32 bits.</param>
/// <param name="Address">Where.</param>
/// <param name="Size">Bytes; of a loop, its number.</param>
/// <param name="Alignment">Bytes, or 0.</param>
/// <param name="Owner">A number.</param>
internal readonly record struct CapturedRecord(long Sequence, TraceKind Kind, int Time, uint Address, int Size, int Alignment, int Owner);
