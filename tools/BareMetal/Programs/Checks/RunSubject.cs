using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>A page map's exact runs: 1 to 63 pages, small ones more often, as in the trace pages80.</summary>
    internal sealed class RunSubject : Subject
    {
        private readonly PageMap _map;

        internal RunSubject(PageMap map)
            : base("RunMap.AllocRun", "RunMap.Free", Costs.MostLivePages)
        {
            _map = map;
        }

        protected override int NextSize(Xorshift random)
        {
            int octave = 1 << random.Below(6);
            return octave + random.Below(octave);
        }

        protected override uint Alloc(int size)
        {
            uint before = InstructionCounter.Now();
            int page = _map.AllocRun(size, 1);
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
