namespace Carveout.Emulator.Input;

/// <summary>How many there are of something, in words.</summary>
internal static class CountText
{
    /// <summary>A number and what it counts, which takes an s unless it is one.</summary>
    public static string Of(long count, string one) => $"{count} {one}{(count == 1 ? "" : "s")}";
}
