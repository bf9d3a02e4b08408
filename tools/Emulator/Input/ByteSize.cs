namespace Carveout.Emulator.Input;

/// <summary>Reads sizes as people type them: 4096, 0x1000, 64K, 8M.</summary>
internal static class ByteSize
{
    /// <summary>Reads a size in bytes.</summary>
    /// <returns>Whether the text is a size, from 0 to 2^62.</returns>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            // A NUL is refused here, because the parser ignores one behind a number.
            return !text.Contains('\0') && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes)
                && bytes is >= 0 and <= 1L << 62;
        }
        int shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        ReadOnlySpan<char> digits = shift == 0 ? text : text.AsSpan(0, text.Length - 1);
        if (!WholeNumber.TryParse(digits, 0, (1L << 62) >> shift, out long number))
        {
            return false;
        }
        bytes = number << shift;
        return true;
    }
}
