using System;

namespace Carveout.Board
{
    /// <summary>One region of real memory that firmware keeps from the runtime, as Linux keeps the entries of <c>reserved-memory</c> in the
    /// device tree. The collector neither owns nor moves it, and devices see it at its address.</summary>
    /// <remarks>The rules of <see cref="PhysicalMemory"/> for threads hold.</remarks>
    public abstract class ReservedMemory : PhysicalMemory
    {
        /// <summary>Describes a region; the implementation must make sure that nobody else uses it.</summary>
        /// <param name="start">First physical address, not 0.</param>
        /// <param name="size">Bytes, above 0; the region ends below or at 4 GiB.</param>
        /// <param name="cacheLine">Bytes of a line of the CPU's data cache, a power of two that divides both; 0 if there is none.</param>
        protected ReservedMemory(string name, uint start, uint size, int cacheLine)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
            if (start == 0 || size == 0 || size - 1 > uint.MaxValue - start)
            {
                throw new ArgumentOutOfRangeException(nameof(size), name + ": " + size.ToString() + " bytes at " + HexText.Of(start)
                    + ": expected a region that begins above 0 and ends at 4 GiB or below");
            }
            if (cacheLine < 0 || (cacheLine & (cacheLine - 1)) != 0 || (cacheLine != 0 && (start | size) % (uint)cacheLine != 0))
            {
                throw new ArgumentOutOfRangeException(nameof(cacheLine), name + ": lines of " + cacheLine.ToString() + " bytes over "
                    + HexText.OfSpan(start, size) + ": expected 0 or a power of two that divides start and size");
            }
            Name = name;
            Start = start;
            Size = size;
            CacheLine = cacheLine;
        }

        /// <summary>The name in reports.</summary>
        public string Name { get; }

        /// <summary>First physical address.</summary>
        public uint Start { get; }

        /// <summary>Bytes.</summary>
        public uint Size { get; }

        /// <summary>Bytes of a cache line; 0: not cached.</summary>
        public int CacheLine { get; }
    }
}
