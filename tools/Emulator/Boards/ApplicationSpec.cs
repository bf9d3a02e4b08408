namespace Carveout.Emulator.Boards;

/// <summary>The application beside the movie: what it keeps, what it allocates and frees, and what it leaks.</summary>
/// <param name="ResidentSize">Bytes allocated at the start, in pieces of 1 to 16 pages, and kept.</param>
/// <param name="ChurnPerMinute">Requests of 1 to 3 pages a minute, at random times (a Poisson process).</param>
/// <param name="ChurnSeconds">The mean life of these blocks (exponentially distributed).</param>
/// <param name="LeakPerLoop">Bytes that are allocated in each loop of the movie, page by page at random times, and never freed.</param>
internal sealed record ApplicationSpec(long ResidentSize, int ChurnPerMinute, int ChurnSeconds, long LeakPerLoop);
