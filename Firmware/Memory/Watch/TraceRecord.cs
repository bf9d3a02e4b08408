namespace Carveout.Memory
{
    /// <summary>A copy of one operation of a <see cref="TraceRing"/>. One object serves for any number of reads.</summary>
    /// <remarks>Not synchronized: it belongs to the thread that reads the ring.</remarks>
    public sealed class TraceRecord
    {
        /// <summary>The operation's number, counted from 1.</summary>
        public long Sequence { get; internal set; }

        /// <summary>What was done.</summary>
        public TraceKind Kind { get; internal set; }

        /// <summary>The time, in milliseconds of the ring's clock; 0 if it has none.</summary>
        public int Time { get; internal set; }

        /// <summary>Where the block or run begins; 0 for a failure and for a loop.</summary>
        public uint Address { get; internal set; }

        /// <summary>Bytes that were asked for or freed, or that a trim left. For a loop, its number.</summary>
        public int Size { get; internal set; }

        /// <summary>The alignment that was asked for, in bytes, a power of two; AllocPages asks for its block's own size. 0 for a free, a
        /// trim and a loop.</summary>
        public int Alignment { get; internal set; }

        /// <summary>The number of the owner that asked, or whose block was freed or trimmed.</summary>
        public PageOwner Owner { get; internal set; }
    }
}
