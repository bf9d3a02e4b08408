using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>The memory that serves a trace. The trace itself need not say how large it is.</summary>
/// <param name="Size">Bytes, a multiple of the page.</param>
/// <param name="PageSize">Bytes of a page.</param>
/// <param name="Source">Where the size is from: <see cref="Given"/>, <see cref="Said"/> or <see cref="Guessed"/>.</param>
/// <param name="Zone">The name of its zone, which is the device's if the trace has it.</param>
internal sealed record TraceArena(int Size, int PageSize, string Source, string Zone = ReplayOptions.DefaultZone)
{
    /// <summary>If nothing says the size, the arena is the peak of live bytes times this factor, so it is 80 % full then.</summary>
    public const double Spare = 1.25;

    /// <summary>The size is from an option, from the trace's first comment, or computed from the peak.</summary>
    public const string Given = "given", Said = "trace", Guessed = "peak";

    /// <summary>The page size: from the option, from the trace's first comment, or the default.</summary>
    /// <param name="name">The trace's name.</param>
    /// <param name="header">The trace's own statements.</param>
    /// <param name="given">The user's argument; null if there is none.</param>
    public static int PageSizeOf(string name, TraceHeader header, int? given)
    {
        long page = given ?? header.Said("page") ?? MemoryMap.DefaultPageSize;
        return page is >= 256 and <= 65536 && (page & (page - 1)) == 0
            ? (int)page
            : throw new UsageException(given is null
                ? $"{name} says page={page}, which is none: expected --page with it, a power of two from 256 to 65536"
                : $"--page {page}: expected a power of two from 256 to 65536");
    }

    /// <summary>The arena: from the option, from the trace's first comment, or a quarter more than the peak of live bytes.</summary>
    /// <param name="name">The trace's name.</param>
    /// <param name="header">The trace's own statements.</param>
    /// <param name="pageSize">Bytes of a page.</param>
    /// <param name="peakBytes">The most bytes that are live at once.</param>
    /// <param name="given">The user's argument; null if there is none.</param>
    public static TraceArena Of(string name, TraceHeader header, int pageSize, long peakBytes, int? given)
    {
        if (given is int size)
        {
            return new TraceArena(size, pageSize, Given, header.Zone);
        }
        return header.Said("arena") is long said
            ? new TraceArena(Whole(said), pageSize, Said, header.Zone)
            : new TraceArena(Whole((long)Math.Ceiling(peakBytes * Spare / pageSize) * pageSize), pageSize, Guessed, header.Zone);

        int Whole(long bytes) => bytes >= pageSize && bytes <= int.MaxValue
            ? (int)(bytes / pageSize * pageSize)
            : throw new UsageException($"{name}: an arena of {bytes} bytes cannot be replayed: expected --arena with it, {pageSize} to "
                + $"{int.MaxValue} bytes");
    }
}
