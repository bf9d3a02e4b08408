using Carveout.Board;

namespace Carveout.App
{
    /// <summary>For stock firmware, which does not load an application that refers to Carveout.Native.</summary>
    internal static class FirmwareRegion
    {
        internal static ReservedMemory Open() => null;
    }
}
