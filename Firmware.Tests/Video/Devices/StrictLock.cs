using System;
using Carveout.Memory;

namespace Carveout.Firmware.Tests.Video.Devices
{
    /// <summary>A lock that fails if it is taken twice.</summary>
    internal sealed class StrictLock : AllocatorLock
    {
        private bool _held;

        public override void Acquire()
        {
            if (_held)
            {
                throw new InvalidOperationException("taken twice");
            }
            _held = true;
        }

        public override void Release()
        {
            _held = false;
        }
    }
}
