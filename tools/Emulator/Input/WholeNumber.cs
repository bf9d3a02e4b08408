namespace Carveout.Emulator.Input;

/// <summary>Reads whole numbers in files, digits only, because .NET's parsers ignore a NUL behind a number.</summary>
internal static class WholeNumber
{
    /// <summary>The most digits of a number; one more might not fit into 64 bits.</summary>
    private const int MostDigits = 18;

    /// <summary>Reads a number of 1 to 19 digits.</summary>
    /// <param name="word">The digits.</param>
    /// <param name="least">The smallest number that is accepted.</param>
    /// <param name="most">The largest number that is accepted.</param>
    /// <param name="number">The number.</param>
    /// <returns>Whether the word is a number between the two.</returns>
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

    /// <summary>Reads a number that fits into an int.</summary>
    public static bool TryParse(ReadOnlySpan<char> word, int least, int most, out int number)
    {
        bool isNumber = TryParse(word, (long)least, most, out long value);
        number = (int)value;
        return isNumber;
    }
}
