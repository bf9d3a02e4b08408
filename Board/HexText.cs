namespace Carveout.Board
{
    /// <summary>Addresses as text, the same on every runtime.</summary>
    public static class HexText
    {
        /// <summary>An address as <c>0x</c> and eight hexadecimal digits.</summary>
        public static string Of(uint address)
        {
            return "0x" + Digits(address);
        }

        /// <summary>A span as <c>0x…-0x…</c>, both ends included; an empty span is shown by its start alone.</summary>
        public static string Of(uint start, uint size)
        {
            return size == 0 ? Of(start) : Of(start) + "-" + Of(start + (size - 1));
        }

        /// <summary>Eight lower-case hexadecimal digits, as /proc/iomem prints them.</summary>
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
