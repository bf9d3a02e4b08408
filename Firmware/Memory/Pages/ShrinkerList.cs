using System;

namespace Carveout.Memory
{
    /// <summary>The shrinkers, in the order in which they are asked for pages.</summary>
    internal sealed class ShrinkerList
    {
        private readonly Shrinker[] _shrinkers = new Shrinker[PageAllocator.MaxShrinkers];
        private int _count;
        private bool _running;

        /// <summary>Times that they were asked, and that they have answered.</summary>
        internal int Runs { get; private set; }

        internal int Answers { get; private set; }

        internal void Add(Shrinker shrinker)
        {
            if (_count == PageAllocator.MaxShrinkers)
            {
                throw new InvalidOperationException("shrinker '" + shrinker.Name + "' cannot be registered: there are "
                    + PageAllocator.MaxShrinkers.ToString() + " already");
            }
            _shrinkers[_count++] = shrinker;
        }

        /// <summary>Asks one after the other until they have given enough. While one runs, nothing: its own allocations come here again.</summary>
        internal void Run(int wanted, AllocatorLock? allocatorLock)
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
                Answers++;
                _running = false;
            }
        }
    }
}
