namespace Carveout.Memory
{
    /// <summary>What a <see cref="TraceRecord"/> tells of.</summary>
    public enum TraceKind
    {
        /// <summary>2^order pages were taken.</summary>
        Block = 1,

        /// <summary>Exactly as many pages as the bytes need were taken.</summary>
        Run = 2,

        /// <summary>A block or run was given back.</summary>
        Free = 3,

        /// <summary>The tail of a block or run was given back.</summary>
        Trim = 4,

        /// <summary>A block or run was asked for, and there was none.</summary>
        Failure = 5,

        /// <summary>The application began a round of what it repeats.</summary>
        Loop = 6,
    }
}
