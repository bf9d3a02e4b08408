using Carveout.Board;
using Carveout.Board.Native;

namespace Carveout.App
{
    /// <summary>For firmware that was built with the native half of Carveout.Native.</summary>
    internal static class FirmwareRegion
    {
        /// <summary>The region that the firmware keeps from the runtime; null if it could not reserve one.</summary>
        internal static ReservedMemory Open() => NativeRegion.Open();
    }
}
