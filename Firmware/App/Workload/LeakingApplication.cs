using Carveout.Board;
using Carveout.Memory;

namespace Carveout.App
{
    /// <summary>An application with a leak: it takes pages, one by one, and never gives one back.</summary>
    /// <remarks>Its pace is such that it has taken what was free at the start after a given time, on any board. Each page holds the address
    /// of the one that was taken before it, so that whoever ends the application can give them all back: what no program with a leak could,
    /// and what makes the end of this one provable. Nothing is allocated from the managed heap after construction.</remarks>
    internal sealed class LeakingApplication
    {
        internal const string Name = "app.leak";

        private const int LinkSize = 4;

        private readonly PageAllocator _pages;
        private readonly PhysicalMemory _memory;
        private readonly byte[] _link = new byte[LinkSize];
        private readonly PageOwner _owner;
        private readonly int _goal;
        private readonly long _start, _duration;
        private uint _latest;
        private int _tried;

        /// <summary>An application that has taken nothing.</summary>
        /// <param name="pages">Where it takes pages.</param>
        /// <param name="memory">What is behind them.</param>
        /// <param name="start">Microseconds: when it begins.</param>
        /// <param name="duration">Microseconds after which it has asked for as many pages as were free at the start.</param>
        internal LeakingApplication(PageAllocator pages, PhysicalMemory memory, long start, long duration)
        {
            _pages = pages;
            _memory = memory;
            _owner = pages.RegisterOwner(Name);
            _goal = PageCount.Free(pages);
            _start = start;
            _duration = duration;
        }

        /// <summary>Pages that it has.</summary>
        internal int Pages { get; private set; }

        /// <summary>Pages that it asked for in vain.</summary>
        internal int Refused { get; private set; }

        /// <summary>Takes the pages that are due.</summary>
        /// <param name="now">Microseconds.</param>
        /// <returns>Whether a page was refused, for the first time.</returns>
        internal bool Run(long now)
        {
            int before = Refused;
            long due = _goal * (now - _start) / _duration;
            while (_tried < due)
            {
                _tried++;
                Take();
            }
            return before == 0 && Refused != 0;
        }

        /// <summary>Gives everything back.</summary>
        internal void End()
        {
            while (_latest != 0)
            {
                uint page = _latest;
                _memory.Read(page, _link, 0, LinkSize);
                _latest = (uint)_link[0] | (uint)_link[1] << 8 | (uint)_link[2] << 16 | (uint)_link[3] << 24;
                _pages.FreePages(page);
                Pages--;
            }
        }

        private void Take()
        {
            uint page = _pages.AllocPages(GfpFlags.Kernel, 0, _owner);
            if (page == 0)
            {
                Refused++;
                return;
            }
            for (int i = 0; i < LinkSize; i++)
            {
                _link[i] = (byte)(_latest >> (8 * i));
            }
            _memory.Write(page, _link, 0, LinkSize);
            _latest = page;
            Pages++;
        }
    }
}
