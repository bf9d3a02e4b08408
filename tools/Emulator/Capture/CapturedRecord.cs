namespace Carveout.Emulator.Capture;

/// <summary>An operation as a device recorded it.</summary>
/// <param name="Sequence">Its number, from 1.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Time">The device's milliseconds, which wrap at 32 bits.</param>
/// <param name="Address">The block's address.</param>
/// <param name="Size">Bytes; for a loop, its number.</param>
/// <param name="Alignment">Bytes, or 0.</param>
/// <param name="Owner">The owner's number.</param>
internal readonly record struct CapturedRecord(long Sequence, TraceKind Kind, int Time, uint Address, int Size, int Alignment, int Owner);
