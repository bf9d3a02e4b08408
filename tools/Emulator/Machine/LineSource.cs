namespace Carveout.Emulator.Machine;

/// <summary>What a camera sees: fills a line of a frame.</summary>
/// <param name="frame">Counts the sensor's frames from 0.</param>
/// <param name="y">The line, from 0.</param>
/// <param name="line">Its bytes, all of them to be written.</param>
internal delegate void LineSource(long frame, int y, Span<byte> line);
