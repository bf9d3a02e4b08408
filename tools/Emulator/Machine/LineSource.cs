namespace Carveout.Emulator.Machine;

/// <summary>Fills a line of a camera's frame.</summary>
/// <param name="frame">The sensor's frame, counted from 0.</param>
/// <param name="y">The line, from 0.</param>
/// <param name="line">Receives the bytes; all of them must be written.</param>
internal delegate void LineSource(long frame, int y, Span<byte> line);
