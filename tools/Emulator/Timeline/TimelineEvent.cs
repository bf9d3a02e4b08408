namespace Carveout.Emulator.Timeline;

/// <summary>The kind of a timeline's event.</summary>
internal enum TimelineKind
{
    /// <summary>The name of a process: a run or a policy.</summary>
    Process,

    /// <summary>The name of a track of slices.</summary>
    Track,

    /// <summary>A counter's value from now on.</summary>
    Counter,

    /// <summary>A block was allocated.</summary>
    Begin,

    /// <summary>A block was freed.</summary>
    End,

    /// <summary>Something that took time.</summary>
    Slice,

    /// <summary>Something that took no time.</summary>
    Instant,
}

/// <summary>One event of a timeline.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Process">The number of the process, from 1.</param>
/// <param name="Time">Microseconds.</param>
/// <param name="Track">The counter; for a block, its owner; for a slice, its track.</param>
/// <param name="Name">The name of the block, slice or instant; for a counter, its unit.</param>
/// <param name="Value">The counter's value; for a block, its number; for a slice, its microseconds.</param>
internal readonly record struct TimelineEvent(TimelineKind Kind, int Process, long Time, string Track, string Name, long Value);
