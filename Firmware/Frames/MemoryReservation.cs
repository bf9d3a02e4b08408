namespace Carveout
{
    /// <summary>The result of a reservation.</summary>
    /// <remarks>Immutable.</remarks>
    public sealed class MemoryReservation
    {
        private readonly string _text;

        internal MemoryReservation(uint wanted, uint taken, int left, string whyNotMore, string text)
        {
            Wanted = wanted;
            Taken = taken;
            Left = left;
            WhyNotMore = whyNotMore;
            _text = text;
        }

        /// <summary>Bytes that were wanted, in whole pages of managed memory.</summary>
        public uint Wanted { get; }

        /// <summary>Bytes that were taken.</summary>
        public uint Taken { get; }

        /// <summary>Bytes of the managed heap that were still free at that moment, without what the library itself needs. There may be more:
        /// the search ends when the application's share is found. -1 for native memory, which does not come from the heap.</summary>
        public int Left { get; }

        /// <summary>Why less was taken than was wanted; empty if all was taken.</summary>
        public string WhyNotMore { get; }

        /// <summary>All of it, for the console.</summary>
        /// <returns>A sentence without its end.</returns>
        public override string ToString() => _text;
    }
}
