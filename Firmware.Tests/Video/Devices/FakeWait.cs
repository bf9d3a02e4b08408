using System;
using Carveout.Video;

namespace Carveout.Firmware.Tests.Video.Devices
{
    /// <summary>Time that passes while a test's program waits, and the events in it.</summary>
    internal sealed class FakeWait : VideoWait
    {
        private long _now;
        private bool _woken;

        /// <summary>Runs once, a millisecond after the next wait begins.</summary>
        internal Action Next { get; set; }

        internal int Waits { get; private set; }

        public override long Microseconds { get { return _now; } }

        public override bool WaitUntil(long microseconds)
        {
            Waits++;
            Action next = Next;
            if (!_woken && next != null)
            {
                Next = null;
                _now += 1000;
                next();
            }
            bool woken = _woken;
            _woken = false;
            if (!woken && microseconds > _now)
            {
                _now = microseconds;
            }
            return woken;
        }

        public override void Wake()
        {
            _woken = true;
        }
    }
}
