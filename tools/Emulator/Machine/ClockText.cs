namespace Carveout.Emulator.Machine;

/// <summary>Writes virtual time as text.</summary>
internal static class ClockText
{
    /// <summary>Hours, minutes and seconds; hours go beyond 24.</summary>
    public static string Of(double seconds)
    {
        long whole = (long)seconds;
        return string.Create(CultureInfo.InvariantCulture, $"{whole / 3600:00}:{whole / 60 % 60:00}:{whole % 60:00}");
    }
}
