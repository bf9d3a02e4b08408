namespace Carveout.Memory
{
    /// <summary>Blocks that somebody has.</summary>
    internal static class TakenBlocks
    {
        /// <summary>Pages of the block that begins at a page of a zone and that somebody has; 0 where none begins, or where it was freed and is held
        /// back.</summary>
        internal static int At(Zone zone, int page)
        {
            return zone.Held != null && zone.Held.IsHeld(page) ? 0 : zone.Map.BlockLength(page);
        }
    }
}
