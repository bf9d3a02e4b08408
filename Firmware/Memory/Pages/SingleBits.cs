namespace Carveout.Memory
{
    /// <summary>The 64 words that have one bit set, looked up instead of shifted.</summary>
    /// <remarks>On the interpreter the two cost the same. On a 32-bit processor a 64-bit shift by a variable is a call of some 16
    /// instructions, and a table look-up 5. The index is a bit's number, 0 to 63, no more.</remarks>
    internal static class SingleBits
    {
        /// <summary>Bit number to word.</summary>
        internal static readonly ulong[] Table = MakeTable();

        private static ulong[] MakeTable()
        {
            var table = new ulong[64];
            for (int bit = 0; bit < 64; bit++)
            {
                table[bit] = 1UL << bit;
            }
            return table;
        }
    }
}
