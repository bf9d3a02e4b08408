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
    }
}
