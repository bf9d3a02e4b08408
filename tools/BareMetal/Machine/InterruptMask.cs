using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>Keeps interrupt handlers out of the allocator: local_irq_save and local_irq_restore.</summary>
    internal sealed class InterruptMask : AllocatorLock
    {
        // One of each is enough, because they are written and read with interrupts masked, and the lock does not nest.
        private uint _before;
        private bool _wasPending;

        /// <summary>How often an interrupt came while the lock was held, and had to wait.</summary>
        internal int HeldOff { get; private set; }

        /// <inheritdoc/>
        public override void Acquire()
        {
            uint before = Interrupts.Mask();
            _before = before;
            _wasPending = Interrupts.ArePending;
        }

        /// <inheritdoc/>
        public override void Release()
        {
            if (!_wasPending && Interrupts.ArePending)
            {
                HeldOff++;
            }
            Interrupts.Restore(_before);
        }
    }
}
