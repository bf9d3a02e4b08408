using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>A page map's blocks of powers of two: orders 0 to 6, as in the trace order80.</summary>
    internal sealed class BlockSubject : Subject
    {
        private const int Orders = 7;

        private readonly PageMap _map;

        internal BlockSubject(string suffix, PageMap map)
            : base("FreeBlockMap.Alloc" + suffix, "FreeBlockMap.Free" + suffix, Costs.MostLivePages)
        {
            _map = map;
        }

        /// <summary>A buddy's most expensive operations: take one page from a block of the largest order, and free it.</summary>
        internal void SplitAndMerge()
        {
            Free(Alloc(0), 0);
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
            int page = _map.Alloc(size, false);
            Allocs.Add(before, InstructionCounter.Now(), page >= 0);
            return (uint)page;
        }

        protected override void Free(uint place, int size)
        {
            uint before = InstructionCounter.Now();
            _map.Free((int)place);
            Frees.Add(before, InstructionCounter.Now(), true);
        }
    }
}
