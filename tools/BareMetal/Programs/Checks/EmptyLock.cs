using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>A lock that keeps nobody out: what calls cost with a lock, without what it costs itself. A mask of interrupts that counts
    /// those which it holds off takes 62 instructions more.</summary>
    internal sealed class EmptyLock : AllocatorLock
    {
        /// <inheritdoc/>
        public override void Acquire()
        {
        }

        /// <inheritdoc/>
        public override void Release()
        {
        }
    }
}
