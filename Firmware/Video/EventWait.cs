using System;
using System.Threading;

namespace Carveout.Video
{
    /// <summary>Waits as a nanoFramework thread does: it sleeps on an event, so that other threads can run.</summary>
    /// <remarks>It uses the system's clock, so setting that clock during a wait makes the wait longer or shorter.</remarks>
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
            // Rounded up: a thread that woke too early would find time left, and spin.
            left = left <= 0 ? 0 : (left + Millisecond - 1) / Millisecond;
            return _woken.WaitOne(left > int.MaxValue ? int.MaxValue : (int)left, false);
        }

        /// <inheritdoc/>
        public override void Wake() => _woken.Set();
    }
}
