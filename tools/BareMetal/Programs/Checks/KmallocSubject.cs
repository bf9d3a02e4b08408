using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>Kmalloc of 64 bytes, 500 live, as in docs/costs.md: sixteen caches would only spread the same calls.</summary>
    internal sealed class KmallocSubject : Subject
    {
        private const int Size = 64, MostLive = 500;

        private readonly KmallocCaches _kmalloc;

        /// <param name="how">What to call it in the table.</param>
        /// <param name="kmalloc">The caches.</param>
        internal KmallocSubject(string how, KmallocCaches kmalloc)
            : base("Kmalloc(64), 500 live" + how, "Kfree, 500 live" + how, MostLive)
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
