using System;
using Carveout.Memory;

namespace Carveout.App
{
    /// <summary>Milliseconds since it was made.</summary>
    internal sealed class UptimeClock : TraceClock
    {
        private readonly long _start = DateTime.UtcNow.Ticks;

        /// <inheritdoc/>
        public override int Now
        {
            get { return (int)((DateTime.UtcNow.Ticks - _start) / TimeSpan.TicksPerMillisecond); }
        }
    }
}
