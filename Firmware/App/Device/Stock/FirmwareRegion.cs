using Carveout.Board;

namespace Carveout.App
{
    /// <summary>For stock firmware, which would not load an application that refers to Carveout.Native.</summary>
    internal static class FirmwareRegion
    {
        /// <summary>There is none.</summary>
        internal static ReservedMemory Open()
        {
            return null;
        }
    }
}
