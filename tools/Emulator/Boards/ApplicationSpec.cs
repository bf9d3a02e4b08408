namespace Carveout.Emulator.Boards;

/// <summary>The application beside the movie: what it keeps, what it takes and gives back, what it forgets.</summary>
/// <param name="ResidentSize">Bytes taken at the start, in pieces of 1 to 16 pages, and kept.</param>
/// <param name="ChurnPerMinute">Requests of 1 to 3 pages a minute, at random times (a Poisson process).</param>
/// <param name="ChurnSeconds">How long such a block lives in the mean (exponentially distributed).</param>
/// <param name="LeakPerLoop">Bytes a loop of the movie that are taken page by page, at random times, and never given back.</param>
internal sealed record ApplicationSpec(long ResidentSize, int ChurnPerMinute, int ChurnSeconds, long LeakPerLoop);
