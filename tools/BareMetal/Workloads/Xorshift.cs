namespace Carveout.BareMetal
{
    /// <summary>Random numbers, the same on every machine, in 32-bit steps.</summary>
    /// <remarks>G. Marsaglia, "Xorshift RNGs" (Journal of Statistical Software 8, 2003), the triple 13, 17, 5.</remarks>
    internal sealed class Xorshift
    {
        private uint _state;

        /// <param name="seed">Not 0.</param>
        internal Xorshift(uint seed)
        {
            _state = seed;
        }

        /// <summary>A number from 0 to <paramref name="limit"/> - 1; the limit is 1 to 65,536.</summary>
        internal int Below(int limit)
        {
            uint x = _state;
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            _state = x;
            // Scale the upper half. A remainder would need a division, and prefer small numbers.
            return (int)((x >> 16) * (uint)limit >> 16);
        }
    }
}
