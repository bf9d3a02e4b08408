namespace Carveout.Emulator.Machine;

/// <summary>Virtual time in words.</summary>
internal static class ClockText
{
    /// <summary>Hours, minutes and seconds; hours are not cut at a day.</summary>
    public static string Of(double seconds)
    {
        long whole = (long)seconds;
        return string.Create(CultureInfo.InvariantCulture, $"{whole / 3600:00}:{whole / 60 % 60:00}:{whole % 60:00}");
    }
}
