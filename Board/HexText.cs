namespace Carveout.Board
{
    /// <summary>Addresses as text, the same on every runtime.</summary>
    public static class HexText
    {
        /// <summary>An address as <c>0x</c> and eight hexadecimal digits.</summary>
        /// <param name="address">Any.</param>
        /// <returns>Ten characters, such as <c>0x3f800000</c>.</returns>
        public static string Of(uint address)
        {
            return "0x" + Digits(address);
        }

        /// <summary>A span as <c>0x…-0x…</c>, both ends included; an empty span is shown by its start alone.</summary>
        /// <param name="start">The first address.</param>
        /// <param name="size">Bytes; the last address is start + size - 1.</param>
        /// <returns>Such as <c>0x3f800000-0x3fbfffff</c>.</returns>
        public static string Of(uint start, uint size)
        {
            return size == 0 ? Of(start) : Of(start) + "-" + Of(start + (size - 1));
        }

        /// <summary>Eight lower-case hexadecimal digits, as /proc/iomem prints them.</summary>
        /// <param name="value">Any.</param>
        /// <returns>Such as <c>3f800000</c>.</returns>
        public static string Digits(uint value)
        {
            var digits = new char[8];
            for (int i = 7; i >= 0; i--)
            {
                int digit = (int)(value & 15);
                digits[i] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
                value >>= 4;
            }
            return new string(digits);
        }
    }
}
