namespace Carveout.BareMetal
{
    /// <summary>Something that allocates and frees, with the instructions of each call counted.</summary>
    internal abstract class Subject
    {
        private const int Operations = 20000;
        private const uint Seed = 1;

        internal readonly CostTable Allocs, Frees;

        private readonly int[] _size = new int[Costs.Pages];
        private readonly uint[] _place = new uint[Costs.Pages];
        private readonly int _mostLive;

        /// <summary>One for each subject, or their order would matter.</summary>
        private readonly Xorshift _random = new Xorshift(Seed);

        /// <param name="alloc">What to call an allocation in the table.</param>
        /// <param name="free">What to call a free.</param>
        /// <param name="mostLive">Frees from here on; in the unit of <see cref="NextSize"/>.</param>
        protected Subject(string alloc, string free, int mostLive)
        {
            Allocs = new CostTable(alloc);
            Frees = new CostTable(free);
            _mostLive = mostLive;
        }

        /// <summary>The result of an allocation that failed; no place.</summary>
        protected const uint Failed = 0xFFFFFFFF;

        /// <summary>What to ask for next.</summary>
        protected abstract int NextSize(Xorshift random);

        /// <summary>How much of what may be live it is.</summary>
        protected virtual int Weight(int size)
        {
            return size;
        }

        protected abstract uint Alloc(int size);

        protected abstract void Free(uint place, int size);

        /// <summary>Fills up to the limit, and from then on frees a victim at random where the next would not fit.</summary>
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
