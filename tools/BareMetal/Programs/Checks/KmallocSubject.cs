using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>Kmalloc of 64 bytes, 500 live, as in docs/costs.md: sixteen caches would only spread the same calls.</summary>
    internal sealed class KmallocSubject : Subject
    {
        private const int Size = 64, MostLive = 500;

        private readonly KmallocCaches _kmalloc;

        internal KmallocSubject(KmallocCaches kmalloc)
            : base("Kmalloc(64), 500 live", "Kfree, 500 live", MostLive)
        {
            _kmalloc = kmalloc;
        }

        protected override int NextSize(Xorshift random)
        {
            return 1;
        }

        protected override uint Alloc(int size)
        {
            uint before = InstructionCounter.Now();
            uint address = _kmalloc.Kmalloc(Size, GfpFlags.Kernel);
            Allocs.Add(before, InstructionCounter.Now(), address != 0);
            return address == 0 ? Failed : address;
        }

        protected override void Free(uint place, int size)
        {
            uint before = InstructionCounter.Now();
            _kmalloc.Kfree(place);
            Frees.Add(before, InstructionCounter.Now(), true);
        }
    }
}
