using System;
using Carveout.Board;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Counts every call that an allocator makes of memory, constructors and shrinkers, and throws at one of them.</summary>
    internal sealed class ThrowingMemory : PhysicalMemory
    {
        private readonly PhysicalMemory _memory;

        internal ThrowingMemory(PhysicalMemory memory)
        {
            _memory = memory;
        }

        /// <summary>How many calls there have been.</summary>
        internal int Calls { get; private set; }

        /// <summary>The call that throws, from 1; 0 for none.</summary>
        internal int ThrowsAt { get; set; }

        /// <summary>Counts a call of memory or of anything else.</summary>
        internal void Call()
        {
            Calls++;
            if (Calls == ThrowsAt)
            {
                throw new NotSupportedException("call " + Calls.ToString());
            }
        }

        public override void Fill(uint address, int length, byte value)
        {
            Call();
            _memory.Fill(address, length, value);
        }

        public override void Copy(uint source, uint destination, int length)
        {
            Call();
            _memory.Copy(source, destination, length);
        }

        public override void Read(uint address, byte[] buffer, int offset, int length)
        {
            Call();
            _memory.Read(address, buffer, offset, length);
        }

        public override void Write(uint address, byte[] buffer, int offset, int length)
        {
            Call();
            _memory.Write(address, buffer, offset, length);
        }

        public override void CleanCache(uint address, int length)
        {
            Call();
            _memory.CleanCache(address, length);
        }

        public override void InvalidateCache(uint address, int length)
        {
            Call();
            _memory.InvalidateCache(address, length);
        }
    }
}
