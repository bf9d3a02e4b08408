using System.Globalization;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads numbers behind names in a line: <c>free:15648kB</c>, <c>free 25372</c>, <c>size=0x40</c>.</summary>
internal static class Fields
{
    /// <summary>The whole number behind a name, decimal or hexadecimal with 0x; null if there is none, or it may be cut.</summary>
    public static long? Number(DumpLine line, string name) => Find(line, name, out long value, out int end) && !line.MayBeCutAt(end) ? value : null;

    /// <summary>The bytes behind a name, with the unit behind the number; null if there are none, or they may be cut.</summary>
    /// <param name="line">The line.</param>
    /// <param name="name">The name before the number.</param>
    /// <param name="unit">Bytes of a number that has no unit.</param>
    public static long? Bytes(DumpLine line, string name, long unit = 1)
    {
        if (!Find(line, name, out long value, out int end))
        {
            return null;
        }
        (long? factor, int last) = Unit(line.Text, end);
        // "15648k" at the end of a cut line means the same as kB; "15648" may have lost digits or a unit.
        return line.MayBeCutAt(factor is null ? end : last) && line.MayBeCutAt(end) ? null : Product(value, factor ?? unit);
    }

    /// <summary>The unit at a place in a text, after blanks.</summary>
    /// <returns>Its bytes, null if there is no unit; and where it ends.</returns>
    public static (long? Bytes, int End) Unit(string text, int at)
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
        int end = at;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }
        long? bytes = text[at..end].ToLowerInvariant() switch
        {
            "b" or "byte" or "bytes" => 1,
            "k" or "kb" or "kib" or "kbyte" or "kbytes" => 1L << 10,
            "m" or "mb" or "mib" or "mbyte" or "mbytes" => 1L << 20,
            "g" or "gb" or "gib" => 1L << 30,
            _ => null,
        };
        return (bytes, end);
    }

    /// <summary>A whole number from text, decimal or hexadecimal with 0x; null if it is not a number or does not fit.</summary>
    public static long? Parse(ReadOnlySpan<char> text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex) && hex >= 0 ? hex : null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    /// <summary>A product, limited to the largest number, since sizes in a log may be nonsense.</summary>
    public static long Product(long value, long factor) => (long)Int128.Min((Int128)value * factor, long.MaxValue);

    /// <summary>A sum, limited in the same way.</summary>
    public static long Sum(IEnumerable<long> values) =>
        (long)Int128.Clamp(values.Aggregate(Int128.Zero, (sum, value) => sum + value), long.MinValue, long.MaxValue);

    private static bool Find(DumpLine line, string name, out long value, out int end)
    {
        string text = line.Text;
        for (int at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0;
            at = text.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            int start = at + name.Length;
            if (at > 0 && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] == '_'))
            {
                continue;
            }
            int digits = start;
            while (digits < text.Length && text[digits] is ' ' or ':' or '=' or '"' or '~')
            {
                digits++;
            }
            end = digits;
            while (end < text.Length && char.IsAsciiHexDigit(text[end]) | (text[end] is 'x' or 'X' && end == digits + 1))
            {
                end++;
            }
            if (digits > start && end > digits && !text.AsSpan(digits).StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            {
                end = digits;
                while (end < text.Length && char.IsAsciiDigit(text[end]))
                {
                    end++;
                }
            }
            if (digits > start && Parse(text.AsSpan(digits, end - digits)) is long number)
            {
                value = number;
                return true;
            }
        }
        (value, end) = (0, 0);
        return false;
    }
}
