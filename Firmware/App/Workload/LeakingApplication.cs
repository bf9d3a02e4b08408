using Carveout.Board;
using Carveout.Memory;

namespace Carveout.App
{
    /// <summary>An application with a leak: it takes pages one by one and never frees one.</summary>
    /// <remarks>Its pace depends on the board: after a given time it has taken all pages that were free at the start. Each page holds the
    /// address of the page taken before it, so that all of them can be freed at the end. No real program with a leak could do that; here it
    /// makes the end provable. Nothing is allocated from the managed heap after construction.</remarks>
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

        /// <summary>Makes an application that has taken nothing yet.</summary>
        /// <param name="duration">After so many microseconds it has asked for as many pages as were free at the start.</param>
        internal LeakingApplication(PageAllocator pages, PhysicalMemory memory, long start, long duration)
        {
            _pages = pages;
            _memory = memory;
            _owner = pages.RegisterOwner(Name);
            _goal = PageCount.Free(pages);
            _start = start;
            _duration = duration;
        }

        internal int Pages { get; private set; }
        internal int Refused { get; private set; }

        /// <summary>Takes the pages that are due.</summary>
        /// <returns>Whether a page was refused for the first time.</returns>
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
