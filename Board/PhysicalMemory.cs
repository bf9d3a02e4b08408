namespace Carveout.Board
{
    /// <summary>The bytes behind physical addresses. The allocator never touches them but to zero and to harden pages; drivers
    /// and movers do.</summary>
    /// <remarks>Every method takes a span that lies in one region (of <see cref="ManagedMemory"/>: in one bank); any other throws
    /// ArgumentOutOfRangeException naming the address, and changes nothing. A length of 0 is allowed at any valid address.</remarks>
    public abstract class PhysicalMemory
    {
        /// <summary>Sets <paramref name="length"/> bytes to <paramref name="value"/>.</summary>
        public abstract void Fill(uint address, int length, byte value);

        /// <summary>Copies <paramref name="length"/> bytes; source and destination may overlap, as memmove allows.</summary>
        public abstract void Copy(uint source, uint destination, int length);

        /// <summary>Copies out of memory into <paramref name="buffer"/> from <paramref name="offset"/> on.</summary>
        public abstract void Read(uint address, byte[] buffer, int offset, int length);

        /// <summary>Copies <paramref name="length"/> bytes of <paramref name="buffer"/> from <paramref name="offset"/> on into memory.</summary>
        public abstract void Write(uint address, byte[] buffer, int offset, int length);

        /// <summary>Writes back every line of the CPU's data cache that the span touches, so that a DMA engine reads what the CPU wrote.
        /// Harms nobody: a neighbour's bytes in the first and last line are written back too. Nothing happens where the CPU does not
        /// cache.</summary>
        public abstract void CleanCache(uint address, int length);

        /// <summary>Discards every line of the CPU's data cache that the span touches, so that the CPU reads what a DMA engine wrote.
        /// Lines go whole: where the span begins or ends inside one, what a neighbour wrote to the rest of it and was not cleaned is
        /// lost. Nothing happens where the CPU does not cache.</summary>
        public abstract void InvalidateCache(uint address, int length);
    }
}
