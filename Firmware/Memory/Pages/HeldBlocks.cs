namespace Carveout.Memory
{
    /// <summary>Blocks of one zone that were freed and that a <see cref="PageWatch"/> holds back: no owner has them, and they are not free
    /// yet.</summary>
    internal abstract class HeldBlocks
    {
        internal abstract int MetadataSize { get; }

        /// <summary>Whether the block that begins at a page is one of them. Under the lock, or for reports.</summary>
        internal abstract bool IsHeld(int page);
    }
}
