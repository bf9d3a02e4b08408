namespace Carveout.Memory
{
    /// <summary>Find-first-set on a machine without an instruction for it: a de Bruijn multiplication and one table look-up.</summary>
    /// <remarks>The product's top six bits differ for each power of two. C. E. Leiserson, H. Prokop, K. H. Randall, "Using de Bruijn Sequences to
    /// Index a 1 in a Computer Word" (MIT, 1998). The hot paths write it out by hand, since a call costs the interpreter three times as much as the
    /// look-up: <c>table[(int)(((word &amp; (ulong)-(long)word) * Multiplier) >> Shift)]</c>.</remarks>
    internal static class TrailingZeros
    {
        /// <summary>A de Bruijn sequence of 64 bits.</summary>
        internal const ulong Multiplier = 0x03F79D71B4CB0A89UL;

        /// <summary>Leaves the top six bits.</summary>
        internal const int Shift = 58;

        private static byte[]? s_table;

        /// <summary>Product's top bits to bit number. A class that looks bits up keeps it in a field.</summary>
        internal static byte[] Table
        {
            get
            {
                // Not in a field initializer, for the reason given in SingleBits.
                if (s_table == null)
                {
                    s_table = MakeTable();
                }
                return s_table;
            }
        }

        private static byte[] MakeTable()
        {
            var table = new byte[64];
            for (int bit = 0; bit < 64; bit++)
            {
                table[(int)((Multiplier << bit) >> Shift)] = (byte)bit;
            }
            return table;
        }
    }
}
