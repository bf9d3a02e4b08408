using System;
using Carveout.Board;

namespace Carveout.BareMetal
{
    /// <summary>Memory at its real addresses, accessed by loads and stores.</summary>
    internal sealed unsafe class DirectMemory : PhysicalMemory
    {
        /// <inheritdoc/>
        public override void Fill(uint address, int length, byte value)
        {
            SpanHelpers.Fill((byte*)address, (uint)length, value);
        }

        /// <inheritdoc/>
        public override void Copy(uint source, uint destination, int length)
        {
            SpanHelpers.Move((byte*)destination, (byte*)source, (uint)length);
        }

        /// <inheritdoc/>
        public override void Read(uint address, byte[] buffer, int offset, int length)
        {
            fixed (byte* to = &buffer[offset])
            {
                SpanHelpers.Move(to, (byte*)address, (uint)length);
            }
        }

        /// <inheritdoc/>
        public override void Write(uint address, byte[] buffer, int offset, int length)
        {
            fixed (byte* from = &buffer[offset])
            {
                SpanHelpers.Move((byte*)address, from, (uint)length);
            }
        }

        /// <inheritdoc/>
        /// <remarks>Nothing to do: the caches of Cortex-M7 and A8 are off after reset and stay off.</remarks>
        public override void CleanCache(uint address, int length)
        {
        }

        /// <inheritdoc/>
        public override void InvalidateCache(uint address, int length)
        {
        }
    }
}
