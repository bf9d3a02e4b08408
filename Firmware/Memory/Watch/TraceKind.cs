namespace Carveout.Memory
{
    /// <summary>The operation of a <see cref="TraceRecord"/>.</summary>
    public enum TraceKind
    {
        /// <summary>2^order pages were taken.</summary>
        Block = 1,

        /// <summary>Exactly as many pages as the bytes need were taken.</summary>
        Run = 2,

        /// <summary>A block or run was freed.</summary>
        Free = 3,

        /// <summary>The tail of a block or run was given back.</summary>
        Trim = 4,

        /// <summary>A request for a block or run failed.</summary>
        Failure = 5,

        /// <summary>The application began its next loop.</summary>
        Loop = 6,
    }
}
