namespace Carveout.BareMetal
{
    /// <summary>Allocates and frees, and counts the instructions of each call.</summary>
    internal abstract class Subject
    {
        private const int Operations = 20000;
        private const uint Seed = 1;

        internal readonly CostTable Allocs, Frees;

        private readonly int[] _size = new int[Costs.Pages];
        private readonly uint[] _place = new uint[Costs.Pages];
        private readonly int _mostLive;

        /// <summary>Each subject has its own, so that their order does not matter.</summary>
        private readonly Xorshift _random = new Xorshift(Seed);

        /// <param name="alloc">The name of an allocation in the table.</param>
        /// <param name="free">The name of a free.</param>
        /// <param name="mostLive">At this limit it begins to free; in the unit of <see cref="NextSize"/>.</param>
        protected Subject(string alloc, string free, int mostLive)
        {
            Allocs = new CostTable(alloc);
            Frees = new CostTable(free);
            _mostLive = mostLive;
        }

        /// <summary>The result of a failed allocation, which is no place.</summary>
        protected const uint Failed = 0xFFFFFFFF;

        /// <summary>The size of the next request.</summary>
        protected abstract int NextSize(Xorshift random);

        /// <summary>How much of the limit a block of this size uses.</summary>
        protected virtual int Weight(int size)
        {
            return size;
        }

        protected abstract uint Alloc(int size);

        protected abstract void Free(uint place, int size);

        /// <summary>Allocates up to the limit. From then on it frees random victims whenever the next request would not fit.</summary>
        internal void Churn()
        {
            int count = 0, live = 0;
            for (int i = 0; i < Operations; i++)
            {
                int size = NextSize(_random);
                if (live + Weight(size) > _mostLive)
                {
                    int victim = _random.Below(count);
                    Free(_place[victim], _size[victim]);
                    live -= Weight(_size[victim]);
                    count--;
                    _place[victim] = _place[count];
                    _size[victim] = _size[count];
                    continue;
                }
                uint place = Alloc(size);
                if (place != Failed)
                {
                    _place[count] = place;
                    _size[count] = size;
                    live += Weight(size);
                    count++;
                }
            }
        }
    }
}
