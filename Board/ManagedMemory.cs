using System;

namespace Carveout.Board
{
    /// <summary>Memory that stock nanoFramework firmware can offer: byte arrays, taken from the managed heap at boot and kept.</summary>
    /// <remarks>One array holds at most 786,364 bytes, the size of a cluster of nanoFramework's heap, so the memory comes in banks. The addresses
    /// are nominal, since managed code cannot learn the real ones and the collector may move a bank. Bank i begins at <c>start + i * BankStride</c>.
    /// The stride is larger than a bank, so that no run of pages can span two arrays. Threads may use different bytes at the same time.</remarks>
    public sealed class ManagedMemory : PhysicalMemory
    {
        /// <summary>The largest byte array that nanoFramework 1.x can allocate, in bytes. It needs a whole cluster of the heap, with
        /// nothing else in it. Beside a few small objects an array of 784,061 bytes fits, which is 191 pages of 4 KB.</summary>
        public const int MaxBankSize = 786364;

        /// <summary>Bytes from the start of one bank to the start of the next: 1 MiB, a multiple of every page size.</summary>
        public const uint BankStride = 0x100000;

        /// <summary>The most banks, about 192 MB in all. No board that runs nanoFramework has more, so a larger size is a mistake in a
        /// calculation. It is refused before it fills the heap.</summary>
        public const int MaxBanks = 256;

        private const int FirstFill = 256;

        private readonly MemoryBank[] _banks;
        private readonly uint _start;

        /// <summary>Takes the memory from the managed heap.</summary>
        /// <param name="start">Nominal address of the first bank, a multiple of <see cref="BankStride"/> and not 0.</param>
        /// <param name="size">Bytes in all, above 0; all banks but the last have <see cref="MaxBankSize"/> bytes.</param>
        /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range, there would be more than <see cref="MaxBanks"/>
        /// banks, or they would end beyond 32 bits; nothing was allocated.</exception>
        /// <exception cref="OutOfMemoryException">The heap does not have that much; banks taken before go back to the collector.</exception>
        public ManagedMemory(uint start, int size)
        {
            // Divide before adding: near int.MaxValue the usual rounding up overflows, and the device does not notice it.
            int count = size <= 0 ? 0 : (size - 1) / MaxBankSize + 1;
            if (!IsPlace(start, count))
            {
                throw new ArgumentOutOfRangeException(nameof(size), size.ToString() + " bytes from " + HexText.Of(start)
                    + ": expected 1 byte to " + MaxBanks.ToString() + " banks, which end below 4 GiB");
            }
            _start = start;
            _banks = new MemoryBank[count];
            for (int i = 0; i < count; i++)
            {
                _banks[i] = new MemoryBank(i < count - 1 ? MaxBankSize : size - (count - 1) * MaxBankSize);
            }
        }

        /// <summary>Makes one memory of banks that were taken before, of any sizes.</summary>
        /// <param name="start">Nominal address of the first bank, a multiple of <see cref="BankStride"/> and not 0.</param>
        /// <param name="banks">They belong to this memory from now on.</param>
        /// <exception cref="ArgumentOutOfRangeException">The start is out of its range, there is no bank or more than <see
        /// cref="MaxBanks"/>, or they end beyond 32 bits.</exception>
        public ManagedMemory(uint start, MemoryBank[] banks)
        {
            if (banks == null)
            {
                throw new ArgumentNullException(nameof(banks));
            }
            if (!IsPlace(start, banks.Length))
            {
                throw new ArgumentOutOfRangeException(nameof(banks), banks.Length.ToString() + " banks from " + HexText.Of(start)
                    + ": expected 1 to " + MaxBanks.ToString() + ", which end below 4 GiB");
            }
            _start = start;
            _banks = new MemoryBank[banks.Length];
            for (int i = 0; i < banks.Length; i++)
            {
                if (banks[i] == null)
                {
                    throw new ArgumentNullException(nameof(banks), "bank " + i.ToString());
                }
                _banks[i] = banks[i];
            }
        }

        /// <summary>How many banks there are.</summary>
        public int BankCount { get { return _banks.Length; } }

        /// <summary>Nominal address of bank <paramref name="index"/>.</summary>
        /// <param name="index">0 to <see cref="BankCount"/> - 1.</param>
        /// <returns>A multiple of <see cref="BankStride"/>.</returns>
        public uint BankStartAt(int index)
        {
            CheckIndex(index);
            return _start + (uint)index * BankStride;
        }

        /// <summary>Bytes of bank <paramref name="index"/>.</summary>
        /// <inheritdoc cref="BankStartAt(int)"/>
        /// <returns>1 to <see cref="MaxBankSize"/>.</returns>
        public int BankSizeAt(int index)
        {
            CheckIndex(index);
            return _banks[index].Data.Length;
        }

        /// <inheritdoc/>
        public override void Fill(uint address, int length, byte value)
        {
            byte[] data = Locate(address, length, out int offset);
            int done = length < FirstFill ? length : FirstFill;
            for (int i = 0; i < done; i++)
            {
                data[offset + i] = value;
            }
            // Array.Copy is native and a hundred times faster than an interpreted loop, so it copies what is filled already and doubles it.
            while (done < length)
            {
                int step = length - done < done ? length - done : done;
                Array.Copy(data, offset, data, offset + done, step);
                done += step;
            }
        }

        /// <inheritdoc/>
        public override void Copy(uint source, uint destination, int length)
        {
            byte[] read = Locate(source, length, out int from), written = Locate(destination, length, out int to);
            Array.Copy(read, from, written, to, length);
        }

        /// <inheritdoc/>
        public override void Read(uint address, byte[] buffer, int offset, int length)
        {
            byte[] data = Locate(address, length, out int at);
            if (buffer == null || offset < 0 || offset > buffer.Length - length)
            {
                throw NotInBuffer(buffer, offset, length);
            }
            Array.Copy(data, at, buffer, offset, length);
        }

        /// <inheritdoc/>
        public override void Write(uint address, byte[] buffer, int offset, int length)
        {
            byte[] data = Locate(address, length, out int at);
            if (buffer == null || offset < 0 || offset > buffer.Length - length)
            {
                throw NotInBuffer(buffer, offset, length);
            }
            Array.Copy(buffer, offset, data, at, length);
        }

        /// <inheritdoc/>
        public override bool TryGetArray(uint address, int length, out byte[] array, out int offset)
        {
            array = Locate(address, length, out offset);
            return true;
        }

        /// <inheritdoc/>
        public override byte ReadByte(uint address)
        {
            return Locate(address, 1, out int at)[at];
        }

        /// <inheritdoc/>
        public override ushort ReadUInt16(uint address)
        {
            byte[] data = Locate(address, 2, out int at);
            return (ushort)(data[at] | data[at + 1] << 8);
        }

        /// <inheritdoc/>
        public override int ReadInt32(uint address)
        {
            byte[] data = Locate(address, 4, out int at);
            return data[at] | data[at + 1] << 8 | data[at + 2] << 16 | data[at + 3] << 24;
        }

        /// <inheritdoc/>
        public override void WriteByte(uint address, byte value)
        {
            Locate(address, 1, out int at)[at] = value;
        }

        /// <inheritdoc/>
        public override void WriteUInt16(uint address, ushort value)
        {
            byte[] data = Locate(address, 2, out int at);
            data[at] = (byte)value;
            data[at + 1] = (byte)(value >> 8);
        }

        /// <inheritdoc/>
        public override void WriteInt32(uint address, int value)
        {
            byte[] data = Locate(address, 4, out int at);
            data[at] = (byte)value;
            data[at + 1] = (byte)(value >> 8);
            data[at + 2] = (byte)(value >> 16);
            data[at + 3] = (byte)(value >> 24);
        }

        /// <inheritdoc/>
        /// <remarks>It only checks the span: no DMA engine reaches a managed array, so nobody sees what a cache holds back.</remarks>
        public override void CleanCache(uint address, int length)
        {
            Locate(address, length, out _);
        }

        /// <inheritdoc/>
        /// <remarks>As <see cref="CleanCache"/>.</remarks>
        public override void InvalidateCache(uint address, int length)
        {
            Locate(address, length, out _);
        }

        private void CheckIndex(int index)
        {
            if ((uint)index >= (uint)_banks.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(index), "bank " + index.ToString() + ": expected 0 to "
                    + (_banks.Length - 1).ToString());
            }
        }

        private static bool IsPlace(uint start, int banks)
        {
            if (start == 0 || start % BankStride != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(start), HexText.Of(start) + ": expected a multiple of 0x00100000, not 0");
            }
            return banks > 0 && banks <= MaxBanks && (uint)banks <= (uint.MaxValue - start) / BankStride + 1;
        }

        /// <returns>The bank in which a span lies, and the span's offset in it.</returns>
        private byte[] Locate(uint address, int length, out int offset)
        {
            // For an address below the start the difference wraps around to a number above every bank's, since banks end below 4 GiB.
            uint bank = (address - _start) / BankStride;
            if (bank >= (uint)_banks.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(address), HexText.Of(address) + " is in none of the "
                    + _banks.Length.ToString() + " banks from " + HexText.Of(_start));
            }
            byte[] data = _banks[bank].Data;
            offset = (int)(address - _start - bank * BankStride);
            if (length < 0 || length > data.Length - offset)
            {
                throw new ArgumentOutOfRangeException(nameof(length), length.ToString() + " bytes at " + HexText.Of(address)
                    + " do not lie in bank " + bank.ToString() + " " + HexText.OfSpan(BankStartAt((int)bank), (uint)data.Length));
            }
            return data;
        }
    }
}
