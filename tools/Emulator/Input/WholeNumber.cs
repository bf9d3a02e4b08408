namespace Carveout.Emulator.Input;

/// <summary>Whole numbers of files, of digits alone: the parsers of .NET take a NUL behind a number for nothing.</summary>
internal static class WholeNumber
{
    /// <summary>Digits of the largest number that is read: one more might not fit into 64 bits.</summary>
    private const int MostDigits = 18;

    /// <summary>Reads a number of 1 to 19 digits.</summary>
    /// <param name="word">Nothing but the digits.</param>
    /// <param name="least">The smallest that is taken.</param>
    /// <param name="most">The largest.</param>
    /// <param name="number">The number.</param>
    /// <returns>Whether it is one between the two.</returns>
    public static bool TryParse(ReadOnlySpan<char> word, long least, long most, out long number)
    {
        number = 0;
        bool isNegative = least < 0 && word.StartsWith('-');
        ReadOnlySpan<char> digits = isNegative ? word[1..] : word;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }
        if (digits.Length > MostDigits)
        {
            return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
        }
        foreach (char digit in digits)
        {
            number = (number * 10) + (digit - '0');
        }
        number = isNegative ? -number : number;
        return number >= least && number <= most;
    }

    /// <summary>Reads a number that an int holds.</summary>
    public static bool TryParse(ReadOnlySpan<char> word, int least, int most, out int number)
    {
        bool isNumber = TryParse(word, (long)least, most, out long value);
        number = (int)value;
        return isNumber;
    }
}
