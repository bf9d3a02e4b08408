using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>Whole calls of the page allocator over a map of runs: the runs that RunSubject takes, without a lock.</summary>
    internal sealed class ExactSubject : Subject
    {
        private readonly PageAllocator _pages;

        internal ExactSubject(PageAllocator pages)
            : base("PageAllocator.AllocPagesExact, runs", "PageAllocator.FreePages, runs", Costs.MostLivePages)
        {
            _pages = pages;
        }

        protected override int NextSize(Xorshift random)
        {
            int octave = 1 << random.Below(6);
            return octave + random.Below(octave);
        }

        protected override uint Alloc(int size)
        {
            uint before = InstructionCounter.Now();
            uint address = _pages.AllocPagesExact(size * Costs.PageSize, GfpFlags.Kernel, PageOwner.Unknown);
            Allocs.Add(before, InstructionCounter.Now(), address != 0);
            return address == 0 ? Failed : address;
        }

        protected override void Free(uint place, int size)
        {
            uint before = InstructionCounter.Now();
            _pages.FreePages(place);
            Frees.Add(before, InstructionCounter.Now(), true);
        }
    }
}
