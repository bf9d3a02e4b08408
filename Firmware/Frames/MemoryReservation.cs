namespace Carveout
{
    /// <summary>What came of a reservation.</summary>
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

        /// <summary>Bytes of the managed heap that were free at that moment beside them and what the library needs: so many at least, since no
        /// more is looked for than the application is to have. -1 for native memory, which the heap has nothing to do with.</summary>
        public int Left { get; }

        /// <summary>Why there is not more; empty where there is all that was wanted.</summary>
        public string WhyNotMore { get; }

        /// <summary>All of it, for the console.</summary>
        /// <returns>A sentence without its end.</returns>
        public override string ToString()
        {
            return _text;
        }
    }
}
