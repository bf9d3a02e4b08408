using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>The main loop: it allocates and frees blocks of up to 8 pages at random, with a stamp at both ends.</summary>
    internal sealed class Traffic
    {
        private const int Slots = 64, Orders = 4, PageSize = 4096;

        private readonly PageAllocator _pages;
        private readonly Xorshift _random = new Xorshift(385);
        private readonly PageOwner _owner;

        // By slot; an address of 0 marks an empty slot.
        private readonly uint[] _address = new uint[Slots];
        private readonly int[] _order = new int[Slots];

        internal Traffic(PageAllocator pages)
        {
            _pages = pages;
            _owner = pages.RegisterOwner("main");
        }

        internal int Allocations { get; private set; }

        /// <summary>How many blocks somebody else wrote to.</summary>
        internal int Damaged { get; private set; }

        internal void Run(int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                int slot = _random.Below(Slots);
                if (_address[slot] != 0)
                {
                    Free(slot);
                    continue;
                }
                int order = _random.Below(Orders);
                uint address = _pages.AllocPages(GfpFlags.Dma, order, _owner);
                if (address != 0)
                {
                    Allocations++;
                    _address[slot] = address;
                    _order[slot] = order;
                    Register.Write(address, address);
                    Register.Write(LastWord(slot), address);
                }
            }
        }

        internal void Drain()
        {
            for (int slot = 0; slot < Slots; slot++)
            {
                if (_address[slot] != 0)
                {
                    Free(slot);
                }
            }
        }

        private void Free(int slot)
        {
            uint address = _address[slot];
            if (Register.Read(address) != address || Register.Read(LastWord(slot)) != address)
            {
                Damaged++;
            }
            _address[slot] = 0;
            _pages.FreePages(address, _order[slot]);
        }

        private uint LastWord(int slot)
        {
            return _address[slot] + ((uint)PageSize << _order[slot]) - 4;
        }
    }
}
