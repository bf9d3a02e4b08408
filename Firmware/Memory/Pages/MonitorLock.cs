using System.Threading;

namespace Carveout.Memory
{
    /// <summary>Keeps nanoFramework's threads apart; its GPIO and timer callbacks run on a thread, so they are kept apart as well.</summary>
    /// <remarks>A thread that holds it may take it again, as Monitor allows.</remarks>
    public sealed class MonitorLock : AllocatorLock
    {
        private readonly object _gate = new object(), _shrinking = new object();

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

        /// <inheritdoc/>
        public override void AcquireToShrink()
        {
            Monitor.Enter(_shrinking);
        }

        /// <inheritdoc/>
        public override void ReleaseFromShrink()
        {
            Monitor.Exit(_shrinking);
        }
    }
}
