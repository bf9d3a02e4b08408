namespace Carveout.Memory
{
    /// <summary>A copy of one operation out of a <see cref="TraceRing"/>; to be used again and again.</summary>
    /// <remarks>Not synchronized: it belongs to the thread that reads the ring.</remarks>
    public sealed class TraceRecord
    {
        /// <summary>The operation's number: they count from 1.</summary>
        public long Sequence { get; internal set; }

        /// <summary>What was done.</summary>
        public TraceKind Kind { get; internal set; }

        /// <summary>When, in milliseconds of the ring's clock; 0 where it has none.</summary>
        public int Time { get; internal set; }

        /// <summary>Where the block or run begins; 0 for a failure and for a loop.</summary>
        public uint Address { get; internal set; }

        /// <summary>Bytes: that were asked for, that were given back, or that a trim kept. Of a loop, its number.</summary>
        public int Size { get; internal set; }

        /// <summary>Bytes, a power of two: the alignment that was asked for, where AllocPages asks for that of its block. 0 for a free, a trim
        /// and a loop.</summary>
        public int Alignment { get; internal set; }

        /// <summary>The number of who asked, or of who had what was given back.</summary>
        public PageOwner Owner { get; internal set; }
    }
}
