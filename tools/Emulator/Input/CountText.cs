namespace Carveout.Emulator.Input;

/// <summary>Writes a count in words.</summary>
internal static class CountText
{
    /// <summary>A number and its noun, with an s unless the number is one.</summary>
    public static string Of(long count, string one) => $"{count} {one}{(count == 1 ? "" : "s")}";
}
