namespace Carveout.Memory
{
    /// <summary>The shrinkers, in the order in which they are asked for pages.</summary>
    internal sealed class ShrinkerList
    {
        private readonly Shrinker[] _shrinkers = new Shrinker[PageAllocator.MaxShrinkers];
        private int _count;
        private bool _running;

        /// <summary>Times that they have answered.</summary>
        private int _answers;

        /// <summary>Times that they were asked.</summary>
        internal int Runs { get; private set; }

        internal void Add(Shrinker shrinker)
        {
            if (_count == PageAllocator.MaxShrinkers)
            {
                throw Misuse.TooMany("shrinker '" + shrinker.Name, PageAllocator.MaxShrinkers);
            }
            _shrinkers[_count++] = shrinker;
        }

        /// <summary>Asks the shrinkers, one context at a time.</summary>
        /// <returns>The address, where another context's shrinkers freed enough for this request as well; 0 where the request has to be tried
        /// again.</returns>
        internal uint Ask(PageAllocator allocator, Zone[] zones, GfpFlags gfp, int order, int pages, int alignmentPages, PageOwner owner)
        {
            AllocatorLock? allocatorLock = allocator.Lock;
            int before = _answers;
            uint address = 0;
            if (allocatorLock != null)
            {
                allocatorLock.AcquireToShrink();
            }
            try
            {
                if (_answers != before)
                {
                    // Another context's shrinkers ran while this one waited, and may have freed enough for both.
                    address = allocator.TryFreed(zones, gfp, Zone.AtLow, order, pages, alignmentPages, owner);
                }
                if (address == 0)
                {
                    Run(pages, allocatorLock);
                }
            }
            finally
            {
                if (allocatorLock != null)
                {
                    allocatorLock.ReleaseFromShrink();
                }
            }
            return address;
        }

        /// <summary>Asks one after the other until they have given enough. While one runs, nothing: its own allocations come here again.</summary>
        private void Run(int wanted, AllocatorLock? allocatorLock)
        {
            if (allocatorLock != null)
            {
                allocatorLock.Acquire();
            }
            bool begins = !_running;
            _running = true;
            if (allocatorLock != null)
            {
                allocatorLock.Release();
            }
            if (!begins)
            {
                return;
            }
            Runs++;
            try
            {
                for (int i = 0; i < _count && wanted > 0; i++)
                {
                    wanted -= _shrinkers[i].Shrink(wanted);
                }
            }
            finally
            {
                _answers++;
                _running = false;
            }
        }
    }
}
