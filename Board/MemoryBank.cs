using System;

namespace Carveout.Board
{
    /// <summary>A byte array of the managed heap, for <see cref="ManagedMemory"/>.</summary>
    /// <remarks>A class of its own because the core subset has no arrays of arrays, and because a search of the heap for free memory has to
    /// hold what it found while it searches on. Immutable; its bytes are shared in the same way as those of the <see cref="ManagedMemory"/>
    /// that it is put into.</remarks>
    public sealed class MemoryBank
    {
        internal readonly byte[] Data;

        /// <summary>Takes the array.</summary>
        /// <param name="size">Bytes, 1 to <see cref="ManagedMemory.MaxBankSize"/>.</param>
        /// <exception cref="OutOfMemoryException">The heap has no room for such an array.</exception>
        public MemoryBank(int size)
        {
            if (size < 1 || size > ManagedMemory.MaxBankSize)
            {
                throw new ArgumentOutOfRangeException(nameof(size), size.ToString() + " bytes in a bank: expected 1 to "
                    + ManagedMemory.MaxBankSize.ToString());
            }
            Data = new byte[size];
        }

        /// <summary>Bytes.</summary>
        public int Size { get { return Data.Length; } }
    }
}
