using System;
using Carveout.Board;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Memory in which copies fail after a given number of them, until it is repaired.</summary>
    internal sealed class FailingMemory : PhysicalMemory
    {
        private readonly PhysicalMemory _memory;

        internal FailingMemory(PhysicalMemory memory)
        {
            _memory = memory;
            CopiesLeft = int.MaxValue;
        }

        /// <summary>How many more copies succeed.</summary>
        internal int CopiesLeft { get; set; }

        public override void Fill(uint address, int length, byte value)
        {
            _memory.Fill(address, length, value);
        }

        public override void Copy(uint source, uint destination, int length)
        {
            if (CopiesLeft == 0)
            {
                throw new NotSupportedException("the copy failed");
            }
            CopiesLeft--;
            _memory.Copy(source, destination, length);
        }

        public override void Read(uint address, byte[] buffer, int offset, int length)
        {
            _memory.Read(address, buffer, offset, length);
        }

        public override void Write(uint address, byte[] buffer, int offset, int length)
        {
            _memory.Write(address, buffer, offset, length);
        }

        public override void CleanCache(uint address, int length)
        {
            _memory.CleanCache(address, length);
        }

        public override void InvalidateCache(uint address, int length)
        {
            _memory.InvalidateCache(address, length);
        }
    }
}
