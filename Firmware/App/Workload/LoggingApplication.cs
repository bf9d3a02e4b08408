using Carveout.Memory;

namespace Carveout.App
{
    /// <summary>An application without a leak: each second it writes a line of a log, and frees the oldest line once it has enough.</summary>
    /// <remarks>Nothing is allocated from the managed heap after construction.</remarks>
    internal sealed class LoggingApplication
    {
        internal const string Name = "app.log";

        private const int Kept = 32, Shortest = 24, Spread = 200, Step = 7;
        private const long Second = 1000000;

        private readonly KmallocCaches _kmalloc;
        private readonly uint[] _lines = new uint[Kept];
        private readonly PageOwner _owner;
        private int _next;
        private long _due;

        /// <summary>Makes an application that has written nothing yet.</summary>
        /// <param name="start">When it writes the first line, in microseconds.</param>
        internal LoggingApplication(PageAllocator pages, KmallocCaches kmalloc, long start)
        {
            _kmalloc = kmalloc;
            _owner = pages.RegisterOwner(Name);
            _due = start;
        }

        internal int Written { get; private set; }
        internal int Held { get; private set; }

        /// <summary>How many lines it had no memory for.</summary>
        internal int Refused { get; private set; }

        internal void Run(long now)
        {
            while (_due <= now)
            {
                _due += Second;
                Write();
            }
        }

        internal void End()
        {
            for (int i = 0; i < Kept; i++)
            {
                Free(i);
            }
        }

        private void Write()
        {
            Free(_next);
            uint line = _kmalloc.Kmalloc(Shortest + (Written + Refused) * Step % Spread, GfpFlags.Kernel, _owner);
            if (line == 0)
            {
                Refused++;
                return;
            }
            Written++;
            Held++;
            _lines[_next] = line;
            _next = (_next + 1) % Kept;
        }

        private void Free(int index)
        {
            if (_lines[index] != 0)
            {
                _kmalloc.Kfree(_lines[index]);
                _lines[index] = 0;
                Held--;
            }
        }
    }
}
