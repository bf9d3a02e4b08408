using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>Whole calls of the page allocator: arguments, zonelist, watermark, map and owner. Without a lock; orders 0 to 6.</summary>
    internal sealed class PageSubject : Subject
    {
        private const int Orders = 7;

        private readonly PageAllocator _pages;

        internal PageSubject(PageAllocator pages)
            : base("PageAllocator.AllocPages", "PageAllocator.FreePages", Costs.MostLivePages)
        {
            _pages = pages;
        }

        protected override int NextSize(Xorshift random)
        {
            return random.Below(Orders);
        }

        protected override int Weight(int size)
        {
            return 1 << size;
        }

        protected override uint Alloc(int size)
        {
            uint before = InstructionCounter.Now();
            uint address = _pages.AllocPages(GfpFlags.Kernel, size, PageOwner.Unknown);
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
