using System.Threading;
using Carveout.Memory;

namespace Carveout.App
{
    /// <summary>Keeps nanoFramework's threads apart; its GPIO and timer callbacks run on a thread, so they are kept apart as well.</summary>
    internal sealed class MonitorLock : AllocatorLock
    {
        private readonly object _gate = new object();

        /// <inheritdoc/>
        public override void Acquire()
        {
            Monitor.Enter(_gate);
        }

        /// <inheritdoc/>
        public override void Release()
        {
            Monitor.Exit(_gate);
        }
    }
}
