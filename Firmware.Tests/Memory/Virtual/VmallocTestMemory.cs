using Carveout.Board;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Consecutive addresses over the banks of <see cref="ManagedMemory"/>, for a zone larger than any byte array. A span must lie
    /// in one chunk, as the span of a page does.</summary>
    internal sealed class VmallocTestMemory : PhysicalMemory
    {
        /// <summary>Less than a bank, and a multiple of every page size.</summary>
        private const uint Chunk = 0xB0000;

        private const uint Bank = 0x100000;

        private readonly ManagedMemory _banks;
        private readonly uint _start;

        internal VmallocTestMemory(uint start, int size)
        {
            int chunks = (size - 1) / (int)Chunk;
            _start = start;
            _banks = new ManagedMemory(Bank, chunks * ManagedMemory.MaxBankSize + size - chunks * (int)Chunk);
        }

        public override void Fill(uint address, int length, byte value)
        {
            _banks.Fill(InBank(address), length, value);
        }

        public override void Copy(uint source, uint destination, int length)
        {
            _banks.Copy(InBank(source), InBank(destination), length);
        }

        public override void Read(uint address, byte[] buffer, int offset, int length)
        {
            _banks.Read(InBank(address), buffer, offset, length);
        }

        public override void Write(uint address, byte[] buffer, int offset, int length)
        {
            _banks.Write(InBank(address), buffer, offset, length);
        }

        public override void CleanCache(uint address, int length)
        {
            _banks.CleanCache(InBank(address), length);
        }

        public override void InvalidateCache(uint address, int length)
        {
            _banks.InvalidateCache(InBank(address), length);
        }

        private uint InBank(uint address)
        {
            uint offset = address - _start;
            return Bank + offset / Chunk * Bank + offset % Chunk;
        }
    }
}
