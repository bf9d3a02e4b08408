using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>Coherent DMA memory: exact runs of 1 to 63 pages, small ones more often. It is neither zeroed nor cached.</summary>
    internal sealed class CoherentSubject : Subject
    {
        private const int PageSize = 4096;

        private readonly DmaAllocator _dma;
        private readonly DmaDevice _device;
        private uint _handle;

        internal CoherentSubject(DmaAllocator dma, DmaDevice device)
            : base("DmaAllocator.AllocCoherent", "DmaAllocator.FreeCoherent", Costs.MostLivePages)
        {
            _dma = dma;
            _device = device;
        }

        protected override int NextSize(Xorshift random)
        {
            int octave = 1 << random.Below(6);
            return octave + random.Below(octave);
        }

        protected override uint Alloc(int size)
        {
            uint before = InstructionCounter.Now();
            uint address = _dma.AllocCoherent(_device, size * PageSize, GfpFlags.Kernel, out _handle);
            Allocs.Add(before, InstructionCounter.Now(), address != 0);
            return address == 0 ? Failed : address;
        }

        protected override void Free(uint place, int size)
        {
            // Engines see memory as the CPU does here, so the handle is the address.
            uint before = InstructionCounter.Now();
            _dma.FreeCoherent(_device, size * PageSize, place, place);
            Frees.Add(before, InstructionCounter.Now(), true);
        }
    }
}
