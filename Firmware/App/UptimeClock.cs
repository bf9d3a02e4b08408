using Carveout.Memory;

namespace Carveout.App
{
    /// <summary>Milliseconds since the application started, for the trace.</summary>
    internal sealed class UptimeClock : TraceClock
    {
        private const int Milli = 1000;

        private readonly Platform _platform;
        private readonly long _start;

        internal UptimeClock(Platform platform)
        {
            _platform = platform;
            _start = platform.Now;
        }

        /// <summary>When the application started, in microseconds of the platform's clock.</summary>
        internal long Start { get { return _start; } }

        /// <summary>Microseconds since the start.</summary>
        internal long Elapsed { get { return _platform.Now - _start; } }

        /// <inheritdoc/>
        public override int Milliseconds { get { return (int)(Elapsed / Milli); } }

        /// <summary>The time since the start as 00:10:00.</summary>
        internal string ToText()
        {
            long seconds = Elapsed / (Milli * Milli);
            return Two(seconds / 3600) + ":" + Two(seconds / 60 % 60) + ":" + Two(seconds % 60);
        }

        private static string Two(long number) => number.ToString().PadLeft(2, '0');
    }
}
