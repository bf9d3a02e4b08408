namespace Carveout.Emulator.Timeline;

/// <summary>What an event of a timeline is.</summary>
internal enum TimelineKind
{
    /// <summary>The name of a process: one run, one policy.</summary>
    Process,

    /// <summary>The name of a track of slices.</summary>
    Track,

    /// <summary>A value from now on.</summary>
    Counter,

    /// <summary>A block is there from now on.</summary>
    Begin,

    /// <summary>It is there no more.</summary>
    End,

    /// <summary>Something that lasted.</summary>
    Slice,

    /// <summary>Something that happened at once.</summary>
    Instant,
}

/// <summary>One event of a timeline.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Process">Number of the process, from 1.</param>
/// <param name="Time">Microseconds.</param>
/// <param name="Track">The counter; of a block, whose it is; of a slice, where it is drawn.</param>
/// <param name="Name">Of the block, slice or instant; of a counter, its unit.</param>
/// <param name="Value">Of a counter; of a block its number; of a slice its microseconds.</param>
internal readonly record struct TimelineEvent(TimelineKind Kind, int Process, long Time, string Track, string Name, long Value);
