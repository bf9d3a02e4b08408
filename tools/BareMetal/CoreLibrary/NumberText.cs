namespace System
{
    /// <summary>Writes numbers as decimal digits, for the messages of exceptions.</summary>
    internal static class NumberText
    {
        internal static string Of(long value)
        {
            bool negative = value < 0;
            // The most negative number has no positive counterpart in long; in ulong it has.
            ulong rest = negative ? (ulong)-value : (ulong)value;
            int length = negative ? 2 : 1;
            for (ulong larger = rest; larger >= 10; larger /= 10)
            {
                length++;
            }
            string text = String.Allocate(length);
            for (int i = length - 1; i >= (negative ? 1 : 0); i--)
            {
                text.Set(i, (char)('0' + (int)(rest % 10)));
                rest /= 10;
            }
            if (negative)
            {
                text.Set(0, '-');
            }
            return text;
        }
    }
}
