namespace Carveout.App
{
    /// <summary>STM32 firmware has no memory beside the managed heap that it could tell of.</summary>
    internal static class Chip
    {
        /// <summary>Nothing.</summary>
        internal static string NativeMemory()
        {
            return "";
        }
    }
}
