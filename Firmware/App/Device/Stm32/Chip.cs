namespace Carveout.App
{
    /// <summary>STM32 firmware cannot report any memory beside the managed heap.</summary>
    internal static class Chip
    {
        internal static string NativeMemory() => "";
    }
}
