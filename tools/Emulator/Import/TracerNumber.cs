using System.Buffers;

namespace Carveout.Emulator.Import;

/// <summary>Reads numbers as tracers print them.</summary>
internal static class TracerNumber
{
    /// <summary>An address: hexadecimal with or without 0x; (nil), (null), nil and NULL are 0.</summary>
    /// <returns>Whether the word is an address.</returns>
    public static bool IsAddress(ReadOnlySpan<char> word, out ulong address)
    {
        address = 0;
        if (word is "(nil)" or "(null)" or "nil" or "NULL" or "null")
        {
            return true;
        }
        if (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            word = word[2..];
        }
        return IsHex(word, out address);
    }

    /// <summary>A hexadecimal number without 0x.</summary>
    public static bool IsHex(ReadOnlySpan<char> word, out ulong value)
    {
        value = 0;
        return word.Length is > 0 and <= 16 && !word.ContainsAnyExcept(s_hexadecimal)
            && ulong.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A size: decimal, or hexadecimal with 0x. A size that does not fit in 63 bits becomes the largest number, since nobody could
    /// serve it.</summary>
    public static bool IsSize(ReadOnlySpan<char> word, out long size)
    {
        size = 0;
        bool isHex = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        ReadOnlySpan<char> digits = isHex ? word[2..] : word;
        if (digits.Length is 0 or > 20 || digits.ContainsAnyExcept(isHex ? s_hexadecimal : s_decimal))
        {
            return false;
        }
        bool fits = ulong.TryParse(digits, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            && value <= long.MaxValue;
        size = fits ? (long)value : long.MaxValue;
        return true;
    }

    /// <summary>Converts a time in seconds, with decimals behind a point, to nanoseconds.</summary>
    public static bool IsSeconds(ReadOnlySpan<char> word, out long nanoseconds)
    {
        nanoseconds = 0;
        return decimal.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds)
            && seconds < 4_000_000_000m && Kept((long)(seconds * 1_000_000_000m), out nanoseconds);
    }

    /// <summary>The product of two sizes, limited to the largest number.</summary>
    public static long Product(long one, long other) =>
        one != 0 && other > long.MaxValue / one ? long.MaxValue : one * other;

    private static readonly SearchValues<char> s_hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> s_decimal = SearchValues.Create("0123456789");

    private static bool Kept(long value, out long kept)
    {
        kept = value;
        return true;
    }
}
