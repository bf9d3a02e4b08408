namespace Carveout.Memory
{
    /// <summary>The 64 words that have one bit set, looked up instead of shifted.</summary>
    /// <remarks>On the interpreter the two cost the same. On a 32-bit processor a 64-bit shift by a variable is a call of some 16
    /// instructions, and a table look-up 5. The index is a bit's number, 0 to 63, no more.</remarks>
    internal static class SingleBits
    {
        private static ulong[]? s_table;

        /// <summary>Bit number to word. A class that looks words up keeps it in a field.</summary>
        internal static ulong[] Table
        {
            get
            {
                // Not in a field initializer: on the device one that runs out of memory leaves null behind and throws nothing.
                if (s_table == null)
                {
                    s_table = MakeTable();
                }
                return s_table;
            }
        }

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
