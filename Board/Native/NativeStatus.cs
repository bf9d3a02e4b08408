namespace Carveout.Board.Native
{
    /// <summary>The results of native methods; the numbers are those of carveout_status in core/carveout_region.h.</summary>
    internal static class NativeStatus
    {
        /// <summary>Done.</summary>
        internal const int Done = 0;

        /// <summary>The span does not lie in the region, or in a copy the source does not. Nothing was changed.</summary>
        internal const int OutsideRegion = 1;

        /// <summary>A copy's destination does not lie in the region. Nothing was changed.</summary>
        internal const int OutsideDestination = 2;

        /// <summary>There is no array. Nothing was changed.</summary>
        internal const int NoBuffer = 3;

        /// <summary>Offset and length do not lie in the array. Nothing was changed.</summary>
        internal const int OutsideBuffer = 4;

        /// <summary>The SDK's cache call failed. Memory is unchanged; the state of the cache is unknown.</summary>
        internal const int CacheFault = 5;
    }
}
