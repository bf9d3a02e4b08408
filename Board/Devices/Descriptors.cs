using System;

namespace Carveout.Board.Devices
{
    /// <summary>What every device asks of a chain of descriptors before it touches memory.</summary>
    internal static class Descriptors
    {
        /// <summary>Judges a chain.</summary>
        /// <param name="device">The name in messages.</param>
        /// <param name="addresses">By descriptor, the bus address.</param>
        /// <param name="lengths">By descriptor, bytes.</param>
        /// <param name="count">Descriptors of the chain, at least 1.</param>
        /// <param name="maxLength">The most bytes of a descriptor.</param>
        /// <param name="alignment">Bytes, a power of two, that addresses and lengths are multiples of.</param>
        /// <returns>The bytes of the chain.</returns>
        /// <exception cref="ArgumentNullException">An array is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The count is none, or the chain has more than 2,147,483,647 bytes.</exception>
        /// <exception cref="ArgumentException">A descriptor is 0, too long, unaligned, or ends beyond the address space.</exception>
        internal static int Check(string device, uint[] addresses, int[] lengths, int count, int maxLength, int alignment)
        {
            if (addresses == null || lengths == null)
            {
                throw new ArgumentNullException(addresses == null ? nameof(addresses) : nameof(lengths));
            }
            if (count < 1 || count > addresses.Length || count > lengths.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(count), device + ": " + count.ToString() + " descriptors: expected 1 to "
                    + (addresses.Length < lengths.Length ? addresses.Length : lengths.Length).ToString());
            }
            uint mask = (uint)alignment - 1;
            long total = 0;
            for (int i = 0; i < count; i++)
            {
                uint address = addresses[i];
                int length = lengths[i];
                if (address == 0 || length < 1 || length > maxLength || ((address | (uint)length) & mask) != 0
                    || (uint)(length - 1) > uint.MaxValue - address)
                {
                    throw new ArgumentException(device + ": descriptor " + i.ToString() + ", " + length.ToString() + " bytes at "
                        + HexText.Of(address) + ": expected 1 to " + maxLength.ToString() + " bytes below 4 GiB, not at 0, address and length"
                        + " multiples of " + alignment.ToString(), nameof(addresses));
                }
                total += length;
            }
            if (total > int.MaxValue)
            {
                throw new ArgumentOutOfRangeException(nameof(lengths), device + ": " + total.ToString() + " bytes in all: expected at most "
                    + int.MaxValue.ToString());
            }
            return (int)total;
        }
    }
}
