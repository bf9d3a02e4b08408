using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>Streaming mappings of pages in place: 64 at once, at random places. Nothing bounces, and nothing is cached.</summary>
    internal sealed class MappingSubject : Subject
    {
        private const int PageSize = 4096, MostLive = 64;

        private readonly DmaStreaming _streaming;
        private readonly DmaDevice _device;
        private readonly uint _start;

        internal MappingSubject(DmaAllocator dma, DmaDevice device, uint start)
            : base("DmaStreaming.MapSingle, 64 mapped", "DmaStreaming.UnmapSingle, 64 mapped", MostLive)
        {
            _streaming = new DmaStreaming(dma);
            _device = device;
            _start = start;
        }

        /// <summary>A page's number instead of a size.</summary>
        protected override int NextSize(Xorshift random)
        {
            return random.Below(Costs.Pages);
        }

        protected override int Weight(int size)
        {
            return 1;
        }

        protected override uint Alloc(int size)
        {
            // ToDevice, since a page may have several such mappings.
            uint before = InstructionCounter.Now();
            uint handle = _streaming.MapSingle(_device, _start + (uint)(size * PageSize), PageSize, DmaDirection.ToDevice);
            Allocs.Add(before, InstructionCounter.Now(), handle != 0);
            return handle == 0 ? Failed : handle;
        }

        protected override void Free(uint place, int size)
        {
            uint before = InstructionCounter.Now();
            _streaming.UnmapSingle(_device, place, PageSize, DmaDirection.ToDevice);
            Frees.Add(before, InstructionCounter.Now(), true);
        }
    }
}
