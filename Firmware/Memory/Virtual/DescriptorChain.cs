using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>A scatter list cut into what one DMA descriptor can carry, in the order of the data.</summary>
    /// <remarks>ESP32: the length field has 12 bits and buffers are counted in words, so 4092 bytes a descriptor (ESP32 Technical Reference
    /// Manual, DMA controller, linked list). Nothing is allocated after construction. Not synchronized: it belongs to one driver.</remarks>
    public sealed class DescriptorChain
    {
        /// <summary>Bytes that one descriptor of an ESP32 carries.</summary>
        public const int Esp32MaxLength = 4092;

        /// <summary>What an ESP32 asks of a descriptor's address and length, in bytes.</summary>
        public const int Esp32Alignment = 4;

        /// <summary>The most descriptors, 8 bytes each.</summary>
        internal const int MaxDescriptors = 65536;

        private readonly uint[] _addresses;
        private readonly int[] _lengths;
        private readonly int _maxLength, _alignment;
        private int _count;

        /// <summary>An empty chain.</summary>
        /// <param name="capacity">Descriptors, 1 to 65,536.</param>
        /// <param name="maxLength">Bytes that one descriptor carries, at least <paramref name="alignment"/>; the largest multiple of that
        /// is used.</param>
        /// <param name="alignment">Bytes, a power of two, of which every address and length is a multiple; 1 where the engine does not
        /// mind.</param>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
        public DescriptorChain(int capacity, int maxLength, int alignment)
        {
            if (capacity < 1 || capacity > MaxDescriptors)
            {
                throw new ArgumentOutOfRangeException(nameof(capacity), capacity.ToString() + " descriptors: expected 1 to "
                    + MaxDescriptors.ToString());
            }
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

        /// <summary>Descriptors that it can hold.</summary>
        public int Capacity { get { return _addresses.Length; } }

        /// <summary>Descriptors that there are.</summary>
        public int Count { get { return _count; } }

        /// <summary>Bytes that one descriptor carries at most: a multiple of <see cref="Alignment"/>.</summary>
        public int MaxLength { get { return _maxLength; } }

        /// <summary>Bytes that every address and length is a multiple of.</summary>
        public int Alignment { get { return _alignment; } }

        /// <summary>Bytes of all descriptors.</summary>
        public long TotalLength { get; private set; }

        /// <summary>Physical address of descriptor <paramref name="index"/>.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, in the order of the transfer.</param>
        /// <returns>Where the descriptor's bytes begin.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such descriptor.</exception>
        public uint AddressAt(int index)
        {
            Misuse.CheckIndex("descriptor", index, _count);
            return _addresses[index];
        }

        /// <summary>Bytes of descriptor <paramref name="index"/>, 1 to <see cref="MaxLength"/>.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, in the order of the transfer.</param>
        /// <returns>How many there are.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such descriptor.</exception>
        public int LengthAt(int index)
        {
            Misuse.CheckIndex("descriptor", index, _count);
            return _lengths[index];
        }

        /// <summary>The first entry of a list whose address or length the engine cannot take, or -1: whoever finds one needs a bounce
        /// buffer.</summary>
        /// <param name="list">What is to be transferred.</param>
        /// <returns>An entry's number; -1 where the engine can take them all.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="list"/> is null.</exception>
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

        /// <summary>Builds the chain for a list and forgets what it held before. Every byte is carried once, and every entry is cut into as few
        /// descriptors as its length allows.</summary>
        /// <param name="list">An empty one makes an empty chain.</param>
        /// <returns>False, and the chain as it was, where the capacity does not suffice.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="list"/> is null.</exception>
        /// <exception cref="ArgumentException">An entry's address or length is no multiple of the alignment; the chain is as it
        /// was.</exception>
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
