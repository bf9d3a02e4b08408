namespace Carveout.Memory
{
    /// <summary>Where a driver's buffer lies. Whoever takes its memory finds that out once, and it holds until the memory goes back.</summary>
    /// <remarks>Not synchronized.</remarks>
    public abstract class DmaBuffer
    {
        internal DmaBuffer()
        {
        }

        /// <summary>The CPU's address; 0 if it has no memory now.</summary>
        public uint Address { get; private set; }

        /// <summary>The device's address, on its bus.</summary>
        public uint Handle { get; private set; }

        /// <summary>Bytes of its memory.</summary>
        public int Length { get; private set; }

        /// <summary>The region of the bus map that contains it; -1 for a caller's memory.</summary>
        internal int Region { get; private set; }

        /// <summary>Gives it memory, or takes it away.</summary>
        internal virtual void Place(uint address, uint handle, int region, int length)
        {
            Address = address;
            Handle = handle;
            Region = region;
            Length = length;
        }
    }
}
