namespace Carveout.Memory
{
    /// <summary>What hardening remembers of each page of one zone, in 6 bytes a page.</summary>
    internal sealed class HardenedPages : HeldBlocks
    {
        private const byte Poisoned = 1, Held = 2;

        /// <summary>By page: whether it is poisoned, and at the first page of a block whether the block was freed and is held back.</summary>
        private readonly byte[] _marks;

        /// <summary>By page: its last owner; valid for poisoned pages only.</summary>
        internal readonly byte[] LastOwners;

        /// <summary>By first page of a block: the bytes that were asked for if a red zone follows them, else 0.</summary>
        internal readonly int[] Asked;

        internal HardenedPages(int pages)
        {
            _marks = new byte[pages];
            LastOwners = new byte[pages];
            Asked = new int[pages];
        }

        /// <inheritdoc/>
        internal override int MetadataSize { get { return 6 * _marks.Length; } }

        /// <summary>What hardening knows of a zone; null while pages are not hardened.</summary>
        internal static HardenedPages Of(Zone zone) => (HardenedPages)zone.Held!;

        /// <inheritdoc/>
        internal override bool IsHeld(int page) => (_marks[page] & Held) != 0;

        internal void Hold(int page) => _marks[page] |= Held;

        internal void LetGo(int page)
        {
            _marks[page] &= Poisoned;
        }

        internal void Poison(int page, PageOwner owner)
        {
            _marks[page] |= Poisoned;
            LastOwners[page] = (byte)owner;
        }

        /// <summary>Whether a page was poisoned; clears its mark.</summary>
        internal bool TakePoison(int page)
        {
            bool poisoned = (_marks[page] & Poisoned) != 0;
            _marks[page] &= Held;
            return poisoned;
        }
    }
}
