namespace Carveout.Board
{
    /// <summary>Addresses as text, the same on every runtime.</summary>
    public static class HexText
    {
        /// <summary>An address as <c>0x</c> and eight lower-case hexadecimal digits.</summary>
        /// <param name="address">Any.</param>
        /// <returns>Ten characters, for example <c>0x3f800000</c>.</returns>
        public static string Of(uint address)
        {
            var digits = new char[10];
            digits[0] = '0';
            digits[1] = 'x';
            for (int i = 9; i > 1; i--)
            {
                int digit = (int)(address & 15);
                digits[i] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
                address >>= 4;
            }
            return new string(digits);
        }

        /// <summary>A span as <c>0x…-0x…</c>, both ends included; an empty span is shown by its start alone.</summary>
        /// <param name="start">The first address.</param>
        /// <param name="size">Bytes; the last address is start + size - 1.</param>
        /// <returns>For example <c>0x3f800000-0x3fbfffff</c>.</returns>
        public static string OfSpan(uint start, uint size)
        {
            return size == 0 ? Of(start) : Of(start) + "-" + Of(start + (size - 1));
        }
    }
}
