using System;
using System.Threading;

namespace Carveout.Video
{
    /// <summary>Waits as a nanoFramework thread does: asleep on an event, which leaves the processor to others.</summary>
    /// <remarks>The time is the system's, so setting the clock during a wait makes that one longer or shorter.</remarks>
    public sealed class EventWait : VideoWait
    {
        private const long Microsecond = 10, Millisecond = 1000;

        private readonly AutoResetEvent _woken = new AutoResetEvent(false);

        /// <inheritdoc/>
        public override long Microseconds { get { return DateTime.UtcNow.Ticks / Microsecond; } }

        /// <inheritdoc/>
        public override bool WaitUntil(long microseconds)
        {
            long left = microseconds - Microseconds;
            // Rounded up: a sleeper that woke before its time would find it not over and spin.
            left = left <= 0 ? 0 : (left + Millisecond - 1) / Millisecond;
            return _woken.WaitOne(left > int.MaxValue ? int.MaxValue : (int)left, false);
        }

        /// <inheritdoc/>
        public override void Wake()
        {
            _woken.Set();
        }
    }
}
