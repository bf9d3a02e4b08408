using System;

namespace Carveout.Memory
{
    /// <summary>The shrinkers, in the order in which they are asked for pages.</summary>
    internal sealed class ShrinkerList
    {
        private readonly Shrinker[] _shrinkers = new Shrinker[PageAllocator.MaxShrinkers];
        private int _count;
        private bool _running;

        /// <summary>Times that they were asked.</summary>
        internal int Runs { get; private set; }

        /// <summary>Whether a shrinker can be asked now. Not while one runs: its own allocations would come here again.</summary>
        internal bool CanRun { get { return _count != 0 && !_running; } }

        internal void Add(Shrinker shrinker)
        {
            if (_count == PageAllocator.MaxShrinkers)
            {
                throw new InvalidOperationException("shrinker '" + shrinker.Name + "' cannot be registered: there are "
                    + PageAllocator.MaxShrinkers.ToString() + " already");
            }
            _shrinkers[_count++] = shrinker;
        }

        /// <summary>Asks one after the other until they have given enough.</summary>
        internal void Run(int wanted)
        {
            Runs++;
            _running = true;
            try
            {
                for (int i = 0; i < _count && wanted > 0; i++)
                {
                    wanted -= _shrinkers[i].Shrink(wanted);
                }
            }
            finally
            {
                _running = false;
            }
        }
    }
}
