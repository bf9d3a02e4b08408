namespace Carveout.Memory
{
    /// <summary>The last request for virtual addresses that was refused.</summary>
    internal sealed class VmallocFailure : FailureCause
    {
        private readonly Vmalloc _space;
        private int _size, _pages;
        private PageOwner _owner;

        internal VmallocFailure(Vmalloc space) => _space = space;

        /// <summary>Records a request.</summary>
        /// <param name="pages">Its pages, without the guard page.</param>
        internal void Note(int size, int pages, PageOwner owner)
        {
            _size = size;
            _pages = pages;
            _owner = owner;
            _space.Allocator.LastFailure.Cause = this;
        }

        /// <inheritdoc/>
        internal override string ToText() =>
            "vmalloc failure: " + _size.ToString() + " bytes, owner '" + _space.Allocator.OwnerName(_owner) + "': "
                + (_space.AreaCount == _space.AreaCapacity
                    ? "all " + _space.AreaCapacity.ToString() + " areas are in use"
                    : "wanted " + (_pages + 1).ToString() + " virtual pages in a row, the guard page among them; the longest free run has "
                        + (_space.LargestFreePages + 1).ToString() + " of " + _space.PageCount.ToString()) + "\n";
    }
}
