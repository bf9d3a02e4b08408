using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>A scatter list cut into DMA descriptors, in the order of the data.</summary>
    /// <remarks>ESP32: the length field has 12 bits and buffers are counted in words, so 4092 bytes a descriptor (ESP32 Technical Reference
    /// Manual, DMA controller, linked list). Nothing is allocated after construction. Not synchronized: it belongs to one driver.</remarks>
    public sealed class DescriptorChain
    {
        /// <summary>Bytes that one descriptor of an ESP32 carries.</summary>
        public const int Esp32MaxLength = 4092;

        /// <summary>The alignment of a descriptor's address and length on an ESP32, in bytes.</summary>
        public const int Esp32Alignment = 4;

        /// <summary>The most descriptors, 8 bytes each.</summary>
        internal const int MaxDescriptors = 65536;

        private readonly uint[] _addresses;
        private readonly int[] _lengths;
        private readonly int _maxLength, _alignment;
        private int _count;

        /// <summary>An empty chain.</summary>
        /// <param name="capacity">Descriptors, 1 to 65,536.</param>
        /// <param name="maxLength">The most bytes of one descriptor, at least <paramref name="alignment"/>. It is rounded down to a
        /// multiple of that.</param>
        /// <param name="alignment">A power of two in bytes; every address and length is a multiple of it. 1 if the engine does not need one.</param>
        public DescriptorChain(int capacity, int maxLength, int alignment)
        {
            Misuse.CheckRange(nameof(capacity), capacity, " descriptors", 1, MaxDescriptors);
            if (alignment < 1 || (alignment & (alignment - 1)) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(alignment), "alignment " + alignment.ToString() + ": expected a power of two");
            }
            if (maxLength < alignment)
            {
                throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength.ToString()
                    + " bytes a descriptor: expected the alignment, " + alignment.ToString() + ", or more");
            }
            _addresses = new uint[capacity];
            _lengths = new int[capacity];
            _maxLength = maxLength & ~(alignment - 1);
            _alignment = alignment;
        }

        /// <summary>How many descriptors it can hold.</summary>
        public int Capacity { get { return _addresses.Length; } }

        /// <summary>How many descriptors there are.</summary>
        public int Count { get { return _count; } }

        /// <summary>The most bytes of one descriptor, a multiple of <see cref="Alignment"/>.</summary>
        public int MaxLength { get { return _maxLength; } }

        /// <summary>Bytes that every address and length is a multiple of.</summary>
        public int Alignment { get { return _alignment; } }

        /// <summary>Bytes of all descriptors.</summary>
        public long TotalLength { get; private set; }

        /// <summary>Physical address of descriptor <paramref name="index"/>.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, in the order of the transfer.</param>
        /// <returns>The address of the descriptor's first byte.</returns>
        public uint AddressAt(int index)
        {
            Misuse.CheckIndex("descriptor", index, _count);
            return _addresses[index];
        }

        /// <summary>Bytes of descriptor <paramref name="index"/>, 1 to <see cref="MaxLength"/>.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, in the order of the transfer.</param>
        /// <returns>The number of bytes.</returns>
        public int LengthAt(int index)
        {
            Misuse.CheckIndex("descriptor", index, _count);
            return _lengths[index];
        }

        /// <summary>The first entry of a list whose address or length the engine cannot take, or -1. Such an entry needs a bounce buffer.</summary>
        /// <returns>An entry's number; -1 if the engine can take all entries.</returns>
        public int FindUnaligned(ScatterList list)
        {
            if (list == null)
            {
                throw new ArgumentNullException(nameof(list));
            }
            uint mask = (uint)_alignment - 1;
            for (int i = 0; i < list.Count; i++)
            {
                if (((list.AddressAt(i) | (uint)list.LengthAt(i)) & mask) != 0)
                {
                    return i;
                }
            }
            return -1;
        }

        /// <summary>Builds the chain for a list and forgets what it held before. It contains every byte once, and cuts every entry into as
        /// few descriptors as possible.</summary>
        /// <param name="list">An empty list makes an empty chain.</param>
        /// <returns>False, with the chain unchanged, if the capacity is too small.</returns>
        /// <exception cref="ArgumentException">An entry's address or length is no multiple of the alignment; the chain is unchanged.</exception>
        public bool Build(ScatterList list)
        {
            int unaligned = FindUnaligned(list);
            if (unaligned >= 0)
            {
                throw new ArgumentException("entry " + unaligned.ToString() + ", " + list.LengthAt(unaligned).ToString() + " bytes at "
                    + HexText.Of(list.AddressAt(unaligned)) + ": expected address and length to be multiples of "
                    + _alignment.ToString(), nameof(list));
            }
            long needed = 0;
            for (int i = 0; i < list.Count; i++)
            {
                needed += (list.LengthAt(i) - 1) / _maxLength + 1;
            }
            if (needed > _addresses.Length)
            {
                return false;
            }
            int count = 0;
            for (int i = 0; i < list.Count; i++)
            {
                uint address = list.AddressAt(i);
                for (int left = list.LengthAt(i); left > 0; count++)
                {
                    int step = left < _maxLength ? left : _maxLength;
                    _addresses[count] = address;
                    _lengths[count] = step;
                    address += (uint)step;
                    left -= step;
                }
            }
            _count = count;
            TotalLength = list.TotalLength;
            return true;
        }
    }
}
